"""What the server gives to the API: the time and what is random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from upheld.core.timeline.instant import Instant

STREAMS: Final = 32
"""So many listen at the same time: each takes a thread, and others have to be answered, too."""


class Clock(Protocol):
    """What instant it is now."""

    def now(self) -> Instant:
        """Microseconds since the epoch, UTC."""
        ...


class Ports(NamedTuple):
    """The clock, 32 random bytes, other ones each time, and so many of them.

    `setup` is the token of whoever may make providers; empty: nobody may. `rate` counts a request of a
    provider, by its id, or of a customer of it, and says for how many seconds it has to wait: 0, not at all.
    `wait` waits for some seconds; True: nobody shall wait any longer.
    """

    clock: Clock
    salt: Callable[[], bytes]
    random_bytes: Callable[[int], bytes]
    setup: str = ""
    rate: Callable[[int, int | None], int] = lambda provider_id, customer_id: 0
    wait: Callable[[float], bool] = lambda seconds: True
