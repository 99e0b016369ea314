"""The outages that unknown time may hide: those that make the fewest begun steps, and the most.

Complete steps are fewest without the unknown and most with all of it down. Of begun ones each outage costs
one more: two short outages with a gap between them cost more than one long one, and many that are hidden in
a gap more than the gap as a whole. Source: design 7, bounds of money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from upheld.core.owing.amounts import steps_of
from upheld.core.terms.remedy import Steps
from upheld.core.timeline.grid import outward
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans

Outages: TypeAlias = "tuple[tuple[Instant, Instant], ...]"


class _Stretch(NamedTuple):
    """A stretch without anything good in it: outages that are sure, and what is unknown next to them."""

    start_at: Instant
    end_at: Instant
    sure: Spans
    unknown: Spans


def fewest_steps(sure: Spans, unknown: Spans, form: Steps) -> Outages:
    """The outages with the fewest steps: sure ones alone, or joined through the unknown between them."""
    return tuple(outage for one in _stretches(sure, unknown) for outage in _joined(one.sure, form))


def most_steps(sure: Spans, unknown: Spans, form: Steps, slice_us: Duration) -> Outages:
    """Outages with at least as many steps as any that there may have been, told apart where they touch.

    Outages and the gaps between them are of whole slices. Without a slice nothing says how many there may be:
    then a stretch of unknown time hides at most one.
    """
    found: list[tuple[Instant, Instant]] = []
    for one in _stretches(sure, unknown):
        joined = ((one.start_at, one.end_at),)
        apart = tuple(_spread(one, form, slice_us) if slice_us else sorted([*one.sure, *one.unknown]))
        found += max((joined, apart), key=lambda outages: _steps(outages, form))
    return tuple(found)


def _stretches(sure: Spans, unknown: Spans) -> Iterator[_Stretch]:
    for start_at, end_at in sure | unknown:
        yield _Stretch(start_at, end_at, sure.clip(start_at, end_at), unknown.clip(start_at, end_at))


def _steps(outages: Iterable[tuple[Instant, Instant]], form: Steps) -> int:
    return sum(_steps_of(form, end_at - start_at) for start_at, end_at in outages)


def _steps_of(form: Steps, length_us: Duration) -> int:
    return steps_of(form, length_us)  # type: ignore[arg-type]


def _joined(sure: Spans, form: Steps) -> Iterator[tuple[Instant, Instant]]:
    """The outages of one stretch, neighbours joined as it costs least: by the best end for each of them."""
    starts, ends = sure.starts, sure.ends
    least, first = [0], list[int]()
    for last, end_at in enumerate(ends):
        best, best_first = least[last] + _steps_of(form, end_at - starts[last]), last
        for i in range(last - 1, -1, -1):
            cost = _steps_of(form, end_at - starts[i])
            if cost >= best:
                break  # further back it only gets longer
            if least[i] + cost < best:
                best, best_first = least[i] + cost, i
        least.append(best)
        first.append(best_first)
    last = len(first)
    found: list[tuple[Instant, Instant]] = []
    while last:
        i = first[last - 1]
        found.append((starts[i], ends[last - 1]))
        last = i
    return reversed(found)


def _spread(one: _Stretch, form: Steps, slice_us: Duration) -> Iterator[tuple[Instant, Instant]]:
    """The sure outages as long as one more step may need, and as many more as there is room for."""
    shortest = int(form.free // slice_us) + 1  # slices that are more than what is free
    is_dear = form.every >= (shortest + 1) * slice_us  # a step more costs less as an outage of its own
    for start_at, end_at in one.sure:
        before = shortest * slice_us if start_at > one.start_at else 0
        after = shortest * slice_us if end_at < one.end_at else 0
        yield max(start_at - before, one.start_at), min(end_at + after, one.end_at)
    for start_at, end_at in one.unknown:
        whole = outward(Spans.of([(start_at, end_at)]), slice_us).length // slice_us
        beside = (start_at > one.start_at) + (end_at < one.end_at)
        pace = shortest + is_dear
        for n in range((whole - beside + is_dear) // pace):
            at = start_at + n * pace * slice_us
            yield at, at + shortest * slice_us
