"""The past of a figure in days of 24 hours that end at an instant: what was bad, and of how much.

A figure is one course, or several that are gone over by `across`. Time is read from the partitions of the
periods measured so far, observations are counted again by the slices of the indicator, and the cycles of a
deadline are taken from their own verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.measuring.latency import bucket_bounds
from upheld.core.measuring.observation import Stream
from upheld.core.measuring.parts import leaves_of
from upheld.core.measuring.question import Matter, stream_of
from upheld.core.terms.indicator import Indicator, Level, Signal
from upheld.core.timeline.instant import DAY, HOUR, Duration, Instant
from upheld.core.timeline.spans import Spans, union
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.measurement import Measurement, PartName
from upheld.core.verdicts.verdict import LATE, Verdict

HOURS: Final = 24
LOOK_BACK: Final = 400
"""No more days than these are looked back to."""
GRAIN: Final = 10**9
"""By this the ratio of a slice is cut where ratios are averaged; sums of what was counted are exact."""
_SEEN: Final[tuple[PartName, ...]] = ("up", "degraded", "down", "excluded")

Hourly = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Days, the oldest first: hour `h` of day `d` is number 24 * d + h in `bad` and `of` of each course.

    The last day ends at `end_at`, a whole hour. Days of which more than half is not known are left out, so
    days need not follow each other; `weekdays` are those on which they began, 0 to 6. `so_far` is what was
    bad, and of how much, in the running period; `outages` are the stretches of time that were bad, and
    `seen_until` the end of what is known, course by course.
    """

    end_at: Instant
    bad: tuple[Hourly, ...]
    of: tuple[Hourly, ...]
    weekdays: tuple[int, ...]
    so_far: tuple[tuple[int, int], ...] = ()
    outages: tuple[Spans, ...] = ()
    seen_until: tuple[Instant, ...] = ()

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.weekdays)

    def daily(self, hourly: Hourly) -> list[int]:
        """The sums of the days."""
        return [sum(hourly[HOURS * day : HOURS * (day + 1)]) for day in range(self.days)]


