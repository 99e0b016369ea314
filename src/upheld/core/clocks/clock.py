"""Clocks judged: for each cycle of a rule on a subject, its verdict and when that changes by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from upheld.core.clocks.act import judge_act
from upheld.core.clocks.carrying import Carried, carried_of, held_since
from upheld.core.clocks.counting import Counter, Reach
from upheld.core.clocks.cycle import Cycle, cycles_of, excuse_of, pauses_of
from upheld.core.clocks.selection import attributes_read
from upheld.core.clocks.sight import NOWHERE, Sight
from upheld.core.clocks.stretch import (
    Promised,
    Stretch,
    Unknown,
    anchor_of,
    in_force,
    is_refused,
    pieces_of,
    promised,
)
from upheld.core.clocks.subject import CLASSIFYING, Moment, Subject
from upheld.core.terms.agreement import ClockRule, Rows, Target, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.once import Once, anew
from upheld.core.values.value import Value as Known
from upheld.core.verdicts.verdict import (
    Barred,
    Outcome,
    Pause,
    State,
    Verdict,
    Wake,
    late_state,
)

_MOST_KNOWN: Final = 1_000
"""So many combinations of texts are remembered of a clock: more are no scale, but names of somebody."""
_NO_PAUSES: Final[tuple[Pause, ...]] = ()
_COUNTED_ELSEWHERE: Final = "it was carried over with the time that was counted elsewhere"
_USED_UP_ELSEWHERE: Final = "its time was used up when it was carried over"


class _Count(NamedTuple):
    """A stretch with the counter that measures it.

    `limit` and `goal` are how far those of its target reach. `last_at` is the last instant in time by the
    count, and `due_at` the one a person is told, where it was found with it; `late_after_at` while the cycle
    is open: not before the stretch, and not while it is resolved.
    """

    stretch: Stretch
    counter: Counter
    limit: Reach | None
    goal: Reach | None
    due_at: Instant | None
    last_at: Instant | None
    late_after_at: Instant | None
    goal_last_at: Instant | None


class _Held(NamedTuple):
    """What holds a clock in a cycle, the facts that tell of the cycle, and the `place` of its moments.

    `carried` is how it came here, if another system kept the clock before.
    """

    pauses: tuple[Pause, ...]
    carried: Carried | None
    facts: tuple[FactRef, ...]
    place: tuple[int, int]

    def among(self, subject: Subject) -> tuple[Moment, ...]:
        """The moments of the cycle."""
        first, last = self.place
        return subject.moments[first:last]


def _late(counts: Sequence[_Count], end_at: Instant) -> _Count | None:
    """The first stretch that goes on beyond what is in time; the last one goes on until `end_at`."""
    for number, count in enumerate(counts, 1):
        late_after_at = count.late_after_at
        if late_after_at is None:
            continue
        if late_after_at < (counts[number].stretch.start_at if number < len(counts) else end_at):
            return count
    return None


def _after_gaps(late_after_at: Instant, gaps: tuple[Pause, ...]) -> Instant:
    """When it is late at the earliest: not while it is resolved."""
    for gap in gaps:
        if gap.end_at is not None and gap.start_at <= late_after_at < gap.end_at:
            late_after_at = gap.end_at
    return late_after_at


def judge(
    rule: ClockRule, terms: Terms, subject: Subject, at: Instant, barred: Barred | None = None
) -> Outcome:
    """Every cycle of a clock on one subject: see `Clock.judge`."""
    return Clock(rule, terms).judge(subject, at, barred)


class Clock:
    """A clock under some terms, which judges subjects: what is the same for all of them is asked once."""

    __slots__ = ("_contract", "_deciding", "_kind", "_known", "_telling", "rule", "terms")

    def __init__(self, rule: ClockRule, terms: Terms) -> None:
        self.rule = rule
        self.terms = terms
        self._contract = terms.contract.id if terms.contract else ""
        self._kind: Literal["cadence", "deadline"] = "cadence" if rule.is_cadence else "deadline"
        self._telling = _telling(rule)
        self._deciding: tuple[str, ...] | None = None
        self._known: dict[tuple[Known, ...], Promised] = {}

    def judge(
        self,
        subject: Subject,
        at: Instant,
        barred: Barred | None = None,
        once: Once = anew,
        sight: Sight = NOWHERE,
        rests: tuple[Pause, ...] = (),
    ) -> Outcome:
        """Every cycle of the clock on a subject as of `at`; `barred` is why this subject starts none, if so.

        While the contract rests every clock stands still that counts an amount of time.

        A cycle that needs years for which a calendar was not compiled is undetermined. `once` remembers parts
        of it by what they see of the terms.
        """
        rule, terms = self.rule, self.terms
        key = CellKey(self._contract, rule.name, subject.id)
        if rule.due is not None:
            return judge_act(rule, terms, subject, at, key, barred)
        cycles = (
            cycles_of(rule, subject, terms)
            if once is anew
            else once(("cycles", id(subject), sight.cycles), lambda: cycles_of(rule, subject, terms))
        )
        judged = self._judged if once is anew else self._judged_once(once, sight)
        verdicts: list[Verdict] = []
        wakes: list[Wake] = []
        for cycle in cycles:
            if barred:
                verdicts.append(self._unmeasured(key, cycle, barred.state, barred.reason))
                continue
            end_at = at if cycle.stop is None else cycle.stop.at  # until when it is looked at
            try:
                held, counts = judged(subject, cycle, end_at, rests)
                verdict, more = self._told(key, subject, cycle, counts, held, end_at)
            except BeyondHorizon as fault:  # one clock cannot be told; the others can
                verdict, more = self._unmeasured(key, cycle, "undetermined", str(fault)), ()
            verdicts.append(verdict)
            wakes += more
        if len(wakes) > 1:
            wakes.sort(key=lambda wake: (wake.at, wake.due_at, wake.what))
        return Outcome(tuple(verdicts), tuple(wakes))

    def _unmeasured(self, key: CellKey, cycle: Cycle, state: State, reason: str) -> Verdict:
        """The verdict on a cycle of which nothing is counted."""
        return Verdict(
            key, self._kind, cycle.number, state, self.rule.modality, cycle.start_at,
            stopped_at=cycle.stop_at, reasons=(reason,), facts=(cycle.start.ref,),
        )  # fmt: skip

    # -- what a cycle is judged by -------------------------------------------------------------------------

    def _judged(
        self, subject: Subject, cycle: Cycle, end_at: Instant, rests: tuple[Pause, ...]
    ) -> tuple[_Held, Sequence[_Count]]:
        """What holds a clock in a cycle, and its stretches with their counters."""
        held = self._held(subject, cycle, end_at, rests, anew)
        moments, start_at = held.among(subject), cycle.start.at
        told = tuple([self._in_force(moment, start_at) for moment in moments])
        return held, self._counted(moments, cycle, held, told)

    def _in_force(self, moment: Moment, start_at: Instant) -> Promised:
        """As `in_force`; what the same texts decide is decided once: at a desk there are few of them."""
        rule, attributes = self.rule, moment.attributes
        if isinstance(rule.within, Rows) or is_refused(
            attributes
        ):  # which hang on more than attributes named
            return in_force(rule, self.terms, moment, start_at)
        if self._deciding is None:
            self._deciding = tuple(sorted(attributes_read(rule)))
        said = tuple([attributes.get(name) for name in self._deciding])
        found = self._known.get(said)
        if found is None:
            found = in_force(rule, self.terms, moment, start_at)
            # Numbers and instants are seldom the same again, and a number may be equal to a truth.
            if len(self._known) < _MOST_KNOWN and all(one is None or isinstance(one, str) for one in said):
                self._known[said] = found
        return found

    def _judged_once(self, once: Once, sight: Sight) -> Callable[..., tuple[_Held, Sequence[_Count]]]:
        """As `_judged`, with parts that are remembered."""

        def judged(
            subject: Subject, cycle: Cycle, end_at: Instant, rests: tuple[Pause, ...]
        ) -> tuple[_Held, Sequence[_Count]]:
            held = once(
                ("held", id(cycle), sight.pauses, rests),
                lambda: self._held(subject, cycle, end_at, rests, once),
            )
            start_at = cycle.start.at
            among = id(subject.moments), held.place, start_at

            def counted() -> list[_Count]:
                moments = held.among(subject)
                told = once(
                    ("promised", *among, sight.targets),
                    lambda: promised(self.rule, self.terms, moments, start_at),
                )
                return self._counted(moments, cycle, held, told)

            seen = "counts", *among, sight.counted, id(held.pauses), held.carried, cycle.gaps
            return held, once(seen, counted)

        return judged

    def _held(
        self, subject: Subject, cycle: Cycle, end_at: Instant, rests: tuple[Pause, ...], once: Once
    ) -> _Held:
        """`once` makes pauses one object that are the same, whichever cycle they are in."""
        rule = self.rule
        pauses = pauses_of(rule, subject, cycle, self.terms, rests)
        carried = carried_of(rule.name, subject, cycle.start.at, cycle.stop_at)
        if carried is not None:
            pauses = held_since(pauses, carried.at)
        if pauses and once is not anew:
            pauses = once(("paused", pauses), lambda: pauses)
        facts = _evidence(self._telling, subject, cycle, end_at, carried)
        return _Held(pauses, carried, facts, subject.between(cycle.start.at, end_at))

    def _counted(
        self, moments: tuple[Moment, ...], cycle: Cycle, held: _Held, told: tuple[Promised, ...]
    ) -> list[_Count]:
        """The stretches of a cycle, by what is promised in its moments, with their counters."""
        pieces = pieces_of(self.rule, moments, cycle.start.at, told, held.carried)
        return _counts(self.rule, self.terms, pieces, held, cycle.gaps)

    # -- what is said of it --------------------------------------------------------------------------------

    def _told(
        self,
        key: CellKey,
        subject: Subject,
        cycle: Cycle,
        counts: Sequence[_Count],
        held: _Held,
        end_at: Instant,
    ) -> tuple[Verdict, Sequence[Wake]]:
        """The verdict on a cycle, and when that changes by itself."""
        rule, terms = self.rule, self.terms
        late = _late(counts, end_at)
        judged = late or counts[-1]
        reasons: tuple[str, ...] = ()
        if late is not None:
            assert late.last_at is not None
            state = late_state(rule.modality)
            if late.last_at < late.stretch.start_at:
                reasons = ("the target it changed to was already used up",)
        else:
            state, reasons = _kept_state(counts, cycle, end_at)
            if judged.stretch.target is None and is_refused(subject.attributes_at(end_at)):
                reasons = ("refused: the allowance is used up",)
        if held.carried is not None:
            is_used_up = bool(late and late.last_at is not None and late.last_at < held.carried.at)
            reasons = (_USED_UP_ELSEWHERE,) if is_used_up else (*reasons, _COUNTED_ELSEWHERE)
        stretch, counter, limit, goal, due_at, _, late_after_at, _ = judged
        anchor_at = goal_at = budget_us = target = None
        calendar, hours, pauses = "", "", _NO_PAUSES
        if isinstance(stretch.target, Target):
            target, hours = stretch.target, rule.hours or ""
            on, anchor_at, pauses, _ = counter
            calendar = on.name
            if limit is not None:
                if due_at is None and not hours:
                    due_at = limit.due_at
                budget_us = None if limit.budget is None else int(limit.budget)
            if goal is not None:
                goal_at = _clipped(goal.due_at, rule, terms)
        # In the order of its fields: to name so many takes as long as all the rest.
        verdict = Verdict(
            key, self._kind, cycle.number, state, rule.modality, cycle.start.at, anchor_at, due_at, goal_at,
            None if late is None else late_after_at, cycle.stop_at, budget_us, target, calendar, hours,
            pauses, None, None, None, None, reasons, held.facts,
        )  # fmt: skip
        is_settled = late is not None or cycle.ending is not None
        return verdict, () if is_settled else _wakes(judged, verdict, end_at)


def _counts(
    rule: ClockRule,
    terms: Terms,
    pieces: Sequence[Stretch],
    held: _Held,
    gaps: tuple[Pause, ...],
) -> list[_Count]:
    """Each stretch with its counter: a change keeps the anchor, moves it, or carries the share used."""
    counts: list[_Count] = []
    name, pauses = "", held.pauses
    for piece in pieces:
        if piece.calendar != name:
            name = piece.calendar
            calendar = terms.calendars[name]
        if not counts and held.carried is not None:
            counter = Counter(calendar, anchor_of(held.carried, pieces, terms), pauses)
        elif not counts or piece.change == "restart":
            counter = Counter(calendar, piece.start_at, pauses)
        elif piece.change == "pro rata":
            before = counts[-1].counter
            counter = Counter(
                calendar, piece.start_at, pauses, before.used + _share(counts[-1], piece.start_at)
            )
        elif calendar is not counter.calendar:
            counter = counter.on(calendar)
        limit = goal = due_at = last_at = late_after_at = goal_last_at = None
        target = piece.target
        if isinstance(target, Target):
            if target.limit is not None:
                limit = counter.reach(target.limit)
                if rule.hours is None:
                    due_at, last_at = limit.ends
                else:
                    due_at = last_at = _clipped(limit.due_at, rule, terms)
            if last_at is not None:
                late_after_at = last_at if last_at > piece.start_at else piece.start_at
                if gaps:
                    late_after_at = _after_gaps(late_after_at, gaps)
            if target.goal is not None:
                goal = _goal_counter(target, counter, terms).reach(target.goal)
                goal_last_at = _last_in_time(goal, rule, terms)
        counts.append(_Count(piece, counter, limit, goal, due_at, last_at, late_after_at, goal_last_at))
    return counts


def _last_in_time(reach: Reach, rule: ClockRule, terms: Terms) -> Instant | None:
    """The last instant that is not late: with `hours` the due instant, moved to when somebody is there."""
    if rule.hours is None:
        return reach.last_at
    return _clipped(reach.due_at, rule, terms)


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


def _goal_counter(target: Target, counter: Counter, terms: Terms) -> Counter:
    if target.goal_calendar is None:
        return counter
    return counter._replace(calendar=terms.calendars[target.goal_calendar])


def _kept_state(counts: Sequence[_Count], cycle: Cycle, end_at: Instant) -> tuple[State, tuple[str, ...]]:
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


def _telling(rule: ClockRule) -> frozenset[str]:
    """The facts that tell what a clock promises, or hold it."""
    pausing = [match.types for pause in rule.pauses for match in (*pause.starts, *pause.ends)]
    waiting = ("ticket.waiting_started", "ticket.waiting_ended") if rule.pauses else ()
    return frozenset(CLASSIFYING[rule.of]).union(waiting, *pausing)


def _evidence(
    telling: frozenset[str], subject: Subject, cycle: Cycle, end_at: Instant, carried: Carried | None
) -> tuple[FactRef, ...]:
    """The facts that this verdict rests on: start, what changed the target or held the clock, stop."""
    refs = [cycle.start.ref]
    for event in subject.events:
        if event is cycle.start or event.at > end_at:
            continue
        if event.fact.type in telling or (carried is not None and event.ref == carried.ref):
            refs.append(event.ref)
    refs += [event.ref for event in cycle.undone]
    if cycle.stop is not None:
        refs.append(cycle.stop.ref)
    return tuple(dict.fromkeys(refs)) if len(refs) > 1 else (refs[0],)
