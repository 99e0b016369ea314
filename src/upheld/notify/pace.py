"""How fast an endpoint is sent to, by how its attempts ended: one that fails is let alone, longer each time.

A pure function: what is known of an endpoint is kept by whoever sends, for all who send.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from upheld.core.timeline.instant import DAY, MINUTE, SECOND, Duration, Instant
from upheld.notify.message import Delivery

AT_ONCE: Final = 4
"""So many requests to one endpoint are under way at the same time; a single one if its last one failed."""
MOST_FAILED: Final = 3
"""So many attempts in a row that were not accepted, and it is let alone for a while."""
FIRST_US: Final[Duration] = 5 * SECOND
LONGEST_US: Final[Duration] = 10 * MINUTE
LIMIT_US: Final[Duration] = 3 * DAY
"""What has failed for so long is sent nothing more. Source: safety.md, fault model."""


class Pace(NamedTuple):
    """Attempts in a row that were not accepted, since when, and until when nothing is sent."""

    failed: int = 0
    failing_since: Instant | None = None
    rests_until: Instant = 0

    @property
    def at_once(self) -> int:
        """How many requests may be under way."""
        return 1 if self.failed else AT_ONCE

    def is_over(self, at: Instant) -> bool:
        """Whether it has failed for as long as anybody waits."""
        return self.failing_since is not None and at - self.failing_since >= LIMIT_US


WELL: Final = Pace()


def paced(before: Pace, delivery: Delivery, at: Instant) -> Pace:
    """The pace after an attempt that ended at an instant. A pause that was asked for is kept."""
    if delivery.state == "accepted":
        return WELL
    failed = before.failed + 1
    doublings = failed - MOST_FAILED
    rest_us = 0 if doublings < 0 else min(FIRST_US << min(doublings, 16), LONGEST_US)
    rest_us = max(rest_us, delivery.retry_after_us or 0)
    since = delivery.at if before.failing_since is None else before.failing_since
    return Pace(failed, since, max(before.rests_until, at + rest_us) if rest_us else before.rests_until)
