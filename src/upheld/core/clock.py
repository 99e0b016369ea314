"""Clocks judged: for each cycle of a rule on a subject, its verdict and when that changes by itself."""

from __future__ import annotations

from fractions import Fraction

from upheld.core.act import judge_act
from upheld.core.agreement import ClockRule, Target, Terms
from upheld.core.amount import Amount
from upheld.core.counting import Counter
from upheld.core.cycle import Cycle, cycles_of, excuse_of, pauses_of
from upheld.core.frozen import dataclass, replace
from upheld.core.instant import Instant
from upheld.core.key import CellKey, FactRef
from upheld.core.stretch import Stretch, Unknown, is_refused, stretches
from upheld.core.subject import CLASSIFYING, Subject
from upheld.core.verdict import Barred, Kind, Outcome, Pause, State, Verdict, Wake, late_state
from upheld.core.zone import BeyondHorizon


@dataclass(frozen=True, slots=True)
class _Count:
    """A stretch with the counter that measures it."""

    stretch: Stretch
    counter: Counter
    last_at: Instant | None
    goal_last_at: Instant | None = None
    gaps: tuple[Pause, ...] = ()

    @property
    def late_after_at(self) -> Instant | None:
        """The last instant in time while the cycle is open: not before the stretch, not while resolved."""
        if self.last_at is None:
            return None
        last_at = max(self.last_at, self.stretch.start_at)
        for gap in self.gaps:
            if gap.end_at is not None and gap.start_at <= last_at < gap.end_at:
                last_at = gap.end_at
        return last_at

    @property
    def is_late(self) -> bool:
        """Whether the stretch goes on beyond what is in time."""
        late_after_at = self.late_after_at
        return late_after_at is not None and late_after_at < self.stretch.end_at


def judge(
    rule: ClockRule, terms: Terms, subject: Subject, at: Instant, barred: Barred | None = None
) -> Outcome:
    """Every cycle of a clock on a subject as of `at`; `barred` is why this subject starts no clock, if so.

    A cycle that needs years for which a calendar was not compiled is undetermined.
    """
    contract = terms.contract.id if terms.contract else ""
    key = CellKey(contract, rule.name, subject.id)
    if rule.due is not None:
        return judge_act(rule, terms, subject, at, key, barred)
    verdicts: list[Verdict] = []
    wakes: list[Wake] = []
    for cycle in cycles_of(rule, subject, terms):
        base = Verdict(key, _kind(rule), cycle.number, "not applicable", rule.modality, cycle.start_at)
        base = replace(base, stopped_at=cycle.stop_at, facts=(cycle.start.ref,))
        try:
            verdict, more = _judge_cycle(rule, terms, subject, cycle, at, base, barred)
        except BeyondHorizon as fault:  # one clock cannot be told; the others can
            verdict, more = replace(base, state="undetermined", reasons=(str(fault),)), []
        verdicts.append(verdict)
        wakes += more
    return Outcome(tuple(verdicts), tuple(sorted(wakes, key=lambda wake: (wake.at, wake.due_at, wake.what))))


def _kind(rule: ClockRule) -> Kind:
    return "cadence" if rule.is_cadence else "deadline"


def _judge_cycle(
    rule: ClockRule,
    terms: Terms,
    subject: Subject,
    cycle: Cycle,
    at: Instant,
    base: Verdict,
    barred: Barred | None,
) -> tuple[Verdict, list[Wake]]:
    if barred:
        return replace(base, state=barred.state, reasons=(barred.reason,)), []
    end_at = at if cycle.stop_at is None else cycle.stop_at
    pauses = pauses_of(rule, subject, cycle, terms)
    pieces = stretches(rule, terms, subject, cycle.start_at, end_at)
    counts = [replace(count, gaps=cycle.gaps) for count in _counts(rule, terms, pieces, pauses)]
    late = next((count for count in counts if count.is_late), None)
    judged = late or counts[-1]
    verdict = replace(
        _measured(base, rule, terms, judged, cycle),
        facts=_evidence(rule, subject, cycle, end_at),
    )
    if late is not None:
        assert late.last_at is not None
        reasons = ("the target it changed to was already used up",) * (late.last_at < late.stretch.start_at)
        state = late_state(rule.modality)
        return replace(verdict, state=state, late_after_at=late.late_after_at, reasons=reasons), []
    state, reasons = _kept_state(counts, cycle, end_at)
    if judged.stretch.target is None and is_refused(subject.attributes_at(end_at)):
        reasons = ("refused: the allowance is used up",)
    return replace(verdict, state=state, reasons=reasons), [] if cycle.ending else _wakes(judged, verdict, at)


