"""When a contract that is measured is asked for again: when its state can be another one.

Figures go on with every instant, states do not. What was told counts from the end of its slice on; until then
a contract is let alone. If nothing was told meanwhile, the library is asked how it will stand if nothing ever
is, and up to the last of those instants at which it stands as now it is let alone again. As long as nothing
happens, figures move in one direction, so it stood so in between, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, HOUR, SECOND, Duration, Instant

REST_US: Final[Duration] = 30 * SECOND
"""Nothing is asked for sooner because time passes; who is to be told has wakes of their own."""
_AHEAD: Final[tuple[Duration, ...]] = (DAY, DAY // 8, DAY // 64, DAY // 512)
"""So far ahead a contract is looked at."""


def settles_at(terms: Terms, at: Instant) -> Instant:
    """When what was told up to an instant counts: at the end of the longest slice, an hour later at most."""
    indicators = (one for each in (terms, *terms.plans.values()) for one in each.indicators.values())
    slices = {one.per.slice_us for one in indicators if one.per is not None}
    ends = (at - at % slice_us + slice_us for slice_us in slices)
    return min(max([at + REST_US, *ends]), at + HOUR)


def stands_until(stands_at: Callable[[Instant], bool], at: Instant, later_at: Instant | None) -> Instant:
    """The last instant ahead, before `later_at`, at which a contract stands as it does `at` one."""
    for then in _ahead(at, later_at):
        if stands_at(then):
            return then + 1
    return at + REST_US


def _ahead(at: Instant, later_at: Instant | None) -> Iterator[Instant]:
    known = at
    for step_us in _AHEAD:
        then = at + step_us if later_at is None else min(at + step_us, later_at - 1)
        if then != known and then > at + REST_US:
            yield then
        known = then