class Grid(NamedTuple):
    """Hours up to `end_at`, of so many days."""

    end_at: Instant
    days: int

    @classmethod
    def back(cls, at: Instant, since_at: Instant) -> Grid:
        """Whole days between two instants, ending at the last whole hour."""
        end_at = at // HOUR * HOUR
        return cls(end_at, max(0, min(LOOK_BACK, (end_at - since_at) // DAY)))

    @property
    def start_at(self) -> Instant:
        """The first instant of the first day."""
        return self.end_at - self.days * DAY

    def spread(self, spans: Spans) -> list[int]:
        """How much of a set lies in each hour."""
        found = [0] * (self.days * HOURS)
        for start_at, end_at in spans.clip(self.start_at, self.end_at):
            hour, at = (start_at - self.start_at) // HOUR, start_at
            while at < end_at:
                next_at = min(end_at, self.start_at + (hour + 1) * HOUR)
                found[hour] += next_at - at
                at, hour = next_at, hour + 1
        return found


class Course(NamedTuple):
    """One figure by the hour, and how much of each hour is known and not known."""

    bad: list[int]
    of: list[int]
    known: list[int]
    unknown: list[int]
    so_far: tuple[int, int] = (0, 0)
    outages: Spans = Spans.empty
    seen_until: Instant = 0


def past_of(
    measurements: Sequence[Measurement],
    indicator: Indicator,
    level: Level | None,
    matter: Matter,
    items: Iterable[Verdict],
    at: Instant,
) -> Past:
    """The past of a figure from its measurements in all periods so far, in order.

    `items` are the verdicts of the deadline that an indicator of outcomes counts. `level` says which checks
    are slow, where latencies are measured.
    """
    grid = Grid.back(at, measurements[0].period.start_at)
    if indicator.basis == "outcomes":
        courses = [_items(measurements, indicator, list(items), grid)]
    elif measurements[-1].unit == "time":
        courses = [_time(ends, grid) for ends in _by_component(measurements)]
    else:
        courses = [
            _observed(ends, indicator, level, matter, grid, at) for ends in _by_component(measurements)
        ]
    zone = matter.zone
    kept = [day for day in range(grid.days) if any(_is_known(course, day) for course in courses)]
    weekdays = tuple(zone.date_at(grid.start_at + day * DAY).weekday() for day in kept)

    def chosen(hourly: list[int]) -> Hourly:
        return tuple(amount for day in kept for amount in hourly[HOURS * day : HOURS * (day + 1)])

    bad, of = (tuple(chosen(one.bad) for one in courses), tuple(chosen(one.of) for one in courses))
    return Past(
        end_at=grid.end_at,
        bad=bad,
        of=of,
        weekdays=weekdays,
        so_far=tuple(course.so_far for course in courses),
        outages=tuple(course.outages for course in courses),
        seen_until=tuple(course.seen_until for course in courses),
    )


def _by_component(measurements: Sequence[Measurement]) -> list[list[Measurement]]:
    """The measurements of each component that is in the last period, over all periods."""
    found: dict[str, list[Measurement]] = {one.component: [] for one in measurements[-1].ends}
    for one in (end for measurement in measurements for end in measurement.ends):
        if one.component in found:
            found[one.component].append(one)
    return list(found.values())


def _is_known(course: Course, day: int) -> bool:
    known, unknown = (
        sum(hourly[HOURS * day : HOURS * (day + 1)]) for hourly in (course.known, course.unknown)
    )
    return known >= unknown and known + unknown > 0


def _spans_of(ends: Sequence[Measurement], *names: PartName) -> Spans:
    return union([part.spans for one in ends for part in one.parts if part.name in names])


# -- time --------------------------------------------------------------------------------------------------


def _time(ends: Sequence[Measurement], grid: Grid) -> Course:
    """Down of what was counted. A day outside the hours is known: nothing can be down in it."""
    of = grid.spread(_spans_of(ends, "up", "degraded", "down"))
    known = grid.spread(_spans_of(ends, *_SEEN))
    unknown = grid.spread(_spans_of(ends, "unknown"))
    outside = grid.spread(_spans_of(ends, "outside hours"))
    for day in range(grid.days):
        hours = slice(HOURS * day, HOURS * (day + 1))
        if not any(known[hours]) and not any(unknown[hours]):
            known[hours] = outside[hours]
    down, seen = _spans_of(ends, "down"), _spans_of(ends, *_SEEN)
    so_far = (ends[-1].bad, ends[-1].total)
    until = seen.ends[-1] if seen else 0
    return Course(grid.spread(down), of, known, unknown, so_far, down, until)


# -- observations ------------------------------------------------------------------------------------------


class _Counting(NamedTuple):
    """The observations of one component, outside of what was excluded and of what is closed."""

    indicator: Indicator
    level: Level | None
    matter: Matter
    component: str
    without: Spans

    def added(self, start_at: Instant, end_at: Instant, hours: int) -> tuple[list[int], list[int]]:
        """What was bad, and of how much, by the hour from `start_at` on."""
        bad, of = [0] * hours, [0] * hours
        for leaf in leaves_of(self.matter.components, self.component) if start_at < end_at else ():
            found = stream_of(self.indicator, self.matter, leaf)
            if found is not None:
                add = self._latencies if self.indicator.basis == "latency" else self._counts
                add(found, start_at, end_at, bad, of)
        return bad, of

    def _counts(
        self, found: tuple[Stream, Signal], start_at: Instant, end_at: Instant, bad: list[int], of: list[int]
    ) -> None:
        slice_us = _slice_of(self.indicator, found[1])
        runs = self.matter.observations.slices(*found, slice_us, start_at, end_at, self.without)
        for run in runs:
            if not run.total:
                continue
            failed, total = run.total - run.good, run.total
            if self.indicator.combine == "mean of ratios":
                failed, total = GRAIN * failed // total, GRAIN
            for number in range(run.first, run.first + run.slices):
                # A slice counts in the hour in which it begins, one over the start in the first.
                hour = max(number * slice_us - start_at, 0) // HOUR
                bad[hour] += failed
                of[hour] += total

    def _latencies(
        self, found: tuple[Stream, Signal], start_at: Instant, end_at: Instant, bad: list[int], of: list[int]
    ) -> None:
        """Checks slower than the level, by the buckets of percentiles, in the first hour of each day."""
        for day_at in range(start_at, end_at, DAY):
            until_at = min(end_at, day_at + DAY)
            buckets = self.matter.observations.latencies(*found, day_at, until_at, self.without)
            hour = (day_at - start_at) // HOUR
            of[hour] += sum(checks for _, checks in buckets)
            bad[hour] += sum(checks for bucket, checks in buckets if is_slow(bucket, self.level))


def _observed(
    ends: Sequence[Measurement],
    indicator: Indicator,
    level: Level | None,
    matter: Matter,
    grid: Grid,
    at: Instant,
) -> Course:
    """Observations that were not good, of all. Where nothing was observed nothing is known."""
    calendar, last = matter.calendars.get(indicator.on), ends[-1]
    start_at, end_at = min(grid.start_at, last.period.start_at), max(grid.end_at, at)
    without = _spans_of(ends, "excluded")
    if calendar is not None:
        without = without | calendar.spans.complement(start_at, end_at)
    counting = _Counting(indicator, level, matter, last.component, without.clip(start_at, end_at))
    bad, of = counting.added(grid.start_at, grid.end_at, grid.days * HOURS)
    nothing = [0] * len(of)
    so_far = (last.bad, last.total)
    if indicator.basis == "latency" or indicator.combine == "mean of ratios":
        until_at = min(at, last.period.end_at)
        hours = -(-(until_at - last.period.start_at) // HOUR)
        found = counting.added(last.period.start_at, until_at, max(hours, 1))
        so_far = (sum(found[0]), sum(found[1]))
    return Course(bad, of, of, nothing, so_far)


def _slice_of(indicator: Indicator, signal: Signal) -> Duration:
    return indicator.per.slice_us if indicator.per is not None else signal.every_us or HOUR


def is_slow(bucket: int, level: Level | None) -> bool:
    """Whether a percentile in this bucket does not keep the level; without a level nothing is slow."""
    if level is None:
        return False
    value = Fraction(bucket_bounds(bucket)[1] - 1)
    return value > level.value if level.relation == "<=" else value >= level.value


# -- items -------------------------------------------------------------------------------------------------


def _items(
    measurements: Sequence[Measurement], indicator: Indicator, items: Sequence[Verdict], grid: Grid
) -> Course:
    """Late items of those decided, in the hour in which each was counted. Every day is known."""
    left_out = {
        subject
        for one in measurements
        for part in one.parts
        if part.name in ("excluded", "unknown", "not yet")
        for subject in part.subjects
    }
    counted = {subject for one in measurements for part in one.parts for subject in part.subjects} - left_out
    bad, of = [0] * (grid.days * HOURS), [0] * (grid.days * HOURS)
    for verdict in items:
        at = verdict.started_at if indicator.counted_at == "start" else verdict.stopped_at
        if at is None or verdict.key.subject not in counted or not grid.start_at <= at < grid.end_at:
            continue
        hour = (at - grid.start_at) // HOUR
        of[hour] += 1
        bad[hour] += verdict.state in LATE
    last = measurements[-1]
    return Course(bad, of, [1] * len(of), [0] * len(of), (last.bad, last.total))
