"""How two calendars compare, and what of them differs in words, where a promise is written alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from upheld.core.timeline.calendar import BusinessDay, Calendar
from upheld.core.timeline.instant import DAY, SECOND, Instant, format_duration
from upheld.core.timeline.opening import Week, WeeklyRule, Windows
from upheld.core.timeline.words import clock_time, local

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOSED = "closed"


def same_hours(one: Calendar, other: Calendar) -> bool:
    """Whether two calendars are open at the same instants of the years that both know."""
    if one.spans is other.spans or one.spans == other.spans:
        return True
    start_at, end_at = shared_years(one, other)
    return one.spans.clip(start_at, end_at) == other.spans.clip(start_at, end_at)


def same_calendar(one: Calendar, other: Calendar) -> bool:
    """Whether two calendars are the same in everything that can be asked of them."""
    return (
        one.business_day == other.business_day
        and one.closing == other.closing
        and one.rule.zone.name == other.rule.zone.name
        and same_hours(one, other)
    )


def hours_within(inner: Calendar, outer: Calendar) -> bool:
    """Whether one calendar is open only when the other is, in the years that both know."""
    start_at, end_at = shared_years(inner, outer)
    return not inner.spans.clip(start_at, end_at) - outer.spans


def shared_years(*calendars: Calendar) -> tuple[Instant, Instant]:
    """From when until when all of the calendars are known."""
    return max(each.start_at for each in calendars), min(each.end_at for each in calendars)


def calendar_change(before: Calendar, after: Calendar) -> tuple[str, str]:
    """What differs in a calendar, as it was and as it is; two empty texts if nothing does."""
    pairs = list(_apart(before, after))
    return ", ".join(was for was, _ in pairs), ", ".join(now for _, now in pairs)


def _apart(before: Calendar, after: Calendar) -> Iterator[tuple[str, str]]:
    one, other = before.rule, after.rule
    if one.zone.name != other.zone.name:
        yield one.zone.name, other.zone.name
    if not same_hours(before, after):
        yield _hours(before, after)
    if before.business_day != after.business_day:
        yield f"business day: {_day(before.business_day)}", f"business day: {_day(after.business_day)}"
    if before.closing != after.closing:
        yield f"closing: {before.closing}", f"closing: {after.closing}"


def _hours(before: Calendar, after: Calendar) -> tuple[str, str]:
    """The weekly hours where those differ; else the first instant at which only one of them is open."""
    one, other = before.rule, after.rule
    if isinstance(one, WeeklyRule) and isinstance(other, WeeklyRule):
        if one.week != other.week:
            return f"open {_week(one.week)}", f"open {_week(other.week)}"
        if one.breaks != other.breaks:
            return f"breaks {_week(one.breaks)}", f"breaks {_week(other.breaks)}"
    start_at, end_at = shared_years(before, after)
    spans = [each.spans.clip(start_at, end_at) for each in (before, after)]
    at = next(iter(((spans[0] - spans[1]) | (spans[1] - spans[0])).starts), None)
    if at is None:
        return "other hours", "the same hours"
    when = local(at, one.zone)
    is_open = at in spans[0]
    return f"{'open' if is_open else _CLOSED} {when}", f"{_CLOSED if is_open else 'open'} {when}"


def _week(week: Week) -> str:
    """Hours as they are written: `Mon-Fri 09:00-17:00, Sat 10:00-12:00`."""
    said = []
    for windows, days in groupby(range(7), lambda day: week[day]):
        run = list(days)
        if windows:
            name = _DAYS[run[0]] if len(run) == 1 else f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}"
            said.append(f"{name} {_windows(windows)}")
    return ", ".join(said) or "never"


def _windows(windows: Windows) -> str:
    return " ".join(f"{_clock(one.start_s)}-{_clock(one.end_s)}" for one in windows)


def _clock(second: int) -> str:
    return clock_time((second if second <= DAY // SECOND else second - DAY // SECOND) * SECOND)


def _day(day: BusinessDay | None) -> str:
    if day is None:
        return "none"
    return day.sense if day.hours_us is None else format_duration(day.hours_us)
