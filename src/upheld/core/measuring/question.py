"""What is asked when an indicator is measured: of what, over which period, knowing what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from upheld.core.measuring.observation import Observations, Stream
from upheld.core.measuring.parts import Components, exists, leaves_of, needed, wholes_of
from upheld.core.measuring.taken import Taken
from upheld.core.terms.indicator import Basis, Component, Exclusion, Indicator, Signal, SignalKind
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.grid import inward, outward, steps_back, steps_on
from upheld.core.timeline.instant import DAY, FOREVER, Duration, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans, union
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass

JOINED_OVER = 7 * DAY
"""How far over the ends of a period excluded slices can join a run."""

_KINDS: Mapping[Basis, SignalKind] = {
    "checks": "checks", "latency": "checks", "counts": "counts", "states": "states"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """What can be measured: the components of a provider, how they are observed, and the observations.

    `zone` is that of the days on which components begin and end.
    """

    provider: str
    components: Mapping[str, Component]
    signals: tuple[Signal, ...]
    calendars: Mapping[str, Calendar]
    zone: Zone
    observations: Observations


def stream_of(indicator: Indicator, matter: Matter, leaf: str) -> tuple[Stream, Signal] | None:
    """By which signal a leaf is observed; None if nothing observes it, or no observations are needed."""
    kind = _KINDS.get(indicator.basis)
    found = [signal for signal in matter.signals if signal.kind == kind and leaf in signal.of]
    if not found:
        return None
    signal = next((one for one in found if one.name == indicator.signal), found[0])
    return Stream(matter.provider, leaf, signal.name), signal


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator over one period, as of an instant, with everything that is known about it.

    What is looked at is [start_at, end_at): a little more than the period, since runs go on over its ends.
    `over_at` is up to when time is over (a slice counts when it ends), `until_at` up to when slices to come
    can still complete a run that reaches into the period.
    """

    indicator: Indicator
    matter: Matter
    period: Period
    at: Instant
    in_force: Spans
    taken: tuple[Taken, ...]
    incidents: Mapping[str, Spans]
    caused: Mapping[str, Spans]
    over_at: Instant
    start_at: Instant
    end_at: Instant
    until_at: Instant

    @property
    def components(self) -> Components:
        """The components by name."""
        return self.matter.components

    @property
    def looked_at(self) -> Spans:
        """What is looked at."""
        return Spans.of([(self.start_at, self.end_at)])

    def told(self, spans: Mapping[str, Spans], leaf: str) -> Spans:
        """What is told about a leaf, under its own name or that of something it is part of."""
        return told_about(self.components, spans, leaf)

    def taken_from(self, one: Taken, leaf: str) -> Spans:
        """The stretches that an exclusion has for a leaf."""
        named = one.rule.components
        if named and not any(leaf in leaves_of(self.components, name) for name in named):
            return Spans.empty
        return self.told(one.spans, leaf)

    def taken_whole(self, one: Taken, name: str) -> Spans:
        """The stretches that an exclusion has for a component: where too few parts are left outside it."""
        component = self.components[name]
        if component.tie is None:
            return self.taken_from(one, name)
        parts = [self.taken_whole(one, part) for part in component.parts]
        return Spans.overlay(parts, len(parts) - needed(component) + 1)


def told_apart(question: Question, name: str) -> Duration:
    """The shortest stretch that observations of a component tell apart: a slice, or how often states come."""
    rule = question.indicator.per
    if rule is not None:
        return rule.slice_us
    leaves = leaves_of(question.components, name)
    found = (stream_of(question.indicator, question.matter, leaf) for leaf in leaves)
    every = [one[1].every_us for one in found if one is not None]
    return min((each for each in every if each), default=0) if all(every) else 0


def told_about(components: Components, spans: Mapping[str, Spans], leaf: str) -> Spans:
    """The union of what is told under the names of a leaf and of what it is part of."""
    if not spans:
        return Spans.empty
    return union([spans[name] for name in wholes_of(components, leaf) if name in spans])


def ask(
    indicator: Indicator,
    matter: Matter,
    period: Period,
    at: Instant,
    in_force: Spans,
    taken: Sequence[Taken],
    incidents: Mapping[str, Spans],
    caused: Mapping[str, Spans],
) -> Question:
    """The question, with the exclusions that concern it and how far one has to look."""
    concerning = tuple(one for one in taken if concerns(one, indicator))
    over_at, start_at, until_at = _reach(indicator, period, at, concerning)
    end_at = max(start_at, min(over_at, until_at))
    return Question(
        indicator, matter, period, at, in_force, concerning, incidents, caused,
        over_at, start_at, end_at, max(end_at, until_at),
    )  # fmt: skip


def concerns(one: Taken, indicator: Indicator) -> bool:
    """Whether an exclusion is one of an indicator."""
    return not one.rule.indicators or indicator.name in one.rule.indicators


