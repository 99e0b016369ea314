"""Whether the clock of a machine was set: it says another time than has passed. Source: safety.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.server.clock import Clock

STEP_US: Final[Duration] = 2 * SECOND
"""A clock that is so much further than time has passed was set; less is how clocks are."""


class Steps:
    """Compares a clock with what only goes forward, from one look to the next."""

    def __init__(self, clock: Clock, passed: Callable[[], Instant]) -> None:
        self._clock = clock
        self._passed = passed
        self._seen = clock.now(), passed()

    def looked(self) -> Duration:
        """How far it was set since the look before, back below 0; 0: it was not."""
        before_at, before_us = self._seen
        self._seen = now, passed_us = self._clock.now(), self._passed()
        step_us = (now - before_at) - (passed_us - before_us)
        return step_us if abs(step_us) > STEP_US else 0
