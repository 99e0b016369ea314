"""What the server gives to the API: the time and what is random."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from upheld.core.timeline.instant import Instant


class Clock(Protocol):
    """What instant it is now."""

    def now(self) -> Instant:
        """Microseconds since the epoch, UTC."""
        ...


class Ports(NamedTuple):
    """The clock, 32 random bytes, other ones each time, and so many of them.

    `setup` is the token of whoever may make providers; empty: nobody may.
    """

    clock: Clock
    salt: Callable[[], bytes]
    random_bytes: Callable[[int], bytes]
    setup: str = ""
