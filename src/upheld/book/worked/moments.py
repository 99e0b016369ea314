"""Moments that show a calendar: late on the last open day before it closes for long, or for a holiday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from upheld.core.calendar import Calendar
from upheld.core.instant import DAY, MINUTE, Duration, Instant
from upheld.core.opening import Always, Combined, Rule, WeeklyRule

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


def first_holiday(calendar: Calendar, year: int) -> date | None:
    """The first holiday of a year on a day that would be open; 1 January counts to the year before."""
    days = sorted(
        on for on, _ in _holidays(calendar.rule) if on.year == year and (on.month, on.day) != (1, 1)
    )
    return next((on for on in days if _is_day_off(calendar, on)), None)


def holidays_between(calendar: Calendar, start_at: Instant, end_at: Instant) -> tuple[tuple[date, str], ...]:
    """The holidays between two instants that close a day which would be open, with their names."""
    zone = calendar.rule.zone
    first, last = zone.date_at(start_at), zone.date_at(max(start_at, end_at - 1))
    found = {
        on: name for on, name in _holidays(calendar.rule) if first <= on <= last and _is_day_off(calendar, on)
    }
    return tuple(sorted(found.items()))


def _is_day_off(calendar: Calendar, on: date) -> bool:
    """Whether the calendar is closed on a date, and not on that day of every week."""
    weeks = (on + timedelta(days=7 * n) for n in (-2, -1, 1, 2))
    return _is_closed(calendar, on) and not all(_is_closed(calendar, other) for other in weeks)


def _is_closed(calendar: Calendar, on: date) -> bool:
    zone = calendar.rule.zone
    return calendar.elapsed(zone.day_start(on), zone.day_start(on + timedelta(days=1))) == 0


def _holidays(rule: Rule) -> Iterator[tuple[date, str]]:
    if isinstance(rule, Combined):
        for part in rule.parts:
            yield from _holidays(part)
    elif isinstance(rule, WeeklyRule):
        names = (
            rule.holidays if not isinstance(rule.holidays, frozenset) else dict.fromkeys(rule.holidays, "")
        )
        yield from names.items()
