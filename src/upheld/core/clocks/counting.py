"""Counting time on a calendar with pauses: how much has passed, and until when a budget lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.amount import Amount
from upheld.core.verdicts.verdict import Pause, Verdict


class Counter(NamedTuple):
    """A count on one calendar from one anchor, standing still in the pauses.

    `used` is the share of a budget that was consumed before the anchor (pro rata changes only). Pauses are in
    order and do not overlap (see `in_order`); one without an end lasts.
    """

    calendar: Calendar
    anchor_at: Instant
    pauses: tuple[Pause, ...] = ()
    used: Fraction = Fraction(0)

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

    def last_in_time(self, amount: Amount) -> Instant | None:
        """The last instant that is not late; None if a pause that has not ended holds the budget."""
        left = self.budget(amount)
        if left is None:
            return self.calendar.deadline(self.anchor_at, amount)
        budget_us = int(left)  # whole microseconds: elapsed <= 3/2 and elapsed <= 1 are the same
        last_at = self.calendar.last_before(self.anchor_at, budget_us)
        for pause in self.pauses:
            if pause.start_at > last_at:
                break
            if pause.end_at is None:
                return None
            budget_us += self._held(pause.start_at, pause.end_at)
            last_at = self.calendar.last_before(self.anchor_at, budget_us)
        return last_at

    def due_at(self, amount: Amount) -> Instant | None:
        """The instant at which the budget is used up, as a person is told; None while a pause holds it."""
        left = self.budget(amount)
        if left is None:
            return self.calendar.deadline(self.anchor_at, amount)
        budget_us = -int(-left // 1)
        for pause in self.pauses:
            used_up_at = self.calendar.spans.advance(self.anchor_at, budget_us)
            if used_up_at is not None and max(pause.start_at, self.anchor_at) >= used_up_at:
                break
            if pause.end_at is None:
                return None
            budget_us += self._held(pause.start_at, pause.end_at)
        return self.calendar.due_after(self.anchor_at, budget_us)

    def _held(self, start_at: Instant, end_at: Instant) -> Duration:
        return self.calendar.elapsed(max(start_at, self.anchor_at), max(end_at, self.anchor_at))

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
