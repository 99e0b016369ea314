"""The result of measuring one indicator over one period: the partition, the value, and its bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.frozen import dataclass, field

PartName = Literal[
    "up", "degraded", "down", "excluded", "unknown", "outside hours", "not yet", "before start"
]
PARTS: tuple[PartName, ...] = (
    "up", "degraded", "down", "excluded", "unknown", "outside hours", "not yet", "before start"
)  # fmt: skip


class Part(NamedTuple):
    """One part of a period: so many microseconds or items, and of excluded ones by which exclusion.

    `spans` are its stretches of time, `subjects` its items, for whoever wants to follow the figure.
    """

    name: PartName
    amount: int
    by: str = ""
    spans: Spans = Spans.empty
    subjects: tuple[str, ...] = ()


class Bounds(NamedTuple):
    """An exact value by the agreement's gap rule, and what it is at least and at most.

    Of shares, ratios; of percentiles and durations, microseconds. `value` None: nothing was counted, or
    (where the bounds differ) nothing observed.
    """

    value: Fraction | None
    low: Fraction
    high: Fraction


class Lost(NamedTuple):
    """So much `bad` of so much is where the value is this one: microseconds, or items."""

    value: Fraction
    bad: Fraction | int
    of: Fraction | int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One indicator of one component (or of a deadline's items) over one period, as of an instant.

    `unit` says what the parts count. The parts add up to the period exactly, or to the items counted.
    `total` and `bad` are the denominator and what was taken from it, as they stand in the value.
    `to_date` is about what is over; `final` about the whole period if nothing more fails; `worst_final` is
    the lowest (of durations, highest) value that can still come. Once the period is over and everything is
    decided, `is_settled`, and the two are the same. `of` holds the components gone over by `across`, the one
    that decides marked by `decisive`. `final_total` is the denominator of `final` (0: the same as `total`):
    the budget of a running period follows from it. `method` names basis, slice, denominator, gap rule and
    combination. `lost` says what is behind the values that decide (that of `final`, its bounds, the worst
    that can still come); it is empty where values are no shares. `outages` is when it was down as stated,
    `certain` when it was whatever the unknown was, `possible` when it was, or will be, if all of that is bad.
    `slice_us` is the shortest stretch that observations tell apart, 0 where nothing says so.
    """

    indicator: str
    component: str
    period: Period
    at: Instant
    unit: Literal["time", "count"]
    parts: tuple[Part, ...]
    total: int
    bad: int
    to_date: Bounds
    final: Bounds
    worst_final: Fraction
    is_settled: bool
    method: tuple[tuple[str, str], ...] = ()
    of: tuple[Measurement, ...] = ()
    decisive: str = ""
    notes: tuple[str, ...] = ()
    outages: Spans = field(default=Spans.empty)
    certain: Spans = field(default=Spans.empty)
    possible: Spans = field(default=Spans.empty)
    final_total: int = 0
    lost: tuple[Lost, ...] = ()
    slice_us: Duration = 0

    def lost_at(self, value: Fraction) -> Lost:
        """What is bad if the value is this one: exact where that is told, straight in between.

        Where nothing is told, it is the share of the total by which the value differs from the chosen one.
        """
        told = sorted(self.lost)
        if not told:
            total = self.total if self.is_settled else self.final_total or self.total
            chosen = (self.to_date if self.is_settled else self.final).value
            return Lost(value, self.bad + ((chosen or 0) - value) * total, total)
        below = [one for one in told if one.value <= value][-1:] or told[:1]
        above = [one for one in told if one.value >= value][:1] or told[-1:]
        (a,), (b,) = below, above
        if a.value == b.value:
            return a._replace(value=value)
        part = (value - a.value) / (b.value - a.value)
        of = a.of + (b.of - a.of) * part
        return Lost(value, a.bad + (b.bad - a.bad) * part, of)

    @property
    def ends(self) -> tuple[Measurement, ...]:
        """The measurements that were not made of others: itself, or those beneath it."""
        return tuple(end for one in self.of for end in one.ends) if self.of else (self,)

    def amount(self, name: PartName) -> int:
        """How much of the period is in a part, over all exclusions."""
        return sum(part.amount for part in self.parts if part.name == name)
