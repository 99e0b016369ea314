"""Moments that show a calendar: late on the last open day before it closes for long, or for a holiday."""

from __future__ import annotations

from datetime import date, timedelta

from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import DAY, MINUTE, Duration, Instant
from upheld.core.timeline.opening import Always, Combined, Rule, WeeklyRule, holidays_of, open_spans
from upheld.core.timeline.spans import Spans
from upheld.core.values.frozen import replace

_BEFORE = 30 * MINUTE
_LONG = DAY
_TRIED = 40


def closing_for_long(calendar: Calendar, from_at: Instant) -> Instant | None:
    """The first closing from an instant on after which the calendar stays closed for a day at least."""
    if isinstance(calendar.rule, Always):
        return None
    at = from_at
    for _ in range(_TRIED):
        at = calendar.next_closing(at)
        if at >= calendar.end_at:
            return None
        if calendar.next_opening(at) - at >= _LONG:
            return at
    return None


def shortly_before(calendar: Calendar, closing_at: Instant, budget_us: Duration | None) -> Instant:
    """Half an hour before a closing; less where the whole budget would fit before it."""
    before = _BEFORE if budget_us is None else min(_BEFORE, budget_us // 2 // MINUTE * MINUTE)
    at = closing_at - before
    if not before:
        return closing_at
    return at if calendar.is_open(at) else calendar.previous_opening(closing_at - 1)


def first_holiday(calendar: Calendar, year: int) -> Instant | None:
    """When a year's first holiday first takes open time away; 1 January counts to the year before."""
    days = sorted(on for on in holidays_of(calendar.rule) if on.year == year and (on.month, on.day) != (1, 1))
    return next((lost.starts[0] for on in days if (lost := _taken_away(calendar, on))), None)


def holidays_between(calendar: Calendar, start_at: Instant, end_at: Instant) -> tuple[tuple[date, str], ...]:
    """The holidays that take open time away between two instants, with their names."""
    zone = calendar.rule.zone
    first, last = zone.date_at(start_at) - timedelta(days=1), zone.date_at(max(start_at, end_at - 1))
    found = {
        on: name
        for on, name in holidays_of(calendar.rule).items()
        if first <= on <= last and _taken_away(calendar, on).clip(start_at, end_at)
    }
    return tuple(sorted(found.items()))


def _taken_away(calendar: Calendar, on: date) -> Spans:
    """The open time that a holiday takes away: of its day, and of the night that follows."""
    zone = calendar.rule.zone
    start_at, end_at = zone.day_start(on), zone.day_start(on + timedelta(days=2))
    return open_spans(_without(calendar.rule, on), start_at, end_at) - calendar.spans.clip(start_at, end_at)


def _without(rule: Rule, on: date) -> Rule:
    """A rule to which one date is no holiday."""
    if isinstance(rule, Combined):
        return replace(rule, parts=tuple(_without(part, on) for part in rule.parts))
    if isinstance(rule, WeeklyRule):
        return replace(rule, holidays=frozenset(day for day in rule.holidays if day != on))
    return rule
