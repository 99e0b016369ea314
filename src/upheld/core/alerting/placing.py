"""Where a mark of a clock lies in time, from what a verdict says and nothing else.

What is asked is the first instant at which somebody is told; a clock that stands still has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from upheld.core.claiming.claimable import Claimable
from upheld.core.clocks.counting import Counter
from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.telling import Mark
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount
from upheld.core.verdicts.verdict import Verdict


class Watched(NamedTuple):
    """What marks lie on: when it started, when it is due, and from when on it is late.

    `counter` with `budget_us` is how shares are counted; None: it has none. `due_at` is the instant shown,
    `known_late_at` the first one too late where a verdict says it. What was stopped has no more stages after
    `stopped_at`.
    """

    anchor_at: Instant | None
    due_at: Instant | None
    known_late_at: Instant | None
    goal_at: Instant | None = None
    stopped_at: Instant | None = None
    calendar: str = ALWAYS
    counter: Counter | None = None
    budget_us: Duration | None = None
    is_running: bool = False
    """It is late when the budget is used up, and nobody has asked yet when that is."""

    @property
    def late_at(self) -> Instant | None:
        """The first instant too late; None if there is none, or a pause holds the budget."""
        if not self.is_running or self.counter is None or self.budget_us is None:
            return self.known_late_at
        last_at = self.counter.lasting(self.budget_us).last_at
        return None if last_at is None else last_at + 1


class Heard(NamedTuple):
    """How those who are told can be: in the hours of a calendar, and so long before its closing."""

    calendar: Calendar
    before_closing: Amount


# -- what marks lie on -------------------------------------------------------------------------------------


def watched(verdict: Verdict, calendars: Mapping[str, Calendar]) -> Watched | None:
    """What there is to watch of a verdict; None where nothing is promised, or nobody can tell."""
    match verdict.kind:
        case "deadline" | "cadence" if verdict.anchor_at is not None:
            return _clock(verdict, verdict.anchor_at, calendars)
        case "deadline":
            return _act(verdict)
        case "obligation" | "measurement" if verdict.state != "not applicable":
            return _period(verdict, calendars)
        case "covenant" if verdict.is_late:
            return Watched(verdict.started_at, verdict.stopped_at, verdict.stopped_at)
    return None


def _clock(verdict: Verdict, anchor_at: Instant, calendars: Mapping[str, Calendar]) -> Watched:
    counter = Counter(calendars[verdict.calendar], anchor_at, verdict.pauses)
    budget_us, due_at = verdict.budget_us, verdict.due_at
    is_running = budget_us is not None and not verdict.hours and not verdict.is_late
    last_at = verdict.late_after_at if verdict.is_late else due_at
    if budget_us is None and due_at is not None:
        budget_us = counter.calendar.elapsed(anchor_at, due_at)
    return Watched(
        anchor_at, due_at, None if last_at is None else last_at + 1, verdict.goal_at, verdict.stopped_at,
        verdict.calendar, counter, budget_us, is_running,
    )  # fmt: skip


def _act(verdict: Verdict) -> Watched:
    """An act that is due at an instant has no start, so no shares."""
    last_at = verdict.late_after_at if verdict.is_late else verdict.due_at
    late_at = None if last_at is None else last_at + 1
    return Watched(None, verdict.due_at, late_at, stopped_at=verdict.stopped_at)


def _period(verdict: Verdict, calendars: Mapping[str, Calendar]) -> Watched:
    """A period: late is from its end on; a level is only lost if it was, a duty if it was not done."""
    start_at, due_at = verdict.started_at, verdict.due_at
    late_at = due_at if verdict.is_late or verdict.kind == "obligation" else None
    if start_at is None or due_at is None:
        return Watched(start_at, due_at, late_at, stopped_at=verdict.stopped_at)
    counter = Counter(calendars[ALWAYS], start_at)
    return Watched(
        start_at, due_at, late_at, stopped_at=verdict.stopped_at, counter=counter, budget_us=due_at - start_at
    )


def watched_claim(one: Claimable, filed_at: Instant | None, calendars: Mapping[str, Calendar]) -> Watched:
    """Something that can be claimed: from when that is known until the last instant in time."""
    anchor_at = one.period.end_at if one.issue_at is None else one.issue_at
    if one.until_at is None:
        return Watched(anchor_at, None, None, stopped_at=filed_at)
    counter = Counter(calendars[ALWAYS], anchor_at)
    return Watched(
        anchor_at, one.until_at, one.until_at + 1, None, filed_at, ALWAYS, counter, one.until_at - anchor_at
    )


# -- where a mark lies -------------------------------------------------------------------------------------


def placed(
    mark: Mark, on: Watched, calendars: Mapping[str, Calendar], heard: Heard | None = None
) -> Instant | None:
    """The instant of a stage; None if it has none (yet), or will never be reached.

    Never before the anchor. What would come when nobody is there waits for the opening; a warning that would
    wait until it is due comes before the closing instead.
    """
    try:
        bare_at = _bare(mark, on, calendars)
        if bare_at is None:
            return None
        if on.anchor_at is not None:
            bare_at = max(bare_at, on.anchor_at)
        is_warning = on.due_at is not None and bare_at < on.due_at
        at = bare_at if heard is None else _moved(bare_at, on, heard, is_warning)
    except BeyondHorizon:
        return None
    # What was late is told, however soon it was done after all; a warning only as long as it is open.
    ends_at = at if is_warning else bare_at
    return None if on.stopped_at is not None and ends_at > on.stopped_at else at


def _bare(mark: Mark, on: Watched, calendars: Mapping[str, Calendar]) -> Instant | None:
    """Where a mark lies whoever is there."""
    if mark.share is not None:
        if on.counter is None or on.budget_us is None:
            return None
        counted, of = mark.share.as_integer_ratio()
        return on.counter.lasting(-(-counted * on.budget_us // of)).due_at
    base_at = on.late_at if mark.kind == "limit" else on.anchor_at if mark.kind == "start" else on.goal_at
    if mark.kind == "limit" and mark.amount is not None:
        # So much before what is due, whatever becomes of it; so much after it only if it was late.
        base_at = on.due_at if mark.sign < 0 or (base_at is not None and on.due_at is not None) else base_at
    if mark.amount is None or base_at is None:
        return base_at
    calendar = calendars[mark.calendar or on.calendar]
    return calendar.deadline(base_at, mark.amount) if mark.sign > 0 else calendar.before(base_at, mark.amount)


def _moved(at: Instant, on: Watched, heard: Heard, is_warning: bool) -> Instant:
    """An instant at which somebody is there."""
    hours = heard.calendar
    if hours.is_open(at):
        return at
    opens_at = hours.next_opening(at)
    if not is_warning or (on.due_at is not None and opens_at < on.due_at):
        return opens_at
    closed_at = hours.previous_closing(at)
    early_at = closed_at - int(heard.before_closing.count)
    early_at = max(early_at, hours.previous_opening(closed_at - 1))
    return early_at if on.anchor_at is None else max(early_at, on.anchor_at)
