"""When the watchdog alarms: a pure function of what it saw, so that no server has to die to try it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from upheld.core.timeline.instant import HOUR, MINUTE, SECOND, Duration, Instant

Word = Literal["alarm", "well"]
PATIENCE: Final = 2
"""So many looks in a row have to be bad: one may have come while a process was started anew."""
START_US: Final[Duration] = MINUTE
"""So long a server may take until it answers for the first time."""
AGAIN_US: Final[Duration] = HOUR
TRY_US: Final[Duration] = 10 * SECOND
"""So long after a word that nobody took it is said again, and each time after twice as long."""
LONGEST_TRY_US: Final[Duration] = MINUTE
PING_US: Final[Duration] = MINUTE
HUSH_US: Final[Duration] = 5 * MINUTE
"""So long after one word about messages that reached nobody the next one comes, which counts them all."""


class Watch:
    """What was seen so far. Instants are of a clock that only goes forward."""

    def __init__(self, began_at: Instant) -> None:
        self._began_at = began_at
        self._was_well = False
        self._bad = 0
        self._alarmed_at: Instant | None = None
        self._pause_us: Duration = 0
        self._try_at: Instant = began_at
        self._pinged_at: Instant | None = None

    def looked(self, faults: Sequence[str], at: Instant) -> Word | None:
        """What is to be told after a look that found these faults, or none; None: nothing."""
        if not faults:
            self._was_well, self._bad = True, 0
            return "well" if self.is_alarmed and at >= self._try_at else None
        if not self._was_well and at < self._began_at + START_US:
            return None
        self._bad += 1
        if self._bad < PATIENCE:
            return None
        is_new = self._alarmed_at is None or at >= self._alarmed_at + AGAIN_US
        return "alarm" if is_new and at >= self._try_at else None

    def gone(self) -> None:
        """Whoever was watched has died: that is to be told without a second look."""
        self._was_well, self._bad = True, PATIENCE

    @property
    def is_alarmed(self) -> bool:
        """Whether somebody was told that it does not work, and nobody that it is over."""
        return self._alarmed_at is not None

    def told(self, word: Word, at: Instant) -> None:
        """Somebody took the word."""
        self._alarmed_at = at if word == "alarm" else None
        self._pause_us = 0

    def not_taken(self, at: Instant) -> None:
        """Nobody took it: it is said again after a while, which grows."""
        self._pause_us = min(max(TRY_US, 2 * self._pause_us), LONGEST_TRY_US)
        self._try_at = at + self._pause_us

    def pings(self, at: Instant) -> bool:
        """Whether it is time, and all is well, to say so to whoever alarms when nobody does."""
        if (
            not self._was_well
            or self._bad
            or (self._pinged_at is not None and at < self._pinged_at + PING_US)
        ):
            return False
        self._pinged_at = at
        return True


class Listening:
    """What is known of messages that reached nobody: all are told of, one word for many.

    `since_at` is the instant from which on they are. Others are of a clock that only goes forward.
    """

    def __init__(self, since_at: Instant) -> None:
        self._known_at = since_at
        self._told_at: Instant | None = None

    def heard(self, last_at: Instant | None, at: Instant) -> bool:
        """Whether it is to be told that the last one ended at an instant."""
        is_new = last_at is not None and last_at > self._known_at
        return is_new and (self._told_at is None or at >= self._told_at + HUSH_US)

    def told(self, last_at: Instant, at: Instant) -> None:
        """Somebody took the word, which was about all up to the last one."""
        self._known_at, self._told_at = last_at, at
