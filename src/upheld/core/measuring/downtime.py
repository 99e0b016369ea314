"""The share of time that was not down: parts judged, tied, put into runs, and what is excluded taken out.

Everything is worked out three times: as the agreement says, and with what is unknown as bad and as good (the
bounds of terms G3). Source: design 7; SIVO/S3, S4, S5, S8, S9, S10, S12, S30, S33; CENG/C6; ROUS/R3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from upheld.core.measuring.leaf import Leaf, judge_leaf, windows_of
from upheld.core.measuring.method import method_of
from upheld.core.measuring.partition import in_order, part_of
from upheld.core.measuring.parts import leaves_of, needed
from upheld.core.measuring.question import Counted, Question, counted, told_apart
from upheld.core.measuring.share import Figure, Share, Shares, lost
from upheld.core.measuring.taken import Taken
from upheld.core.measuring.tie import Judged, tied
from upheld.core.timeline.grid import in_runs, inward, outward
from upheld.core.timeline.instant import format_duration
from upheld.core.timeline.spans import Spans, union
from upheld.core.values.frozen import dataclass, replace
from upheld.core.verdicts.measurement import Measurement, Part, PartName

Reading = Literal["stated", "low", "high"]


class View(NamedTuple):
    """A component under one reading (`bad` is what is down), and what each exclusion takes of it."""

    judged: Judged
    takes: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Downtime:
    """The work on one question: every leaf is judged once, whatever components it is in."""

    question: Question
    leaves: Mapping[str, Leaf]

    @classmethod
    def of(cls, question: Question) -> Downtime:
        """All the leaves of the question judged."""
        names = leaves_of(question.components, question.indicator.of)
        return cls(question, {name: judge_leaf(question, name) for name in names})

    def measured(self, name: str) -> Figure:
        """The figure of one component."""
        question, time = self.question, counted(self.question, name)
        stated = self._view(name, "stated")
        if self._is_certain(name):
            low = high = stated
        else:
            low, high = self._view(name, "low"), self._view(name, "high")
        worst, still = low, True
        if question.until_at > question.end_at and self._has_runs:
            worst = self._view(name, "low", fails_on=True)
            least = self._view(name, "high", fails_on=True)
            pairs = ((low, worst), (high, least))
            still = all(_down(one, time) == _down(other, time) for one, other in pairs)
        to_date = Shares(
            self._share(stated, time, is_stated=True),
            self._share(low, time),
            self._share(high, time),
            self._is_observed(stated, time),
        )
        left, doomed = self._to_come(name, time)
        final = to_date.plus(left)
        total = to_date.low.of + doomed.of
        lowest = Share(max(0, to_date.low.of - _down(worst, time).length + doomed.kept), total)
        down_so_far = _down(stated, time)
        empty_met = question.indicator.empty_met
        final_bounds = final.bounds(empty_met)
        measurement = Measurement(
            indicator=question.indicator.name,
            component=name,
            period=question.period,
            at=question.at,
            unit="time",
            parts=_parts(question, time, stated),
            total=to_date.value.of,
            bad=down_so_far.length,
            to_date=to_date.bounds(empty_met),
            final=final_bounds,
            worst_final=min(lowest.ratio(final_bounds.low), final_bounds.low),
            is_settled=question.over_at >= question.period.end_at and still,
            method=method_of(question, name),
            notes=self._notes(name, time),
            outages=down_so_far,
            certain=_down(high, time),
            possible=_down(worst, time) | time.to_come,
            final_total=final.value.of,
            lost=lost((*final[:3], lowest)),
            slice_us=told_apart(question, name),
        )
        return Figure(measurement, to_date, final, lowest)

    # -- readings ------------------------------------------------------------------------------------------

    @property
    def _has_runs(self) -> bool:
        rule = self.question.indicator.per
        return rule is not None and rule.run > 1 and self.question.indicator.lone != "down"

    def _is_certain(self, name: str) -> bool:
        """Whether all readings are the same."""
        if self.question.indicator.lone == "unknown" and self._has_runs:
            return False
        leaves = leaves_of(self.question.components, name)
        return not any(self.leaves[leaf].judged.unknown or self._unattributed(leaf) for leaf in leaves)

    def _unattributed(self, leaf: str) -> Spans:
        """The bad time of a leaf whose cause nobody recorded, where that makes it unknown."""
        if self.question.indicator.unattributed == "counts":
            return Spans.empty
        return self.leaves[leaf].judged.bad - self.question.told(self.question.caused, leaf)

    def _view(self, name: str, reading: Reading, fails_on: bool = False) -> View:
        """A component under a reading; `fails_on`: the slices that come next are all bad."""
        question = self.question
        judged, before = self._tied(name, reading, fails_on)
        same_part = question.indicator.per is not None and question.indicator.per.same_part
        if reading == "stated" and not same_part:
            judged = _with_gaps(judged, question.indicator.gaps)
        judged, after = self._cut(name, judged)
        takes = tuple(
            self._takes(taken, name, before[i], judged.bad) if one is None else one
            for i, (taken, one) in enumerate(zip(question.taken, after, strict=True))
        )
        if self._has_runs and not same_part:
            judged = self._in_runs(judged, takes, reading, fails_on, name)
        return View(judged, takes)

    def _seen(self, leaf: str, reading: Reading) -> Leaf:
        """A leaf and what is taken of it, as far as the reading says what the unknown is."""
        is_bad = reading == "low" or (reading == "stated" and self.question.indicator.gaps == "down")
        return self.leaves[leaf].assumed_bad() if is_bad else self.leaves[leaf]

    def _tied(self, name: str, reading: Reading, fails_on: bool) -> View:
        """A component before what is excluded after combining.

        An exclusion takes of a tie what the tie owes to parts that it was taken of; a part that is excluded
        beside enough good ones excludes nothing.
        """
        component = self.question.components[name]
        if component.tie is None:
            judged = self._leaf(name, reading, fails_on)
            return View(judged, tuple(one & judged.excluded for one in self._seen(name, reading).takes))
        parts = [self._tied(part, reading, fails_on) for part in component.parts]
        judged = tied([part.judged for part in parts], needed(component), self.question.looked_at)
        takes = zip(*(part.takes for part in parts), strict=True)
        return View(judged, tuple(union(each) & judged.excluded for each in takes))

    def _leaf(self, leaf: str, reading: Reading, fails_on: bool) -> Judged:
        """A leaf under a reading, in runs of its own where only those count."""
        indicator = self.question.indicator
        judged, takes, _ = self._seen(leaf, reading)
        unattributed = self._unattributed(leaf)
        if reading == "low":
            judged = replace(judged, bad=judged.bad | judged.unknown, unknown=Spans.empty)
        elif reading == "high":
            good = judged.good | judged.unknown | unattributed
            judged = replace(judged, good=good, bad=judged.bad - unattributed, unknown=Spans.empty)
        elif unattributed:
            unknown = judged.unknown | unattributed
            judged = replace(judged, bad=judged.bad - unattributed, unknown=unknown, otherwise=unattributed)
        if indicator.per is None or not indicator.per.same_part:
            return judged
        if reading == "stated":
            judged = _with_gaps(judged, indicator.gaps)
        return self._in_runs(judged, takes, reading, fails_on, leaf) if self._has_runs else judged

    def _in_runs(
        self, judged: Judged, takes: tuple[Spans, ...], reading: Reading, fails_on: bool, name: str
    ) -> Judged:
        """What is bad in a run long enough stays so; what is alone is what the agreement says of it.

        Slices wholly excluded break a run if an exclusion says so, and connect otherwise; good and unknown
        ones break it.
        """
        question, rule = self.question, self.question.indicator.per
        assert rule is not None, "only slices make runs"
        n, bad = rule.slice_us, judged.bad
        if rule.cut_at_period:
            bad = bad.clip(question.period.start_at, question.period.end_at)
        slices = outward(bad, n)
        if fails_on:
            slices = slices | Spans.of([(question.end_at, question.until_at)])
        rules = [one.rule for one in question.taken]
        breaking = [spans for spans, one in zip(takes, rules, strict=True) if "breaks run" in one.effects]
        joining = inward(judged.excluded, n) - outward(union(breaking), n)
        for one in question.taken:
            if one.rule.effects == {"breaks run"}:
                slices = slices - inward(question.taken_whole(one, name), n)
        kept = in_runs(slices, joining, rule.run, n)
        alone = judged.bad - kept
        return _alone(replace(judged, bad=judged.bad & kept), alone, question.indicator.lone, reading)

    # -- exclusions ----------------------------------------------------------------------------------------

    def _cut(self, name: str, judged: Judged) -> tuple[Judged, list[Spans | None]]:
        """What exclusions after combining take; None stands for those that were taken before it."""
        question = self.question
        takes: list[Spans | None] = [None] * len(question.taken)
        late = [
            i
            for i, one in enumerate(question.taken)
            if "not bad" in one.rule.effects and not one.rule.before_combining
        ]
        if not late:
            return judged, takes
        for i in late:
            leaves = leaves_of(question.components, name)
            takes[i] = union([question.taken_from(question.taken[i], leaf) for leaf in leaves])
        windows = union([takes[i] or Spans.empty for i in late if question.taken[i].rule.takes == "all"])
        windows = (windows & question.looked_at) - judged.absent
        caused = Spans.empty
        for i in late:
            taken = takes[i] or Spans.empty
            if question.taken[i].rule.takes == "bad":
                takes[i] = taken = taken & (judged.bad - windows)
                caused = caused | taken
            else:
                takes[i] = taken & windows
        gone = windows | caused
        judged = replace(
            judged,
            good=judged.good - gone,
            degraded=judged.degraded - gone,
            bad=judged.bad - gone,
            unknown=judged.unknown - gone,
            otherwise=judged.otherwise - gone,
            excluded=judged.excluded | gone,
        )
        return judged, takes

    def _takes(self, one: Taken, name: str, before: Spans, bad: Spans) -> Spans:
        """What an exclusion takes of a component: what it took `before` combining, or only of the total."""
        if "not bad" in one.rule.effects:
            return before
        if "out of total" not in one.rule.effects:
            return Spans.empty
        spans = self.question.taken_whole(one, name).clip(self.question.start_at, self.question.end_at)
        return spans & bad if one.rule.takes == "bad" else spans

    # -- figures -------------------------------------------------------------------------------------------

    def _total(self, view: View, time: Counted) -> Spans:
        """What is over of the time that counts, without what exclusions take out of it."""
        rules = [one.rule for one in self.question.taken]
        out = [spans for spans, one in zip(view.takes, rules, strict=True) if "out of total" in one.effects]
        return time.over - union(out)

    def _is_observed(self, view: View, time: Counted) -> bool:
        """Whether anything is known of the total: observed, or as the agreement says of gaps.

        Where there is no total yet, nothing is missing.
        """
        total = self._total(view, time)
        return not total or bool(total - _missing(view))

    def _share(self, view: View, time: Counted, is_stated: bool = False) -> Share:
        """(T' - U) of T'. Bad time that only leaves the total is taken off twice (CENG/C6)."""
        total = self._total(view, time)
        if is_stated and self.question.indicator.gaps == "out of total":
            total = total - _missing(view)
        length = total.length
        return Share(length - _down(view, time).length, length)

    def _to_come(self, name: str, time: Counted) -> tuple[int, Share]:
        """How much of the total is still to come, and that if all of it is down that nothing excludes."""
        if not time.to_come:
            return 0, Share(0, 0)
        question, leaves = self.question, leaves_of(self.question.components, name)
        gone, takes = self._gone(name)
        out, window, doubled = [Spans.empty], [gone], [Spans.empty]
        for i, one in enumerate(question.taken):
            rule, goes_out = one.rule, "out of total" in one.rule.effects
            if "not bad" not in rule.effects:
                kind = out if rule.takes == "all" else doubled
                kind += [question.taken_whole(one, name)] if goes_out else []
            elif rule.takes == "all":
                if rule.before_combining:
                    spans = takes[i]
                else:
                    spans = union([question.taken_from(one, leaf) for leaf in leaves])
                    window.append(spans)
                out += [spans] if goes_out else []
        left, exposed = time.to_come - union(out), time.to_come - union(window)
        total = left - (union(doubled) & exposed)
        return left.length, Share(total.length - exposed.length, total.length)

    def _gone(self, name: str) -> tuple[Spans, tuple[Spans, ...]]:
        """Where too few parts of a component are left outside the windows of its leaves, and by what."""
        component = self.question.components[name]
        if component.tie is None:
            return windows_of(self.question, name)
        parts = [self._gone(part) for part in component.parts]
        gone = Spans.overlay([part for part, _ in parts], len(parts) - needed(component) + 1)
        takes = zip(*(each for _, each in parts), strict=True)
        return gone, tuple(union(each) & gone for each in takes)

    def _notes(self, name: str, time: Counted) -> tuple[str, ...]:
        """What the parts do not show: missing data that the agreement takes as up or down."""
        gaps = self.question.indicator.gaps
        if gaps not in ("up", "down"):
            return ()
        leaves = leaves_of(self.question.components, name)
        missing = union([self.leaves[leaf].judged.unknown for leaf in leaves]) & time.over
        return (f"{format_duration(missing.length)} without observations count as {gaps}",) if missing else ()


def _down(view: View, time: Counted) -> Spans:
    return view.judged.bad & time.over


def _missing(view: View) -> Spans:
    """What nobody observed; what else is unknown is so because the agreement says it."""
    return view.judged.unknown - view.judged.otherwise


def _with_gaps(judged: Judged, gaps: str) -> Judged:
    """Missing data taken as up or as down, if the agreement says so."""
    if gaps not in ("up", "down"):
        return judged
    missing = judged.unknown - judged.otherwise
    if gaps == "up":
        return replace(judged, good=judged.good | missing, unknown=judged.otherwise)
    return replace(judged, bad=judged.bad | missing, unknown=judged.otherwise)


def _alone(judged: Judged, alone: Spans, lone: str, reading: Reading) -> Judged:
    """What bad slices in no run are."""
    if not alone:
        return judged
    if lone == "degraded":
        return replace(judged, good=judged.good | alone, degraded=judged.degraded | alone)
    if lone == "down" or reading == "low":
        return replace(judged, bad=judged.bad | alone)
    if reading == "high":
        return replace(judged, good=judged.good | alone)
    return replace(judged, unknown=judged.unknown | alone, otherwise=judged.otherwise | alone)


def _parts(question: Question, time: Counted, view: View) -> tuple[Part, ...]:
    """The partition of the period, in its order of precedence."""
    rest, judged = time.over, view.judged
    found: list[Part] = []
    for one, spans in zip(question.taken, view.takes, strict=True):
        found.append(part_of("excluded", spans & rest, one.rule.name))
        rest = rest - spans
    what: tuple[tuple[PartName, Spans], ...] = (
        ("unknown", judged.unknown),
        ("down", judged.bad),
        ("degraded", judged.degraded),
    )
    for name, spans in what:
        found.append(part_of(name, spans & rest))
        rest = rest - spans
    found += [part_of("up", rest), part_of("not yet", time.not_yet), part_of("before start", time.before)]
    found += [part_of("outside hours", spans, by) for by, spans in time.outside]
    return in_order(found)
