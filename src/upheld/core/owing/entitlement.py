"""What the numbers of one period say of one remedy: the values that they may have, and where it is owed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from upheld.core.owing.amounts import Names, Point
from upheld.core.owing.bill import Bill
from upheld.core.owing.breakpoints import breakpoints
from upheld.core.owing.hidden import Outages, fewest_steps, most_steps
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import Bands, Formula, RemedyRule, Steps, is_whole
from upheld.core.terms.rounding import rounded
from upheld.core.timeline import words
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.expression import Expr, evaluate, names_in
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.once import Once, anew
from upheld.core.verdicts.measurement import Bounds, Measurement
from upheld.core.verdicts.verdict import LATE, OPEN, State, Verdict

_ZERO = Fraction(0)

NOT_SO, NOT_TOLD = "not so: ", "it cannot be told whether "
"""What goes before the condition of a remedy in the reason for which it gives nothing, or not yet."""


class Ground(NamedTuple):
    """A point, whether the remedy is owed there (None: that cannot be told), and why if it is not."""

    point: Point
    is_owed: bool | None
    reason: str = ""


class Grounds(NamedTuple):
    """Where an amount is looked up: at the chosen value, then at every one that an extreme can lie at.

    `has_value`: something was observed; else there is no chosen value, but only those that it can have. What
    was given before is of no account here, nor is the base unless a condition or a formula asks for it.
    `verdict` is kept because it may have been named by identity.
    """

    chosen: Ground
    others: tuple[Ground, ...]
    has_value: bool
    verdict: Verdict


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
    zone: Zone | None

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

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All that an amount follows from but what was given before, for `once`."""
        remedy, verdict = self.remedy, self.verdict
        return (
            "prospects", remedy.name, remedy.unit, remedy.rounding, id(remedy.least), verdict.key.subject,
            verdict.reasons, id(self.bill), id(self.zone), *self._seen_by_grounds(),
        )  # fmt: skip

    def grounds(self, once: Once = anew) -> Grounds:
        """Where amounts are looked up; `once` remembers it for all that is measured and ruled alike."""
        return once(("grounds", *self._seen_by_grounds()), self._grounds)

    def _seen_by_grounds(self) -> tuple[Hashable, ...]:
        """All that they follow from, for `once`. A guarantee and an objective that is late are owed alike."""
        remedy, verdict, commit = self.remedy, self.verdict, self.commit
        asks = remedy.when is not None or isinstance(remedy.amount, Formula)
        told: Hashable = ()
        if asks or remedy.of_last:
            told = tuple([state in LATE or state for state in self.kept_before])
        if asks:
            told = told, self.bill.base, tuple(self.bill.fees.items())
        return (
            id(verdict if verdict.measurement is None else verdict.measurement), id(verdict.level),
            verdict.is_late or verdict.state, remedy.of, id(remedy.amount), id(remedy.when),
            id(remedy.limits), remedy.of_last, remedy.breaches, commit and commit.unknown,
            commit and commit.compare, self.complaints, self.untold_complaints, told,
        )  # fmt: skip

    # -- the points ----------------------------------------------------------------------------------------

    def _grounds(self) -> Grounds:
        """Claims of which nobody can say whether they were in time are taken both ways.

        The chosen point is without them.
        """
        point, others = self._of_values()
        for more in range(1, self.untold_complaints + 1 if self.remedy.asks_for_complaints else 1):
            case = replace(self, complaints=self.complaints + more, untold_complaints=0)
            at, beside = case._of_values()
            others += [case._ground(at), *beside]
        bounds = self.bounds
        if point.value is None and bounds is not None and bounds.low != bounds.high:
            return Grounds(Ground(point, None), tuple(others), False, self.verdict)
        return Grounds(self._ground(point), tuple(others), True, self.verdict)

    def _of_values(self) -> tuple[Point, list[Ground]]:
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
        return chosen, [ground for outages in worlds for ground in self._extremes(low, high, outages)]

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

    def _extremes(self, low: Fraction, high: Fraction, outages: Outages) -> Iterator[Ground]:
        points = breakpoints(
            self.remedy, self._edges(), low, high, lambda value: self.names(self._at(value, outages))
        )
        found = {value: self._ground(self._at(value, outages)) for value in points}
        yield from found.values()
        for a, b in pairwise(points):
            middle = self._ground(self._at((a + b) / 2, outages))
            yield middle
            if middle.is_owed is not False and not isinstance(self.remedy.amount, Bands):
                # Whether it is owed holds for all of (a, b), so the amounts at its ends are its limits there.
                yield from (Ground(found[end].point, middle.is_owed) for end in (a, b))

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

    def _ground(self, point: Point) -> Ground:
        return Ground(point, *self._is_owed(point))

    def names(self, point: Point) -> Names:
        """The names that the condition and the formula know at a point."""
        possible = self._breaches(point)
        return self._names(point, possible[0] if len(possible) == 1 else None)

    def _names(self, point: Point, breaches: int | None) -> Names:
        return Names(point, self.bill.base, self.bill.fees, breaches)

    def may_be_owed_on_complaint(self, point: Point) -> bool:
        """Whether one more complaint could make it owed at a point: nothing else stands against it."""
        if not self.remedy.asks_for_complaints:
            return False
        case = replace(self, complaints=self.complaints + 1, untold_complaints=0)
        return case._is_owed(replace(point, complaints=point.complaints + 1))[0] is not False

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
            truth = self._truth(remedy.when, self._asked(point))
            is_owed = truth
            reason = f"{NOT_SO}{remedy.when}" if truth is False else f"{NOT_TOLD}{remedy.when}"
        if remedy.of_last and is_owed is not False:
            often = self._often(missed)
            if not often:
                is_owed = often
                reason = (
                    f"{commitment} was not missed in {remedy.breaches} of the last "
                    f"{words.count(remedy.of_last, 'period')}"
                )
        return is_owed, "" if is_owed else reason

    def _truth(self, when: Expr, point: Point) -> bool | None:
        """Whether a condition holds at a point; None if that hangs on how long the row of breaches is."""
        possible = self._breaches(point) if "breaches" in names_in(when) else ()
        told = {evaluate(when, self._names(point, one)) for one in possible or (None,)}
        truth = told.pop() if len(told) == 1 else None
        assert truth is None or isinstance(truth, bool), "the language lets only truths be conditions"
        return truth

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

    def _breaches(self, point: Point) -> tuple[int, ...]:
        """How many periods in a row, this one the last, may not have been kept; one number if that is known.

        What is open or undetermined may end the row or go on with it; what was kept ends it in any case.
        """
        missed = self._is_missed(point)
        if missed is False:
            return (0,)
        found = [] if missed else [0]
        for count, state in enumerate(self.kept_before, start=1):
            if state in LATE:
                continue
            found.append(count)
            if state not in OPEN and state != "undetermined":
                return tuple(found)
        return (*found, len(self.kept_before) + 1)


def _length(outages: Outages) -> Fraction:
    return Fraction(sum(end_at - start_at for start_at, end_at in outages))
