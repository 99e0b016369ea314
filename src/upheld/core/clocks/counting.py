"""Counting time on a calendar with pauses: how much has passed, and until when a budget lasts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.amount import Amount
from upheld.core.verdicts.verdict import Pause, Verdict


class Reach(NamedTuple):
    """Until when an amount lasts, counted from an anchor on a calendar.

    `named_at` where it names an instant; else it has a `budget` in counted microseconds, and `last_us` and
    `due_us` are what is open, in pauses or not, until it is late and until it is used up: None while a pause
    holds it.
    """

    calendar: Calendar
    anchor_at: Instant
    budget: Fraction | int | None
    named_at: Instant | None
    last_us: Duration | None
    due_us: Duration | None

    @property
    def last_at(self) -> Instant | None:
        """The last instant that is not late; None while a pause holds the budget."""
        if self.last_us is None:
            return self.named_at
        return self.calendar.last_before(self.anchor_at, self.last_us)

    @property
    def due_at(self) -> Instant | None:
        """The instant at which it is used up, as a person is told; None while a pause holds the budget."""
        if self.due_us is None:
            return self.named_at
        return self.calendar.due_after(self.anchor_at, self.due_us)

    @property
    def ends(self) -> tuple[Instant | None, Instant | None]:
        """`due_at` and `last_at`; the first None, too, where it is another length and has to be asked for."""
        if self.due_us is None or self.due_us != self.last_us:
            return self.named_at, self.last_at
        return self.calendar.used_up(self.anchor_at, self.due_us)


class Counter(NamedTuple):
    """A count on one calendar from one anchor, standing still in the pauses.

    `used` is the share of a budget that was consumed before the anchor (pro rata changes only). Pauses are in
    order and do not overlap (see `in_order`); one without an end lasts.
    """

    calendar: Calendar
    anchor_at: Instant
    pauses: tuple[Pause, ...] = ()
    used: Fraction | Literal[0] = 0

    def on(self, calendar: Calendar) -> Counter:
        """The same count going on on another calendar."""
        return self if calendar is self.calendar else self._replace(calendar=calendar)

    def elapsed(self, at: Instant) -> Duration:
        """The time counted from the anchor to `at`: open, and not paused."""
        counted = self.calendar.elapsed(self.anchor_at, at)
        for pause in self.pauses:
            start_at, end_at = self._inside(pause, at)
            if start_at < end_at:
                counted -= self.calendar.elapsed(start_at, end_at)
        return counted

    def budget(self, amount: Amount) -> Fraction | int | None:
        """What is left of the amount at the anchor, in counted microseconds; None if it names an instant."""
        axis_us = self.calendar.axis_us(amount)
        if axis_us is None or not self.used:
            return axis_us
        return max(Fraction(0), (1 - self.used) * axis_us)

    def reach(self, amount: Amount) -> Reach:
        """How far an amount lasts from the anchor."""
        budget = self.budget(amount) if self.used else self.calendar.axis_us(amount)
        if budget is None:
            named_at = self.calendar.deadline(self.anchor_at, amount)
            return Reach(self.calendar, self.anchor_at, None, named_at, None, None)
        return self.lasting(budget)

    def lasting(self, budget: Fraction | int) -> Reach:
        """How far so much counted time, in microseconds, lasts from the anchor."""
        calendar, anchor_at, pauses, _ = self
        last_us = due_us = int(budget)  # whole microseconds: elapsed <= 3/2 and elapsed <= 1 are the same
        due_us += last_us != budget
        if pauses:
            return Reach(calendar, anchor_at, budget, None, *self._over_pauses(last_us, due_us))
        return Reach(calendar, anchor_at, budget, None, last_us, due_us)

    def _over_pauses(self, last_us: Duration, due_us: Duration) -> tuple[Duration | None, Duration | None]:
        """Both lengths with what is open in the pauses that begin before they end; None if one lasts.

        What is used up when a pause begins is due then, but late only after it.
        """
        calendar, anchor_at = self.calendar, self.anchor_at
        edges, table, totals = calendar.spans.axis
        i = bisect_right(edges, anchor_at)  # as `Axis.before`, which is asked for every pause of every budget
        anchor_us = table[i] + anchor_at if i & 1 else table[i]
        left_us = totals[-1] - anchor_us if totals else 0
        is_last = is_due = False
        for start_at, end_at, _ in self.pauses:
            begins_us = 0
            if start_at > anchor_at:
                i = bisect_right(edges, start_at)
                begins_us = (table[i] + start_at if i & 1 else table[i]) - anchor_us
            is_due = is_due or begins_us >= due_us
            is_last = is_last or begins_us > last_us or last_us >= left_us
            if is_last and is_due:
                break
            if end_at is None:
                return last_us if is_last else None, due_us if is_due else None
            if end_at > calendar.end_at:
                raise calendar.beyond(end_at)
            if end_at > anchor_at:
                i = bisect_right(edges, end_at)
                held_us = (table[i] + end_at if i & 1 else table[i]) - anchor_us - begins_us
                last_us += 0 if is_last else held_us
                due_us += 0 if is_due else held_us
        return last_us, due_us

    def last_in_time(self, amount: Amount) -> Instant | None:
        """The last instant that is not late; None if a pause that has not ended holds the budget."""
        return self.reach(amount).last_at

    def due_at(self, amount: Amount) -> Instant | None:
        """The instant at which the budget is used up, as a person is told; None while a pause holds it."""
        return self.reach(amount).due_at

    def _inside(self, pause: Pause, at: Instant) -> tuple[Instant, Instant]:
        return max(pause.start_at, self.anchor_at), at if pause.end_at is None else min(pause.end_at, at)


def measured(
    verdict: Verdict, calendars: Mapping[str, Calendar], at: Instant
) -> tuple[Duration | None, Duration | None]:
    """The time counted, and the time by which it is late, up to the stop of the cycle or to `at`.

    Late is what was counted beyond the budget; where the deadline is an instant (the agreement computes it
    or it was moved to an opening), the real time since the last instant that was in time.
    """
    end_at = at if verdict.stopped_at is None else verdict.stopped_at
    elapsed_us = late_us = None
    if verdict.anchor_at is not None and end_at >= verdict.anchor_at:
        elapsed_us = Counter(calendars[verdict.calendar], verdict.anchor_at, verdict.pauses).elapsed(end_at)
    if verdict.is_late and verdict.late_after_at is not None:
        late_us = end_at - verdict.late_after_at
        if elapsed_us is not None and verdict.budget_us is not None and not verdict.hours:
            late_us = elapsed_us - verdict.budget_us
    return elapsed_us, late_us


def in_order(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Pauses sorted, with overlapping and touching ones joined; an open one lasts."""
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: (p.start_at, p.end_at is None, p.end_at or 0, p.why)):
        last = joined[-1] if joined else None
        if pause.end_at is not None and pause.end_at <= pause.start_at:
            continue
        if last is not None and (last.end_at is None or pause.start_at <= last.end_at):
            end_at = None if last.end_at is None or pause.end_at is None else max(last.end_at, pause.end_at)
            why = last.why if pause.why in last.why.split(", ") else f"{last.why}, {pause.why}"
            joined[-1] = Pause(last.start_at, end_at, why)
        else:
            joined.append(pause)
    return tuple(joined)
