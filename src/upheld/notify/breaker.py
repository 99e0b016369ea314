"""When a way is left alone: it is down itself, so that more messages would only wear out their attempts.

What failed because of a recipient says nothing of the way, and what nobody knows of neither. After a rest one
message tries; the others follow when it got through to anybody. A pure function of what it is told.
"""

from __future__ import annotations

from typing import Final

from upheld.core.timeline.instant import MINUTE, SECOND, Duration, Instant
from upheld.notify.message import Delivery

MOST_FAILED: Final = 3
"""So many in a row that failed because of the way open the breaker."""
FIRST_US: Final[Duration] = 5 * SECOND
LONGEST_US: Final[Duration] = MINUTE
"""No rest is longer: a page has two minutes until its next way is tried."""


class Breaker:
    """What is known of one way."""

    def __init__(self) -> None:
        self._failed = 0
        self._rest_us = FIRST_US
        self._until: Instant | None = None
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        """Whether the way is thought to be down."""
        return self._until is not None

    def most(self, at: Instant, wanted: int) -> int:
        """How many messages may begin now, of so many."""
        if self._until is None:
            return wanted
        # A clock that was set back does not make a rest longer than the longest.
        if self._is_tried or at < self._until <= at + LONGEST_US:
            return 0
        return min(wanted, 1)

    def began(self, count: int) -> None:
        """So many did begin."""
        self._is_tried = self._is_tried or (self.is_open and count > 0)

    def told(self, delivery: Delivery | None, at: Instant) -> None:
        """What became of one; None: nobody was asked."""
        says_nothing = delivery is None or delivery.state == "unknown"
        if not says_nothing and delivery is not None and not delivery.of_channel:
            self._failed, self._rest_us, self._until, self._is_tried = 0, FIRST_US, None, False
            return
        if self.is_open and not self._is_tried:
            return  # it was under way when the breaker opened
        self._failed += not says_nothing
        if self.is_open or self._failed >= MOST_FAILED:
            self._until, self._is_tried = at + self._rest_us, False
            self._rest_us = min(2 * self._rest_us, LONGEST_US)
