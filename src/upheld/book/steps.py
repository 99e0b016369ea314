"""The steps that led to a verdict: what happened, what the calendar did, what was decided and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from upheld.core.clocks.carrying import carried_of
from upheld.core.clocks.counting import Counter
from upheld.core.clocks.quota import Admission, admit, entries_of
from upheld.core.clocks.scope import SubjectScope
from upheld.core.clocks.selection import attributes_read
from upheld.core.clocks.stretch import anchor_of, stretches
from upheld.core.clocks.subject import CLASSIFYING, Moment, Subject, fold_subject, told_of
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, ClockRule, QuotaRule, Terms
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Duration, Instant, format_duration
from upheld.core.timeline.opening import holidays_of
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import time_amount
from upheld.core.values.expression import Shift, evaluate
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import FactRef
from upheld.core.verdicts.verdict import Pause, Verdict
from upheld.render import words

SHOWN_OPENINGS = 4
"""Openings told one by one at each end of a long count; those between are told together."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a clock: what, how much was counted since the step before, and in all.

    `fact` is the fact behind it, if it is one; a calendar opening or closing has none. `corrected_by` is the
    correction that made the fact what it is.
    """

    at: Instant
    what: str
    counted_us: Duration | None = None
    total_us: Duration | None = None
    fact: Fact | None = None
    corrected_by: Fact | None = None

    @property
    def is_routine(self) -> bool:
        """Whether it is only the calendar opening or closing as it does every day."""
        return self.fact is None and self.what.endswith((" opens", " closes"))

    @property
    def is_end(self) -> bool:
        """Whether something ends there, so that a midnight is 24:00: a deadline, a closing."""
        return self.fact is None and (self.what.partition(":")[0] == "due" or self.what.endswith(" closes"))


def said(fact: Fact) -> str:
    """A fact in a few words: opened: priority P1, kind incident."""
    verb = fact.type.partition(".")[2].replace("_", " ")
    told = [f"{name} {value}" for name, value in fact.data.items() if isinstance(value, str | int)]
    return f"{verb}: {', '.join(told)}" if told else verb


def clock_steps(
    rule: ClockRule,
    terms: Terms,
    verdict: Verdict,
    told: Sequence[Fact],
    at: Instant,
    more: Sequence[Moment] = (),
) -> tuple[Step, ...]:
    """The facts about the subject, with what the calendar did between them.

    `more` is what is known of the subject by other things than its facts. Of a clock that is late and still
    runs, the calendar is told up to where it became late.
    """
    end_at = at if verdict.stopped_at is None else max(verdict.stopped_at, verdict.late_after_at or 0)
    subject = fold_subject(rule.of, verdict.key.subject, told, terms)
    subject = subject and subject.with_moments(more)
    notes = _used_so_far(rule, terms, verdict, subject, end_at) if subject else {}
    marks = [Step(fact.at, said(fact), fact=fact) for fact in told if fact.at <= end_at]
    marks = [_noted(step, rule, notes) for step in marks]
    if subject is not None:
        marks += _not_known(rule, verdict, subject, end_at)
        marks += _counted_back(rule, terms, verdict, subject, at)
    if rule.due is None and verdict.due_at is not None and verdict.due_at <= end_at:
        marks.append(Step(verdict.due_at, "due"))
    if verdict.anchor_at is None:
        return tuple(sorted(marks, key=lambda step: step.at))
    calendar = terms.calendars[verdict.calendar]
    is_open_late = verdict.is_late and verdict.stopped_at is None
    told_to_at = max(verdict.due_at or 0, verdict.late_after_at or 0) if is_open_late else end_at
    marks += _openings(calendar, verdict.anchor_at, min(told_to_at, end_at))
    marks += _clockwork(verdict.pauses, verdict.anchor_at, end_at)
    marks += _moved(verdict, calendar, end_at)
    if not any(step.at == verdict.anchor_at for step in marks):
        is_carried = subject is not None and carried_of(
            rule.name, subject, verdict.started_at or 0, verdict.stopped_at
        )
        marks.append(Step(verdict.anchor_at, "counts as if from here" if is_carried else "counting starts"))
    marks.sort(key=lambda step: (step.at, step.fact is None, step.what))
    counter = Counter(calendar, verdict.anchor_at, verdict.pauses)
    return tuple(_counted(_abridged(marks), counter, end_at))


def quota_steps(
    rule: QuotaRule, terms: Terms, verdict: Verdict, by_subject: Mapping[str, Sequence[Fact]]
) -> tuple[Step, ...]:
    """What was decided on each subject of the period when it was counted, and what was given back."""
    subjects, admissions = admissions_behind(rule, terms, verdict, by_subject)
    facts = {event.ref: event.fact for one in subjects for event in one.events}
    by_id = {one.id: one for one in subjects}
    steps: list[Step] = []
    for entry, decision in admissions:
        fact = facts[entry.told_by]
        used = _used_at(admissions, entry.counted_at)
        what = f"{entry.subject} {said(fact)}; {decision}, {used} of {rule.allow} used"
        steps.append(Step(entry.counted_at, what, fact=fact))
        if (refunded_at := entry.refunded_at) is not None:
            refs = [m.told_by for m in by_id[entry.subject].moments if m.at == refunded_at and m.told_by]
            cause = facts[refs[-1]]
            used = _used_at(admissions, refunded_at)
            what = f"{entry.subject} {said(cause)}; refunded, {used} of {rule.allow} used"
            steps.append(Step(refunded_at, what, fact=cause))
    return tuple(sorted(steps, key=lambda step: step.at))


def admissions_behind(
    rule: QuotaRule, terms: Terms, verdict: Verdict, by_subject: Mapping[str, Sequence[Fact]]
) -> tuple[tuple[Subject, ...], tuple[Admission, ...]]:
    """The subjects that a quota counted in the period of its verdict, and what was decided on each entry."""
    behind = set(verdict.facts)
    names = sorted(subject for subject, facts in by_subject.items() if any(_ref(f) in behind for f in facts))
    told = ((name, told_of(rule.of, by_subject[name], terms)) for name in names)
    folded = [fold_subject(rule.of, name, facts, terms) for name, facts in told]
    subjects = tuple(one for one in folded if one is not None)
    entries = [e for one in subjects for e in entries_of(rule, terms, one) if e.told_by in behind]
    return subjects, admit(rule, entries)


def _ref(fact: Fact) -> FactRef:
    return FactRef(fact.source, fact.id)


def _used_at(admissions: Iterable[Admission], at: Instant) -> int:
    """How much of the allowance was used just after an instant."""
    return sum(
        decision in ("within", "charged")
        and entry.counted_at <= at
        and (entry.refunded_at is None or entry.refunded_at > at)
        for entry, decision in admissions
    )


# -- what a rule made of it --------------------------------------------------------------------------------


def _used_so_far(
    rule: ClockRule, terms: Terms, verdict: Verdict, subject: Subject, end_at: Instant
) -> dict[Instant, str]:
    """At each change of the target pro rata: the share of the old one that was used by then."""
    if verdict.started_at is None or verdict.anchor_at is None:
        return {}
    carried = carried_of(rule.name, subject, verdict.started_at, verdict.stopped_at)
    pieces = stretches(rule, terms, subject, verdict.started_at, end_at, carried)
    notes: dict[Instant, str] = {}
    anchor_at = verdict.started_at if carried is None else anchor_of(carried, pieces, terms)
    used = Fraction(0)
    for before, piece in pairwise(pieces):
        if piece.start_at > verdict.anchor_at or piece.change == "keep start":
            continue
        if piece.change == "restart":
            used = Fraction(0)
        elif before.limit is not None:
            calendar = terms.calendars[before.calendar]
            budget_us = calendar.axis_us(before.limit)
            counted_us = Counter(calendar, anchor_at, verdict.pauses).elapsed(piece.start_at)
            if budget_us:
                used += Fraction(counted_us, budget_us)
                whole = format_duration(int(used * budget_us))
                notes[piece.start_at] = f"the share used so far: {whole} of {before.limit}"
        anchor_at = piece.start_at
    return notes if anchor_at == verdict.anchor_at else {}


def _noted(step: Step, rule: ClockRule, notes: Mapping[Instant, str]) -> Step:
    if step.fact is None or step.at not in notes or step.fact.type not in CLASSIFYING[rule.of]:
        return step
    return replace(step, what=f"{step.what}; {notes[step.at]}")


def _not_known(rule: ClockRule, verdict: Verdict, subject: Subject, end_at: Instant) -> Iterator[Step]:
    """The attributes for want of which a verdict is undetermined."""
    if verdict.state != "undetermined":
        return
    # What the events of the rule ask of the data of facts is no attribute of the subject.
    choosing = replace(rule, starts=(), stops=(), after=(), again=(), pauses=())
    attributes = {**_first_instants(subject), **subject.attributes_at(end_at)}
    names = sorted(name for name in attributes_read(choosing) if attributes.get(name) is None)
    if names:
        yield Step(end_at, f"not known: {', '.join(names)}")


def _first_instants(subject: Subject) -> dict[str, Instant]:
    """When each event first happened, by its type and by its verb."""
    first: dict[str, Instant] = {}
    for event in subject.events:
        for name in (event.fact.type, event.fact.type.partition(".")[2]):
            first.setdefault(name, event.at)
    return first


def _counted_back(
    rule: ClockRule, terms: Terms, verdict: Verdict, subject: Subject, at: Instant
) -> Iterator[Step]:
    """The due instant that the agreement computes, with that from which it is counted."""
    if rule.due is None or verdict.due_at is None:
        return
    what = "due"
    if isinstance(rule.due, Shift):
        scope = SubjectScope(terms, _first_instants(subject), subject.attributes_at(at))
        anchor_at = evaluate(rule.due.anchor, scope)
        # Told only if it gives the due instant that was judged, which what was told later does not change.
        if isinstance(anchor_at, int) and evaluate(rule.due, scope) == verdict.due_at:
            way = "back " if verdict.due_at < anchor_at else ""
            what += f": counted {way}from {words.local(anchor_at, terms.calendars[ALWAYS].rule.zone)}"
            if rule.due.calendar is not None:
                what += f" on {rule.due.calendar}"
                ends = sorted((verdict.due_at, anchor_at))
                closed = _holidays(terms.calendars[rule.due.calendar], ends[0], ends[1])
                what += f"; closed: {', '.join(closed)}" if closed else ""
    yield Step(verdict.due_at, what)


def _moved(verdict: Verdict, calendar: Calendar, end_at: Instant) -> Iterator[Step]:
    """The due instant at which nobody was there, where the rule moves it to an opening."""
    target = verdict.target
    if not verdict.hours or verdict.anchor_at is None or target is None or target.limit is None:
        return
    amount = target.limit if verdict.budget_us is None else time_amount(verdict.budget_us)
    try:
        due_at = Counter(calendar, verdict.anchor_at, verdict.pauses).due_at(amount)
    except BeyondHorizon:
        return
    if due_at is not None and due_at != verdict.due_at and due_at <= end_at:
        yield Step(due_at, f"the due instant lies outside {verdict.hours}: moved to its opening")


# -- what the calendar did ---------------------------------------------------------------------------------


def _openings(calendar: Calendar, start_at: Instant, end_at: Instant) -> Iterator[Step]:
    open_: Spans = calendar.spans.clip(start_at, end_at)
    closed_at = start_at
    for opens_at, closes_at in open_:
        if opens_at > start_at:
            yield Step(opens_at, f"{calendar.name} opens{_after_holidays(calendar, closed_at, opens_at)}")
        if closes_at < end_at:
            yield Step(closes_at, f"{calendar.name} closes")
        closed_at = closes_at


def _after_holidays(calendar: Calendar, closed_at: Instant, opens_at: Instant) -> str:
    named = _holidays(calendar, closed_at, opens_at)
    return f" after {', '.join(named)}" if named else ""


def _holidays(calendar: Calendar, start_at: Instant, end_at: Instant) -> list[str]:
    """The holidays between two instants for which the calendar has a name."""
    zone, named = calendar.rule.zone, holidays_of(calendar.rule)
    first, last = zone.local_of(start_at)[0], zone.local_of(end_at)[0]
    days = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return list(dict.fromkeys(named[day] for day in days if named.get(day)))


def _clockwork(pauses: Iterable[Pause], start_at: Instant, end_at: Instant) -> Iterator[Step]:
    for pause in pauses:
        if start_at <= pause.start_at <= end_at:
            yield Step(pause.start_at, f"the clock stands still: {pause.why}")
        if pause.end_at is not None and start_at <= pause.end_at <= end_at:
            yield Step(pause.end_at, "the clock goes on")


def _abridged(marks: list[Step]) -> list[Step]:
    """Long runs of openings and closings without anything else are told by their ends."""
    kept: list[Step] = []
    run: list[Step] = []
    for step in [*marks, None]:
        if step is not None and step.is_routine:
            run.append(step)
            continue
        if len(run) > 4 * SHOWN_OPENINGS:
            skipped = len(run) - 4 * SHOWN_OPENINGS
            last = run[-2 * SHOWN_OPENINGS - 1]
            run = [
                *run[: 2 * SHOWN_OPENINGS],
                Step(last.at, f"... {skipped} openings and closings later"),
                *run[-2 * SHOWN_OPENINGS :],
            ]
        kept += run
        run = []
        kept += [step] if step is not None else []
    return kept


def _counted(marks: Iterable[Step], counter: Counter, end_at: Instant) -> Iterator[Step]:
    """Each step with what was counted since the one before."""
    before_us = 0
    for step in marks:
        if step.at < counter.anchor_at:
            yield step
            continue
        total_us = counter.elapsed(min(step.at, end_at))
        yield replace(step, counted_us=total_us - before_us, total_us=total_us)
        before_us = total_us