def reach(indicator: Indicator, period: Period) -> tuple[Instant, Instant]:
    """From when until when slices can matter to a period at most: so far its runs are looked at.

    Over excluded slices a run could go on for ever, and no figure be final. So a week is enough, or as many
    slices as make a run where those are longer.
    """
    rule = indicator.per
    if rule is None:
        return period.start_at, period.end_at
    n = rule.slice_us
    far = max(JOINED_OVER + -JOINED_OVER % n, (rule.run - 1) * n) if _goes_on(indicator) else 0
    return period.start_at - period.start_at % n - far, period.end_at + -period.end_at % n + far


def _goes_on(indicator: Indicator) -> bool:
    """Whether a run that decides something goes on over the ends of the period."""
    rule = indicator.per
    return rule is not None and rule.run > 1 and not rule.cut_at_period and indicator.lone != "down"


def _reach(
    indicator: Indicator, period: Period, at: Instant, taken: Sequence[Taken]
) -> tuple[Instant, Instant, Instant]:
    """What is over by `at`, and from when until when slices matter to the period, given what is excluded."""
    rule = indicator.per
    if rule is None:
        return at, period.start_at, period.end_at
    n = rule.slice_us
    start_at, until_at = period.start_at - period.start_at % n, period.end_at + -period.end_at % n
    if _goes_on(indicator):
        whole = outward if rule.partly == "excluded whole" else inward
        joining = whole(_joining(taken), n) - outward(_breaking(taken), n)
        first_at, last_at = reach(indicator, period)
        start_at = max(first_at, steps_back(start_at, rule.run - 1, n, joining))
        until_at = min(last_at, steps_on(until_at, rule.run - 1, n, joining))
    return at - at % n, start_at, until_at


def over_by(indicator: Indicator, period: Period) -> Instant:
    """The first instant at which all of a period is over: a slice counts when it ends."""
    slice_us = 1 if indicator.per is None else indicator.per.slice_us
    return period.end_at + -period.end_at % slice_us


def settled_by(indicator: Indicator, period: Period, taken: Sequence[Taken] = ()) -> Instant:
    """The instant from which time alone changes nothing about a period any more."""
    concerning = [one for one in taken if concerns(one, indicator)]
    return max(period.end_at, _reach(indicator, period, period.end_at, concerning)[2])


def _joining(taken: Sequence[Taken]) -> Spans:
    return union([spans for one in taken if "not bad" in one.rule.effects for spans in one.spans.values()])


def _breaking(taken: Sequence[Taken]) -> Spans:
    """What breaks runs of every component, at least."""
    return union([one.spans.get("", Spans.empty) for one in taken if _breaks(one.rule)])


def _breaks(rule: Exclusion) -> bool:
    return {"not bad", "breaks run"} <= rule.effects and rule.takes == "all" and not rule.components


@dataclass(frozen=True, slots=True)
class Counted:
    """Which time of a period counts, and what the rest is.

    `time` counts; it is `over` or still `to_come`. Of the rest, `not_yet` includes what is to come.
    `outside` says by what, where that is not the calendar.
    """

    time: Spans
    over: Spans
    to_come: Spans
    before: Spans
    not_yet: Spans
    outside: tuple[tuple[str, Spans], ...]


def counted(question: Question, name: str) -> Counted:
    """The time of a component that counts: in force, in its days, and open on the indicator's calendar."""
    indicator, period = question.indicator, question.period
    start_at, end_at = period.start_at, period.end_at
    held = exists(question.components, name, question.matter.zone, start_at, FOREVER)
    if not indicator.whole:
        held = held & question.in_force
    whole = Spans.of([(start_at, end_at)])
    first_at, last_at = (held.starts[0], held.ends[-1]) if held else (start_at, start_at)
    before = whole.clip(start_at, first_at)
    after = whole.clip(last_at, end_at)
    held = held.clip(start_at, end_at)
    time = held & _hours(question)
    over_at = min(max(question.over_at, start_at), end_at)
    not_yet = whole.clip(over_at, end_at) - before
    rest = whole - before - not_yet
    return Counted(
        time=time,
        over=time.clip(start_at, over_at),
        to_come=time.clip(over_at, end_at),
        before=before,
        not_yet=not_yet,
        outside=(
            ("", (held - time) & rest),
            ("not in force", (rest - held) - after),
            ("after the end", after & rest),
        ),
    )


def _hours(question: Question) -> Spans:
    """The open time of the period."""
    period, calendar = question.period, question.matter.calendars.get(question.indicator.on)
    if calendar is None:
        if question.indicator.on != "always":
            raise KeyError(f"there is no calendar {question.indicator.on}")
        return Spans.of([(period.start_at, period.end_at)])
    for at in (period.start_at, period.end_at):
        if not calendar.start_at <= at <= calendar.end_at:
            raise calendar.beyond(at)
    return calendar.spans.clip(period.start_at, period.end_at)
