"""What the numbers of one period say of one remedy: at every value they may have, whether and how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from upheld.core import words
from upheld.core.amounts import Names, Point, gross, line, mentioned, unit_of
from upheld.core.bill import Bill, UntoldError, Worth
from upheld.core.breakpoints import breakpoints
from upheld.core.credit import Line
from upheld.core.expression import evaluate, names_in
from upheld.core.frozen import dataclass, field, replace
from upheld.core.hidden import Outages, fewest_steps, most_steps
from upheld.core.indicator import CommitRule
from upheld.core.limits import Given, limited
from upheld.core.measurement import Bounds, Measurement
from upheld.core.period import Period
from upheld.core.remedy import Bands, Formula, Give, LimitPer, RemedyRule, Steps, is_whole
from upheld.core.rounding import rounded
from upheld.core.spans import Spans
from upheld.core.verdict import LATE, OPEN, State, Verdict
from upheld.core.zone import Zone

_ZERO = Fraction(0)


class Told(NamedTuple):
    """What is owed at one point: whether (None: that cannot be told), and how much before rounding."""

    point: Point
    is_owed: bool | None
    amount: Fraction = _ZERO
    ceiling: Fraction | None = None
    lines: tuple[Line, ...] = ()
    reason: str = ""
    untold: UntoldError | None = None
    used_up: LimitPer | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One remedy, one verdict, one bill: what a credit is computed from, and nothing else."""

    remedy: RemedyRule
    verdict: Verdict
    bill: Bill
    commit: CommitRule | None
    kept_before: tuple[State, ...]
    complaints: int
    untold_complaints: int
    given_before: Mapping[LimitPer, Given]
    zone: Zone | None
    worth: Worth = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "worth", _worth(self.remedy, self.bill, self.period))

    @property
    def measured(self) -> Measurement | None:
        """What was measured; None where the commitment is no measurement."""
        return self.verdict.measurement

    @property
    def bounds(self) -> Bounds | None:
        """The value and its bounds, over the whole period if nothing more fails."""
        measured = self.measured
        return None if measured is None else measured.to_date if measured.is_settled else measured.final

    @property
    def period(self) -> Period:
        """That of the measurement, else from the start of the cycle to its due instant."""
        if self.measured is not None:
            return self.measured.period
        start_at = self.verdict.started_at or 0
        return Period(start_at, max(self.verdict.due_at or 0, start_at + 1), self.verdict.key.subject)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more can come."""
        return self.measured.is_settled if self.measured is not None else not self.verdict.is_open

    @property
    def _is_rounded(self) -> bool:
        level = self.verdict.level
        by_page = self.commit is not None and self.commit.compare == "half up"
        return by_page and level is not None and level.unit == "ratio"

    def after(self, given_before: Mapping[LimitPer, Given]) -> Case:
        """The same case, if something else was given before."""
        return replace(self, given_before=given_before)

    def told(self) -> tuple[Told, list[Told]]:
        """What is owed at the chosen value, and what at every one that an extreme can lie at, it among them.

        Where nothing was observed there is no chosen value, but only those that it can have.
        """
        point, others = self.points()
        bounds = self.bounds
        if point.value is None and bounds is not None and bounds.low != bounds.high:
            return Told(point, None), others
        chosen = self.told_at(point)
        return chosen, [chosen, *others]

    # -- the points ----------------------------------------------------------------------------------------

    def points(self) -> tuple[Point, list[Told]]:
        """The point of the chosen value, and what is owed at every other one that an extreme can lie at.

        Claims of which nobody can say whether they were in time are taken both ways; the chosen point is
        without them.
        """
        chosen, others = self._of_values()
        form = self.remedy.amount.expr if isinstance(self.remedy.amount, Formula) else None
        asked = {name for expr in (self.remedy.when, form) if expr is not None for name in names_in(expr)}
        for more in range(1, self.untold_complaints + 1 if "complaints" in asked else 1):
            case = replace(self, complaints=self.complaints + more, untold_complaints=0)
            point, beside = case.points()
            others += [case.told_at(point), *beside]
        return chosen, others

    def _of_values(self) -> tuple[Point, list[Told]]:
        measured, bounds = self.measured, self.bounds
        if measured is None or bounds is None:
            return self._point(None, _ZERO, ()), []
        low, high = self._ends(measured, bounds)
        worlds = self._worlds(measured, low < high)
        taken = self._taken_value(bounds)
        value = bounds.value if taken is None else taken
        if value is None or (bounds.value is None and low == high):
            outages = tuple(measured.outages)
            counts = measured.unit == "count"
            items = [Fraction(amount) for amount in (measured.bad, measured.total)] if counts else []
            chosen = self._point(None, _length(outages), outages, *items)
        else:
            is_worse = bounds.value is not None and value < bounds.value
            chosen = self._at(value, worlds[-1] if is_worse else tuple(measured.outages))
        if low == high:
            return chosen, []
        return chosen, [told for outages in worlds for told in self._extremes(low, high, outages)]

    def _ends(self, measured: Measurement, bounds: Bounds) -> tuple[Fraction, Fraction]:
        """Between what the value lies, or may still come to lie."""
        ends = [bounds.low, bounds.high] if bounds.value is None else [bounds.value, bounds.low, bounds.high]
        ends += [] if measured.is_settled else [measured.worst_final]
        return min(ends), max(ends)

    def _taken_value(self, bounds: Bounds) -> Fraction | None:
        """The value that decides where the agreement takes the unknown as up or as down. Source: terms G3."""
        unknown = "bounds" if self.commit is None else self.commit.unknown
        return {"up": bounds.high, "down": bounds.low}.get(unknown)

    def _worlds(self, measured: Measurement, is_bounded: bool) -> list[Outages]:
        """The outages that there may have been; the last of them has all that is unknown joined to the known.

        Only where an amount looks at outages one by one. What is still to come counts as unknown.
        """
        form = self.remedy.amount
        looks = isinstance(form, Steps) and form.of in ("each outage", "each day")
        parts = any(not is_whole(limit.per, measured.period) for limit in self.remedy.limits)
        known = tuple(measured.outages)
        if not is_bounded or not (looks or parts):
            return [known]
        sure = measured.certain
        unknown: Spans = measured.possible - sure
        found = [known, tuple(sure), tuple(sorted([*sure, *unknown]))]
        if isinstance(form, Steps) and form.of == "each outage" and form.begun:
            found += [fewest_steps(sure, unknown, form), most_steps(sure, unknown, form, measured.slice_us)]
        return list(dict.fromkeys([*found, tuple(sure | unknown)]))

    def _extremes(self, low: Fraction, high: Fraction, outages: Outages) -> Iterator[Told]:
        points = breakpoints(
            self.remedy, self._edges(), low, high, lambda value: self.names(self._at(value, outages))
        )
        told = {value: self.told_at(self._at(value, outages)) for value in points}
        yield from told.values()
        for a, b in pairwise(points):
            middle = self.told_at(self._at((a + b) / 2, outages))
            yield middle
            if middle.is_owed is not False and not isinstance(self.remedy.amount, Bands):
                # Whether it is owed holds for all of (a, b), so the amounts at its ends are its limits there.
                yield from (self._amount_at(told[end].point, middle.is_owed) for end in (a, b))

    def _at(self, value: Fraction, outages: Outages) -> Point:
        """The point of a value: downtime and late items follow from it where the value is a share of them."""
        measured, level = self.measured, self.verdict.level
        assert measured is not None, "it was measured"
        if level is not None and level.unit == "duration":
            total = Fraction(
                measured.total if measured.is_settled else measured.final_total or measured.total
            )
            return self._point(value, _length(outages), outages, Fraction(measured.bad), total)
        lost = measured.lost_at(value)
        bad = max(Fraction(lost.bad), _ZERO)
        if measured.unit == "time":
            return self._point(self._seen(value), bad, outages)
        return self._point(self._seen(value), _length(outages), outages, bad, Fraction(lost.of))

    def _edges(self) -> list[Fraction]:
        """Where the level is reached and a band begins or ends, before the value is rounded."""
        level, form = self.verdict.level, self.remedy.amount
        edges = [] if level is None else [level.value]
        if isinstance(form, Bands):
            edges += [edge for band in form.bands for edge in (band.low, band.high) if edge is not None]
        if not self._is_rounded or level is None:
            return edges
        # Rounded half up, a value reaches an edge half a unit before the first printed number that does.
        unit = Fraction(1, 10 ** (level.decimals + 2))
        numbers = {number for edge in edges for number in (ceil(edge / unit), floor(edge / unit) + 1)}
        return [(number - Fraction(1, 2)) * unit for number in numbers]

    def _seen(self, value: Fraction) -> Fraction:
        """The value as the agreement compares it. Source: terms G1."""
        level = self.verdict.level
        if not self._is_rounded or level is None:
            return value
        return Fraction(rounded(value, level.decimals + 2, "half up"))

    def _point(
        self,
        value: Fraction | None,
        downtime_us: Fraction,
        outages: Outages,
        late: Fraction | None = None,
        counted: Fraction | None = None,
    ) -> Point:
        level = self.verdict.level
        return Point(self.period, value, level, downtime_us, outages, late, counted, self.complaints)

    # -- whether -------------------------------------------------------------------------------------------

    def told_at(self, point: Point) -> Told:
        """What is owed at a point."""
        is_owed, reason = self._is_owed(point)
        if is_owed is False:
            return Told(point, False, reason=reason)
        return self._amount_at(point, is_owed)._replace(reason=reason)

    def names(self, point: Point) -> Names:
        """The names that the condition and the formula know at a point."""
        return Names(point, self.bill.base, self.bill.fees, self._breaches(point))

    def _is_missed(self, point: Point) -> bool | None:
        """Whether the commitment is not kept: as the verdict says; where that leaves it open, the point."""
        state = self.verdict.state
        if self.is_settled and state != "undetermined":
            return state in LATE
        return None if point.is_kept is None else not point.is_kept

    def _asked(self, point: Point) -> Point:
        """Where a condition is asked: at what decides the verdict too, if the agreement takes the unknown."""
        bounds = self.bounds
        if bounds is None or point.value is None or not self.is_settled:
            return point
        taken = self._taken_value(bounds)
        return point if taken is None else self._at(taken, point.outages)

    def _is_owed(self, point: Point) -> tuple[bool | None, str]:
        remedy, commitment = self.remedy, self.remedy.of
        missed = self._is_missed(point)
        if remedy.when is None:
            is_owed, reason = missed, "" if missed else f"{commitment} was kept"
            if missed is False and self.verdict.state == "not applicable":
                reason = f"{commitment} is not applicable"
        else:
            truth = evaluate(remedy.when, self.names(self._asked(point)))
            assert truth is None or isinstance(truth, bool), "the language lets only truths be conditions"
            is_owed = truth
            reason = (
                f"not so: {remedy.when}" if truth is False else f"it cannot be told whether {remedy.when}"
            )
        if remedy.of_last and is_owed is not False:
            often = self._often(missed)
            if not often:
                is_owed = often
                reason = (
                    f"{commitment} was not missed in {remedy.breaches} of the last "
                    f"{words.count(remedy.of_last, 'period')}"
                )
        return is_owed, "" if is_owed else reason

    def _often(self, missed: bool | None) -> bool | None:
        """Whether enough of the last periods were not kept, this one among them; None: not known."""
        if missed is False:
            return False
        last = self.kept_before[: self.remedy.of_last - 1]
        sure = sum(state in LATE for state in last) + 1
        perhaps = sum(state in OPEN or state == "undetermined" for state in last)
        if sure + perhaps < self.remedy.breaches:
            return False
        return True if missed and sure >= self.remedy.breaches else None

    def _breaches(self, point: Point) -> int | None:
        missed = self._is_missed(point)
        if not missed:
            return None if missed is None else 0
        for count, state in enumerate(self.kept_before, start=1):
            if state in OPEN or state == "undetermined":
                return None
            if state not in LATE:
                return count
        return len(self.kept_before) + 1

    # -- how much ------------------------------------------------------------------------------------------

    def _amount_at(self, point: Point, is_owed: bool | None) -> Told:
        remedy, worth = self.remedy, self.worth
        if remedy.amount is None:
            return Told(point, is_owed)
        try:
            found = gross(remedy.amount, self.names(point), worth, self.zone)
            under = limited(remedy.limits, found, point, worth, self.zone, self.given_before)
            least = _ZERO if remedy.least is None else worth.amount(remedy.least)
        except UntoldError as untold:
            return Told(point, is_owed, untold=untold)
        lines = (*found.lines, *under.lines)
        if _ZERO < under.amount < least:
            less = line("less than the least amount", 0, unit_of(worth))
            return Told(point, is_owed, _ZERO, under.ceiling, (*lines, less), used_up=under.used_up)
        return Told(point, is_owed, under.amount, under.ceiling, lines, used_up=under.used_up)


def _length(outages: Outages) -> Fraction:
    return Fraction(sum(end_at - start_at for start_at, end_at in outages))


def _worth(remedy: RemedyRule, bill: Bill, period: Period) -> Worth:
    gives: list[Give | None] = [remedy.least, *(limit.most for limit in remedy.limits)]
    form = remedy.amount
    if isinstance(form, Bands):
        gives += [band.give for band in form.bands]
    elif isinstance(form, Steps):
        gives.append(form.give)
    return Worth.of(
        remedy.unit, bill, period, mentioned(gives, [form.expr] if isinstance(form, Formula) else [])
    )
