"""The partition of each civil day: the parts of measured periods, cut at midnights. Source: design 7."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from upheld.core.measuring.partition import in_order, part_of
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.measurement import Measurement, Part, PartName


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day [start_at, end_at) of a component; its parts add up to its true length."""

    on: date
    start_at: Instant
    end_at: Instant
    parts: tuple[Part, ...]

    @property
    def length_us(self) -> Duration:
        """23 to 25 hours where clocks change."""
        return self.end_at - self.start_at

    def amount(self, name: PartName) -> Duration:
        """How much of the day is in a part, over all exclusions."""
        return sum(part.amount for part in self.parts if part.name == name)


def days_of(
    measurements: Sequence[Measurement], zone: Zone, until_at: Instant, count: int
) -> tuple[Day, ...]:
    """The last `count` civil days of a component up to an instant, by its measurements in adjacent periods.

    The day that holds the instant is the last one, unless it begins there. What no period holds is before
    the start. ValueError if a measurement counts items, or was made of others: those have no stretches.
    """
    for found in measurements:
        if found.unit != "time" or found.of:
            raise ValueError(f"{found.indicator} of {found.component} is not made of stretches of time")
    last_on = zone.date_at(until_at - 1)
    days = []
    for back in range(count - 1, -1, -1):
        on = last_on - timedelta(days=back)
        start_at, end_at = zone.day_start(on), zone.day_start(on + timedelta(days=1))
        if end_at > start_at:  # a zone may skip a date
            days.append(Day(on, start_at, end_at, _parts(measurements, start_at, end_at)))
    return tuple(days)


def _parts(measurements: Sequence[Measurement], start_at: Instant, end_at: Instant) -> tuple[Part, ...]:
    """The parts inside a day; what belongs together in two periods is added up."""
    spans: dict[tuple[PartName, str], list[Spans]] = {}
    rest = Spans.of([(start_at, end_at)])
    for found in measurements:
        period = found.period
        if period.end_at <= start_at or period.start_at >= end_at:
            continue
        rest = rest - Spans.of([(period.start_at, period.end_at)])
        for part in found.parts:
            inside = part.spans.clip(max(start_at, period.start_at), min(end_at, period.end_at))
            spans.setdefault((part.name, part.by), []).append(inside)
    if rest:
        spans.setdefault(("before start", ""), []).append(rest)
    joined = {key: Spans.of(pair for one in found for pair in one) for key, found in spans.items()}
    return in_order(part_of(name, one, by) for (name, by), one in joined.items() if one)