def _counts(rule: ClockRule, terms: Terms, pieces: list[Stretch], pauses: tuple[Pause, ...]) -> list[_Count]:
    """Each stretch with its counter: a change keeps the anchor, moves it, or carries the share used."""
    counts: list[_Count] = []
    for piece in pieces:
        calendar = terms.calendars[piece.calendar]
        if not counts:
            counter = Counter(calendar, piece.start_at, pauses)
        else:
            before = counts[-1].counter
            counter = replace(before, calendar=calendar)
            if piece.change == "restart":
                counter = Counter(calendar, piece.start_at, pauses)
            elif piece.change == "pro rata":
                counter = Counter(
                    calendar, piece.start_at, pauses, before.used + _share(counts[-1], piece.start_at)
                )
        last_at = goal_last_at = None
        if piece.limit is not None:
            last_at = _last_in_time(counter, piece.limit, rule, terms)
        if isinstance(piece.target, Target) and piece.target.goal is not None:
            goal_counter = _goal_counter(piece.target, counter, terms)
            goal_last_at = _last_in_time(goal_counter, piece.target.goal, rule, terms)
        counts.append(_Count(piece, counter, last_at, goal_last_at))
    return counts


def _last_in_time(counter: Counter, amount: Amount, rule: ClockRule, terms: Terms) -> Instant | None:
    """The last instant that is not late: with `hours` the due instant, moved to when somebody is there."""
    if rule.hours is None:
        return counter.last_in_time(amount)
    return _clipped(counter.due_at(amount), rule, terms)


def _share(count: _Count, at: Instant) -> Fraction:
    """The share of a stretch's budget that was counted between its anchor and `at`."""
    limit = count.stretch.limit
    budget_us = None if limit is None else count.counter.calendar.axis_us(limit)
    return Fraction(count.counter.elapsed(at), budget_us) if budget_us else Fraction(0)


def _clipped(at: Instant | None, rule: ClockRule, terms: Terms) -> Instant | None:
    """A due instant at which nobody is there counts at the next opening (cadences with hours)."""
    if at is None or rule.hours is None:
        return at
    return terms.calendars[rule.hours].next_opening(at)


def _measured(base: Verdict, rule: ClockRule, terms: Terms, judged: _Count, cycle: Cycle) -> Verdict:
    """The verdict with what was counted under the target that decides it."""
    target, counter = judged.stretch.target, judged.counter
    if not isinstance(target, Target):
        return base
    budget = None if target.limit is None else counter.budget(target.limit)
    goal_at = None
    if target.goal is not None:
        goal_at = _goal_counter(target, counter, terms).due_at(target.goal)
    return replace(
        base,
        anchor_at=counter.anchor_at,
        due_at=None if target.limit is None else _clipped(counter.due_at(target.limit), rule, terms),
        goal_at=_clipped(goal_at, rule, terms),
        budget_us=None if budget is None else int(budget),
        target=target,
        calendar=counter.calendar.name,
        hours=rule.hours or "",
        pauses=counter.pauses,
    )


def _goal_counter(target: Target, counter: Counter, terms: Terms) -> Counter:
    if target.goal_calendar is None:
        return counter
    return replace(counter, calendar=terms.calendars[target.goal_calendar])


def _kept_state(counts: list[_Count], cycle: Cycle, end_at: Instant) -> tuple[State, tuple[str, ...]]:
    """The state of a cycle that is not late: what is promised at its end decides whether it is judged."""
    judged = counts[-1]
    target = judged.stretch.target
    if cycle.ending == "cancelled":
        assert cycle.stop is not None
        return "not applicable", (excuse_of(cycle.stop),)
    if isinstance(target, Unknown):
        return "undetermined", ("what the target depends on is not known",)
    passed = judged.goal_last_at is not None and end_at > judged.goal_last_at
    goal = ("the goal was passed",) if passed else ()
    if target is None:
        had = any(count.stretch.limit is not None for count in counts)
        return "not applicable", (f"no target is promised {'any more' if had else 'here'}",)
    if target.limit is None:
        return "not applicable", ("no limit is promised, it is recorded", *goal)
    if cycle.ending == "over":
        return "not applicable", ("it ended before the next was due",)
    if cycle.ending == "stopped":
        return "met", goal
    return ("at risk" if passed else "running"), goal


def _wakes(judged: _Count, verdict: Verdict, at: Instant) -> list[Wake]:
    """When an open cycle that is not late changes if no fact comes."""
    wakes: list[Wake] = []
    if judged.late_after_at is not None and verdict.due_at is not None:
        wakes.append(Wake(judged.late_after_at + 1, verdict.due_at, "limit"))
    if judged.goal_last_at is not None and verdict.goal_at is not None and judged.goal_last_at >= at:
        wakes.append(Wake(judged.goal_last_at + 1, verdict.goal_at, "goal"))
    return wakes


def _evidence(rule: ClockRule, subject: Subject, cycle: Cycle, end_at: Instant) -> tuple[FactRef, ...]:
    """The facts that this verdict rests on: start, what changed the target or held the clock, stop."""
    telling = {*CLASSIFYING[subject.kind]}
    if rule.pauses:
        telling |= {"ticket.waiting_started", "ticket.waiting_ended"}
        telling |= {
            type_ for pause in rule.pauses for match in (*pause.starts, *pause.ends) for type_ in match.types
        }
    between = [event for event in subject.events if event.fact.type in telling and event.at <= end_at]
    refs = [cycle.start.ref, *(e.ref for e in between), *(e.ref for e in cycle.undone)]
    if cycle.stop is not None:
        refs.append(cycle.stop.ref)
    return tuple(dict.fromkeys(refs))
