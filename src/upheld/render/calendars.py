"""A calendar as text: when it is open, day by day."""

from __future__ import annotations

from datetime import timedelta

from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import DAY, Instant
from upheld.core.timeline.opening import holidays_of
from upheld.render import words

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def opening_rows(calendar: Calendar, start_at: Instant, end_at: Instant) -> list[str]:
    """One row a local day of [start_at, end_at): its hours, how long that is, and its holiday, if any."""
    zone = calendar.rule.zone
    holidays = holidays_of(calendar.rule)
    rows = []
    on = zone.local_of(start_at)[0]
    while zone.day_start(on) < end_at:
        from_at, to_at = zone.day_start(on), zone.day_start(on + timedelta(days=1))
        open_ = calendar.spans.clip(from_at, to_at)
        hours = ", ".join(_window(a, b, calendar, from_at, to_at) for a, b in open_) or "closed"
        length = words.length(open_.length) if open_ else ""
        odd = "" if to_at - from_at == DAY else f"a day of {words.length(to_at - from_at)}"
        told = ", ".join(text for text in (holidays.get(on, ""), odd) if text)
        rows.append([f"{_DAYS[on.weekday()]} {on.isoformat()}", hours, length, told])
        on += timedelta(days=1)
    return [f"{calendar.name}, times are {zone.name}", *words.table(rows, right=frozenset({2}))]


def _window(
    opens_at: Instant, closes_at: Instant, calendar: Calendar, from_at: Instant, to_at: Instant
) -> str:
    zone = calendar.rule.zone
    opens = words.clock_time(zone.label_at(opens_at) % DAY)
    closes = "24:00" if closes_at == to_at else words.clock_time(zone.label_at(closes_at) % DAY)
    return f"{opens}-{closes}"
