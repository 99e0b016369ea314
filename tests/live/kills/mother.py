"""What is loaded, and done once, before victims are forked: so they are at work within milliseconds.

Nothing here opens a connection or starts a thread: what a victim has of these is its own.
"""

from __future__ import annotations

import yaml  # noqa: F401  the language reads it when it first compiles something
from django.db.models.sql import compiler  # noqa: F401

from tests.core.worlds import CONTRACT, DOCUMENT
from tests.live.kills import victim  # noqa: F401
from tests.live.kills.orders import MEASURED
from tests.live.test_messages import LADDER
from tests.live.test_worker import channels_to
from upheld.language.world import YEARS
from upheld.language.zones import zone_named
from upheld.server import logs  # noqa: F401
from upheld.store.texts import bind

channels_to(0)  # makes its certificate
for zone in ("UTC", "Europe/Amsterdam"):
    zone_named(zone, *YEARS)
for agreement in (LADDER, LADDER + MEASURED):
    bind({"acme.yaml": (DOCUMENT + agreement).encode(), "c1.yaml": CONTRACT.encode()})
