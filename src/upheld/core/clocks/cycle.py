"""Cycles: from when to when a clock runs on a subject, read off its events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from upheld.core.clocks.counting import in_order
from upheld.core.clocks.scope import is_match
from upheld.core.clocks.subject import CANCELLING, Event, Subject
from upheld.core.terms.agreement import ClockRule, PauseRule, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.core.verdicts.verdict import Pause

Ending = Literal["stopped", "cancelled", "over"]
"""How a cycle ended: by what was promised, excused by the customer, or because nothing more is owed."""

_RESOLVING = frozenset({"ticket.resolved", "ticket.closed"})
_WAIT_OVER = frozenset({*_RESOLVING, *CANCELLING["ticket"]})
REOPENED = "ticket.reopened"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a clock. `gaps` are the times between a resolution and the reopening that undid it."""

    number: int
    start: Event
    stop: Event | None = None
    ending: Ending | None = None
    gaps: tuple[Pause, ...] = ()
    undone: tuple[Event, ...] = ()

    @property
    def start_at(self) -> Instant:
        """Where the counting starts."""
        return self.start.at

    @property
    def stop_at(self) -> Instant | None:
        """Where it ended; None while it runs."""
        return self.stop.at if self.stop else None


def cycles_of(rule: ClockRule, subject: Subject, terms: Terms) -> list[Cycle]:
    """Every cycle of a deadline, or every round of a cadence, all of them kept. Source: design 5 and 6."""
    return _rounds(rule, subject, terms) if rule.is_cadence else _cycles(rule, subject, terms)


def is_resolving(rule: ClockRule) -> bool:
    """Whether a reopening can undo what stops the clock."""
    return any(match.types & _RESOLVING for match in rule.stops)


def is_excuse(event: Event, subject: Subject) -> bool:
    """A merger, or a cancellation: of what a customer asked for by the customer only, of work by anybody."""
    if event.fact.type not in CANCELLING[subject.kind]:
        return False
    return subject.kind == "maintenance" or event.fact.data.get("by") != "provider"


def excuse_of(event: Event) -> str:
    """Why a cycle that was cancelled is not judged."""
    verb = event.fact.type.partition(".")[2]
    if verb == "merged" or event.fact.type.startswith("maintenance."):
        return verb
    return f"{verb} by the {event.fact.data.get('by') or 'customer'}"


def _cycles(rule: ClockRule, subject: Subject, terms: Terms) -> list[Cycle]:
    found: list[Cycle] = []
    ready = not rule.after
    for event in subject.events:
        last = found[-1] if found else None
        if last is not None and last.ending is None:
            if is_excuse(event, subject):
                found[-1] = replace(last, stop=event, ending="cancelled")
            elif is_match(event, rule.stops, subject, terms):
                found[-1] = replace(last, stop=event, ending="stopped")
        elif last is not None and event.fact.type == REOPENED and _is_reopening(rule):
            if last.ending == "stopped":
                found.extend(_reopened(rule, found, event))
        elif ready and is_match(event, rule.starts, subject, terms):
            found.append(Cycle(len(found) + 1, event))
        if not ready and is_match(event, rule.after, subject, terms):
            ready = True
    return found


def _is_reopening(rule: ClockRule) -> bool:
    """Whether a reopening is anything to the clock."""
    return rule.reopening != "ignore" and is_resolving(rule)


def _reopened(rule: ClockRule, found: list[Cycle], event: Event) -> list[Cycle]:
    """A new cycle, or the last one going on as if the time since its stop had not been."""
    if rule.reopening == "new cycle":
        return [Cycle(len(found) + 1, event)]
    last = found.pop()
    assert last.stop is not None
    gap = Pause(last.stop.at, event.at, "resolved")
    return [
        replace(last, stop=None, ending=None, gaps=(*last.gaps, gap), undone=(*last.undone, last.stop, event))
    ]


def _rounds(rule: ClockRule, subject: Subject, terms: Terms) -> list[Cycle]:
    """The rounds of a cadence: each is armed by the start or an update, and satisfied by the next update."""
    found: list[Cycle] = []
    over = False
    for event in subject.events:
        if not found:
            if is_match(event, rule.starts, subject, terms):
                found.append(Cycle(1, event))
            continue
        if over:
            if event.fact.type == REOPENED and rule.reopening != "ignore":
                over = False
                found.append(Cycle(len(found) + 1, event))
            continue
        last = found[-1]
        if is_match(event, rule.stops, subject, terms):
            found[-1], over = replace(last, stop=event, ending="over"), True
        elif is_excuse(event, subject):
            found[-1], over = replace(last, stop=event, ending="cancelled"), True
        elif is_match(event, rule.again, subject, terms):
            found[-1] = replace(last, stop=event, ending="stopped")
            found.append(Cycle(last.number + 1, event))
    return found


def pauses_of(
    rule: ClockRule, subject: Subject, cycle: Cycle, terms: Terms, rests: tuple[Pause, ...] = ()
) -> tuple[Pause, ...]:
    """When this cycle's clock stands still: waits that the rule admits, rests, and what a reopening undid."""
    if not (rule.pauses or cycle.gaps or rests):  # as of many clocks
        return ()
    found = [*cycle.gaps, *rests]
    for pause in rule.pauses:
        found += _waits(pause, subject, terms) if pause.waiting else _between(pause, subject, terms)
    if not found:
        return ()
    pauses = (_until(pause, cycle.stop_at) for pause in in_order(found))
    return tuple(p for p in pauses if p.end_at is None or p.end_at > max(p.start_at, cycle.start_at))


def _until(pause: Pause, stop_at: Instant | None) -> Pause:
    """A wait that outlasts a cycle holds nothing in it any more."""
    if stop_at is None or (pause.end_at is not None and pause.end_at <= stop_at):
        return pause
    return pause._replace(end_at=stop_at)


def _waits(rule: PauseRule, subject: Subject, terms: Terms) -> Iterator[Pause]:
    """Each wait runs to the end that names its duty or none, or until the ticket is resolved or closed."""
    open_: list[Event] = []
    for event in subject.events:
        type_ = event.fact.type
        if type_ == "ticket.waiting_started":
            if is_match(event, rule.starts, subject, terms):
                open_.append(event)
            continue
        if type_ == "ticket.waiting_ended":
            duty = event.fact.data.get("duty")
            ended = [w for w in open_ if duty is None or w.fact.data.get("duty") == duty]
        elif type_ in _WAIT_OVER:
            ended = open_
        else:
            continue
        yield from (Pause(wait.at, event.at, _why(wait)) for wait in ended)
        open_ = [wait for wait in open_ if wait not in ended]
    yield from (Pause(wait.at, None, _why(wait)) for wait in open_)


def _why(wait: Event) -> str:
    whom = str(wait.fact.data.get("for") or "somebody")
    duty = wait.fact.data.get("duty")
    return f"waiting for the {whom}" + (f": {duty}" if duty else "")


def _between(rule: PauseRule, subject: Subject, terms: Terms) -> Iterator[Pause]:
    start: Event | None = None
    for event in subject.events:
        if start is None:
            if is_match(event, rule.starts, subject, terms):
                start = event
        elif is_match(event, rule.ends, subject, terms):
            yield Pause(start.at, event.at, rule.starts[0].word)
            start = None
    if start is not None:
        yield Pause(start.at, None, rule.starts[0].word)
