"""What a leaf was by its own observations: slices judged, states that hold, incidents; what is taken from it.

Source: SIVO/S6, S7, S12, S30; design 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from upheld.core.measuring.observation import Run, State
from upheld.core.measuring.parts import exists
from upheld.core.measuring.question import Question, stream_of
from upheld.core.measuring.taken import Taken
from upheld.core.measuring.tie import Judged
from upheld.core.terms.indicator import SliceRule
from upheld.core.timeline.grid import inward, outward
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans, union
from upheld.core.values.amount import Amount
from upheld.core.values.expression import evaluate
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.value import Value


class Leaf(NamedTuple):
    """A leaf judged, and what each exclusion of the question took from it.

    `would_take` is what each cause would take of what is unknown, if that was bad.
    """

    judged: Judged
    takes: tuple[Spans, ...]
    would_take: tuple[Spans, ...]

    def assumed_bad(self) -> Leaf:
        """The same for whoever takes what is unknown as bad: causes take their part of it."""
        gone = union(self.would_take)
        if not gone:
            return self
        judged = replace(
            self.judged, unknown=self.judged.unknown - gone, excluded=self.judged.excluded | gone
        )
        return Leaf(
            judged, tuple(one | more for one, more in zip(self.takes, self.would_take, strict=True)), ()
        )


class Seen(NamedTuple):
    """What observations say; where neither holds it is not known."""

    good: Spans
    bad: Spans
    degraded: Spans = Spans.empty


@dataclass(frozen=True, slots=True)
class SliceScope:
    """The names of a slice, for the condition that says when it is good."""

    good: int
    total: int
    component: str

    def value(self, name: str) -> Value:
        """The number of observations, of good ones, or the component."""
        if name == "component":
            return self.component
        return {"good": self.good, "total": self.total}.get(name)

    def shift(self, at: Instant, amount: Amount, calendar: str | None, sign: int) -> Instant | None:
        """Slices name no instants."""
        return None


def judge_leaf(question: Question, leaf: str) -> Leaf:
    """Judge a leaf outside of what is excluded from it."""
    looked_at = question.looked_at
    windows = _taken(question, leaf, "all")
    causes = [spans & looked_at for spans in _taken(question, leaf, "bad")]
    rule = question.indicator.per
    window = _rounded(union(windows), rule) & looked_at
    cause = _rounded(union(causes), rule) & looked_at
    if question.indicator.basis in ("checks", "counts"):
        good, bad, taken_bad = _judged_twice(question, leaf, window, cause)
        degraded = Spans.empty
    else:
        good, bad, degraded = (spans - window for spans in _held(question, leaf))
        taken_bad = bad & cause
        bad = bad - taken_bad
    absent = looked_at - exists(
        question.components, leaf, question.matter.zone, question.start_at, question.end_at
    )
    excluded = window | taken_bad
    judged = Judged(
        good=good - absent,
        degraded=degraded - absent,
        bad=bad - absent,
        unknown=looked_at - good - bad - excluded - absent,
        excluded=excluded - absent,
        absent=absent,
    )
    shared = (_shared(windows, window, rule), _shared(causes, taken_bad, rule))
    takes = tuple(one | also for one, also in zip(*shared, strict=True))
    return Leaf(judged, takes, tuple(_shared(causes, cause & judged.unknown, rule)))


def windows_of(question: Question, leaf: str) -> tuple[Spans, tuple[Spans, ...]]:
    """What is excluded from a leaf whatever it is, before parts are combined, and the share of each.

    Of causes nothing is known before something is bad.
    """
    each = _taken(question, leaf, "all")
    window = _rounded(union(each), question.indicator.per)
    return window, tuple(_shared(each, window, question.indicator.per))


def _taken(question: Question, leaf: str, takes: str) -> list[Spans]:
    """What each exclusion of one sort gives back of a leaf, before parts are combined."""
    return [
        question.taken_from(one, leaf) if _gives_back(one, takes) else Spans.empty for one in question.taken
    ]


def _gives_back(one: Taken, takes: str) -> bool:
    rule = one.rule
    return rule.before_combining and "not bad" in rule.effects and rule.takes == takes


def _rounded(window: Spans, rule: SliceRule | None) -> Spans:
    """A window as the rule for partly excluded slices has it."""
    if rule is None or rule.partly == "judged on the rest":
        return window
    return (outward if rule.partly == "excluded whole" else inward)(window, rule.slice_us)


def _shared(each: Sequence[Spans], taken: Spans, rule: SliceRule | None) -> list[Spans]:
    """What each has of what they took together; of slices excluded whole, whoever touched them."""
    found = [one & taken for one in each]
    rest = taken - union(found)
    if not rest or rule is None:
        return found
    return [one | (outward(had, rule.slice_us) & rest) for one, had in zip(found, each, strict=True)]


def _judged_twice(question: Question, leaf: str, window: Spans, cause: Spans) -> tuple[Spans, Spans, Spans]:
    """What is good, what is bad, and what was bad until a cause took it.

    Only slices that are bad are judged again without the observations in the stretches of the cause.
    """
    seen = _slices(question, leaf, window, question.start_at, question.end_at)
    good, bad = seen.good - window, seen.bad - window
    rule = question.indicator.per
    touched = outward(bad & cause, rule.slice_us) if rule else Spans.empty
    if not touched:
        return good, bad, Spans.empty
    again = _slices(question, leaf, window | (cause & touched), touched.starts[0], touched.ends[-1])
    rest = (bad & touched) - cause
    return good | (again.good & rest), (bad - touched) | (again.bad & rest), bad & cause


def _slices(question: Question, leaf: str, without: Spans, start_at: Instant, end_at: Instant) -> Seen:
    found, rule = stream_of(question.indicator, question.matter, leaf), question.indicator.per
    if rule is None:
        raise ValueError(f"indicator {question.indicator.name} judges checks or counts without a slice")
    if found is None or end_at <= start_at:
        return Seen(Spans.empty, Spans.empty)
    stream, signal = found
    runs = question.matter.observations.slices(
        stream, signal, rule.slice_us, start_at, end_at, without.clip(start_at, end_at)
    )
    return judge_slices(runs, rule, leaf)


def judge_slices(runs: Iterable[Run], rule: SliceRule, component: str) -> Seen:
    """Whole slices that are good or bad. The condition is evaluated once per distinct counts.

    Too few observations tell nothing; but a slice that is known to have had nothing at all is good.
    """
    known: dict[tuple[int, int], bool | None] = {}
    good: list[tuple[Instant, Instant]] = []
    bad: list[tuple[Instant, Instant]] = []
    n = rule.slice_us
    for first, slices, total, fine in runs:
        counts = (total, fine)
        if counts not in known:
            known[counts] = is_good_slice(rule, component, total, fine)
        is_good = known[counts]
        if is_good is not None:
            (good if is_good else bad).append((first * n, (first + slices) * n))
    return Seen(Spans.of(good), Spans.of(bad))


def is_good_slice(rule: SliceRule, component: str, total: int, good: int) -> bool | None:
    """Whether a slice with so many observations is good; None where that cannot be told."""
    if is_thin(rule, total):
        return None
    if rule.good_when is None or total == 0:
        return good == total
    truth = evaluate(rule.good_when, SliceScope(good, total, component))
    return truth if isinstance(truth, bool) else None


def is_thin(rule: SliceRule, total: int) -> bool:
    """Whether a slice has too few observations to tell. Counts of 0 of 0 tell that there was nothing."""
    return total < rule.minimum and not (total == 0 and rule.minimum <= 1)


def _held(question: Question, leaf: str) -> Seen:
    start_at, end_at = question.start_at, question.end_at
    if question.indicator.basis == "incidents":
        bad = question.told(question.incidents, leaf).clip(start_at, end_at)
        return Seen(question.looked_at - bad, bad)
    found = stream_of(question.indicator, question.matter, leaf)
    if found is None or end_at <= start_at:
        return Seen(Spans.empty, Spans.empty)
    stream, signal = found
    states = question.matter.observations.states(stream, signal, start_at, end_at)
    return hold_states(states, signal.max_age_us, start_at, end_at)


def hold_states(
    states: Sequence[State], max_age_us: Duration | None, start_at: Instant, end_at: Instant
) -> Seen:
    """States that hold until the next one, but no longer than their greatest age."""
    stretches: dict[str, list[tuple[Instant, Instant]]] = {"good": [], "bad": [], "degraded": []}
    for i, state in enumerate(states):
        until_at = states[i + 1].at if i + 1 < len(states) else end_at
        if max_age_us is not None:
            until_at = min(until_at, state.at + max_age_us)
        stretch = (max(state.at, start_at), min(until_at, end_at))
        if state.good is None or stretch[0] >= stretch[1]:
            continue
        stretches["good" if state.good else "bad"].append(stretch)
        if state.good and state.degraded:
            stretches["degraded"].append(stretch)
    return Seen(*(Spans.of(stretches[name]) for name in ("good", "bad", "degraded")))
