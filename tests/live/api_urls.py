"""The API with a clock that tests set, and salts that are the same each time; and where people sign in."""

from __future__ import annotations

from tests.live.desk import random_bytes, salt
from upheld.api.acknowledge_page import link_urls
from upheld.api.build import urls
from upheld.api.ports import Ports
from upheld.core.timeline.instant import Instant
from upheld.server import accounts_urls


class SetClock:
    """A clock that stands where it is set."""

    at: Instant = 0

    def now(self) -> Instant:
        """Where it stands."""
        return self.at


CLOCK = SetClock()
SETUP = "setup-" + "s" * 40
PORTS = Ports(CLOCK, salt, random_bytes, SETUP)
urlpatterns = [*urls(PORTS, "tested"), *link_urls(PORTS), *accounts_urls.urlpatterns]
