"""Deadlines whose instant the agreement computes (`due: starts_at - 48h`): was the act done by then?

An act at the due instant itself is in time. What is told after the fact undoes nothing: work is judged by the
window in force when it begins, anything else by what held until the act, or until it was late.
"""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.clocks.cycle import REOPENED, excuse_of, is_excuse, is_resolving
from upheld.core.clocks.scope import SubjectScope, first_instants, holds, is_match
from upheld.core.clocks.stretch import is_refused
from upheld.core.clocks.subject import CLASSIFYING, Event, Moment, Subject
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.expression import evaluate
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey
from upheld.core.values.value import Value as Known
from upheld.core.verdicts.verdict import Barred, Outcome, State, Verdict, Wake, late_state

_BEGUN = frozenset({"maintenance.started", "maintenance.ended"})
_ANNOUNCED = "maintenance.announced"
_CHANGED = "maintenance.changed"


@dataclass(frozen=True, slots=True)
class _Due:
    """What held until `end_at`: whether the rule applies, and the instant it gives.

    `changed_at` is from when on, if something else held before: a change is late from the change on, while
    what was due before it was even told is late all the same.
    """

    changed_at: Instant | None
    end_at: Instant
    applies: bool | None
    due_at: Instant | None
    refused: bool

    @property
    def late_after_at(self) -> Instant | None:
        """The last instant in time, if the due instant passed while this held."""
        if not self.applies or self.due_at is None or self.refused:
            return None
        after_at = self.due_at if self.changed_at is None else max(self.due_at, self.changed_at)
        return after_at if after_at < self.end_at else None


def judge_act(
    rule: ClockRule, terms: Terms, subject: Subject, at: Instant, key: CellKey, barred: Barred | None
) -> Outcome:
    """The verdict on the act that was due, as of `at`; `barred` is why nothing is owed to this subject."""
    act = _act(rule, subject, terms, at)
    cancelled = next((event for event in subject.events if is_excuse(event, subject)), None)
    ended = act or cancelled
    told = [event.ref for event in subject.events if event.fact.type in CLASSIFYING[subject.kind]]
    base = Verdict(
        key, "deadline", 1, "not applicable", rule.modality,
        stopped_at=ended.at if ended else None,
        facts=tuple(dict.fromkeys([*told, *([act.ref] if act else [])])),
    )  # fmt: skip
    if barred:
        return Outcome((replace(base, state=barred.state, reasons=(barred.reason,)),))
    try:
        held = list(_held(rule, terms, subject, at if ended is None else ended.at))
    except BeyondHorizon as fault:
        return Outcome((replace(base, state="undetermined", reasons=(str(fault),)),))
    last = held[-1]
    late = next((one for one in held if one.late_after_at is not None), None)
    if late is not None:
        state = late_state(rule.modality)
        return Outcome((replace(base, state=state, due_at=late.due_at, late_after_at=late.late_after_at),))
    if last.applies is False:
        return Outcome(())
    state, reasons = _kept(last, act, cancelled)
    wakes: tuple[Wake, ...] = ()
    if state == "running" and last.due_at is not None:
        wakes = (Wake(last.due_at + 1, last.due_at, "limit"),)
    due_at = last.due_at if last.applies else None
    return Outcome((replace(base, state=state, due_at=due_at, reasons=reasons),), wakes)


def _kept(last: _Due, act: Event | None, cancelled: Event | None) -> tuple[State, tuple[str, ...]]:
    """The state of an act that is not late."""
    if last.refused:
        return "not applicable", ("refused: the allowance is used up",)
    if last.applies is None or (last.due_at is None and act is not None):
        return "undetermined", ("what the deadline depends on is not known",)
    if last.due_at is None:
        return "not applicable", ("nothing is due yet",)
    if act is not None:
        return "met", ()
    if cancelled is not None:
        return "not applicable", (excuse_of(cancelled),)
    return "running", ()


def _held(rule: ClockRule, terms: Terms, subject: Subject, end_at: Instant) -> Iterator[_Due]:
    """What held from moment to moment up to the end; of work, only what held when it began."""
    moments = [moment for moment in subject.moments if moment.at <= end_at] or list(subject.moments[:1])
    if subject.kind == "maintenance":
        moments = [_in_force(subject, end_at)]
    scopes = (SubjectScope(terms, first_instants(subject), moment.attributes) for moment in moments)
    ends = [*(moment.at for moment in moments[1:]), end_at]
    for n, (moment, until_at, scope) in enumerate(zip(moments, ends, scopes, strict=True)):
        assert rule.due is not None
        due_at = evaluate(rule.due, scope)
        yield _Due(
            changed_at=moment.at if n else None,
            end_at=until_at,
            applies=holds(rule.where, terms, moment.attributes),
            due_at=due_at if isinstance(due_at, int) else None,
            refused=is_refused(moment.attributes),
        )


def _begins_at(subject: Subject) -> Instant | None:
    return next((event.at for event in subject.events if event.fact.type in _BEGUN), None)


def _in_force(subject: Subject, at: Instant) -> Moment:
    """Work as it stood when it began, or was to begin: what is changed later is too late."""
    begins_at = _begins_at(subject)
    current = subject.moments[0]
    for moment in subject.moments[1:]:
        began_at = begins_at if begins_at is not None else current.attributes.get("starts_at")
        if moment.at > at or (isinstance(began_at, int) and moment.at > began_at):
            break
        current = moment
    return current


def _act(rule: ClockRule, subject: Subject, terms: Terms, at: Instant) -> Event | None:
    """The event that does what is due.

    Of work that is announced, the announcement of the window in force: one that goes beyond what was
    announced before is announced by the change, one inside it needs nothing new. Of anything else, the first
    such event that no reopening undid.
    """
    announces = subject.kind == "maintenance" and any(_ANNOUNCED in match.types for match in rule.stops)
    act: Event | None = None
    announced: tuple[Known, Known] | None = None
    begins_at = _begins_at(subject)
    for event in subject.events:
        matched = is_match(event, rule.stops, subject, terms)
        if not announces:
            if act is not None and event.fact.type == REOPENED and is_resolving(rule):
                act = None if rule.reopening != "ignore" else act
            elif matched and act is None:
                act = event
            continue
        told = subject.attributes_at(event.at)
        window = told.get("starts_at"), told.get("ends_at")
        if act is None:
            if matched:
                act, announced = event, window
        elif matched or event.fact.type == _CHANGED:
            begun_at = begins_at if begins_at is not None else (announced or window)[0]
            if _goes_beyond(window, announced) and not (isinstance(begun_at, int) and event.at > begun_at):
                act, announced = event, window
    return act


def _goes_beyond(window: tuple[Known, Known], announced: tuple[Known, Known] | None) -> bool:
    """Whether a window is not inside the one that was announced."""
    if announced is None:
        return True
    starts_at, ends_at, from_at, until_at = *window, *announced
    if not (isinstance(starts_at, int) and isinstance(from_at, int)):
        return False
    later = isinstance(ends_at, int) and isinstance(until_at, int) and ends_at > until_at
    return starts_at < from_at or later
