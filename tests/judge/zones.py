"""Every change of clocks in every zone: is-open, elapsed and deadlines of core beside the judge's.

Around each transition the two must agree at every minute, on calendars made to touch it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from random import Random
from typing import Any

from upheld.core.timeline.calendar import BusinessDay, Calendar, WeeklyRule, Window, compile_calendar
from upheld.core.timeline.opening import Week as CoreWeek
from upheld.core.timeline.zone import Zone, parse_tzif
from upheld.core.values.amount import parse_amount

from .amounts import axis_seconds, counted_step, named_step
from .hours import DAYS, MINUTE_S, Axis, Walls, text_of
from .worlds import DAY_S, transitions_in

FIRST_YEAR, LAST_YEAR = 1990, 2037
SECOND_US = 1_000_000
MARGIN_S = 2 * DAY_S

POOL: tuple[dict[str, Any], ...] = (
    {"open": "Mon-Fri 09:00-17:00", "breaks": "Mon-Fri 12:00-12:45", "business day": "end of day"},
    {"open": "Mon-Sun 00:00-24:00", "business day": "end of day"},
    {"open": "Mon-Sun 22:00-06:00", "business day": "8h"},
    {"open": ["Mon-Sun 00:15-02:30", "Mon-Sun 22:30-24:00"], "business day": "same time"},
    {"open": ["Mon-Sun 01:30-02:15", "Mon-Sun 02:45-03:20"], "business day": "3h"},
    {"open": "Mon-Sun 23:30-00:30", "business day": "1h"},
    {"open": "Sat-Sun 01:00-04:00", "business day": "end of day"},
)


def zone_names() -> list[str]:
    """Every zone of the pinned data, one name for those whose data are the same."""
    names: dict[bytes, str] = {}
    for name in resources.files("tzdata").joinpath("zones").read_text().split():
        names.setdefault(zone_bytes(name), name)
    return sorted(names.values())


def zone_bytes(name: str) -> bytes:
    """The pinned data of a zone."""
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def judge_zone(name: str, seed: int = 0) -> Iterator[str]:
    """Every disagreement about a zone, as text."""
    random = Random(f"{seed} {name}")
    zone = parse_tzif(name, zone_bytes(name), FIRST_YEAR - 1, LAST_YEAR + 1)
    rows = dict(enumerate(random.sample(POOL, 3)))
    calendars = {n: _compiled(zone, row) for n, row in rows.items()}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for at_s in transitions_in(name, year):
            start_s = (at_s - MARGIN_S) // MINUTE_S * MINUTE_S
            axis = Axis(start_s, MINUTE_S, 2 * MARGIN_S // MINUTE_S)
            walls = Walls(axis, {str(n): {"zone": name, **row} for n, row in rows.items()}, name)
            for n, calendar in calendars.items():
                for fault in _compare(calendar, walls, str(n), random):
                    yield f"{name} at {text_of(at_s)}, {rows[n]}: {fault}"


def _compare(calendar: Calendar, walls: Walls, key: str, random: Random) -> Iterator[str]:
    axis, hours = walls.axis, walls[key]
    start = axis.start_s * SECOND_US
    elapsed = 0
    for step in range(axis.steps):
        at = axis.at_s(step) * SECOND_US
        if calendar.is_open(at) != bool(hours.open[step]):
            yield f"at {text_of(axis.at_s(step))} the judge says open={bool(hours.open[step])}"
            return
        if step % 16 == 0 and calendar.elapsed(start, at) != elapsed * MINUTE_S * SECOND_US:
            yield f"by {text_of(axis.at_s(step))} the judge has {elapsed} minutes elapsed"
            return
        elapsed += hours.open[step]
    for amount in (f"{random.randint(1, 900)}m", "1 business day", "2 business days", "1d", "2d"):
        anchor = random.randrange(axis.steps // 2)
        seconds = axis_seconds(amount, hours)
        if seconds is None:
            due = named_step(amount, hours, anchor)
        else:
            due = counted_step(seconds // MINUTE_S, hours, anchor)
        if due is None or due >= axis.steps:
            continue
        found = calendar.deadline(axis.at_s(anchor) * SECOND_US, parse_amount(amount))
        if found != axis.at_s(due) * SECOND_US:
            told = datetime.fromtimestamp(found / SECOND_US, UTC)
            yield f"{amount} after {text_of(axis.at_s(anchor))}: judge {text_of(axis.at_s(due))}, core {told}"


def _compiled(zone: Zone, row: dict[str, Any]) -> Calendar:
    """The same row as a calendar of core, by its own values."""
    sense = row["business day"]
    hours_us = int(sense[:-1]) * 3600 * SECOND_US if sense.endswith("h") else None
    day = BusinessDay("hours", hours_us) if hours_us else BusinessDay(sense)
    rule = WeeklyRule(zone, _week(row["open"]), _week(row.get("breaks", [])))
    return compile_calendar("pool", rule, FIRST_YEAR - 1, LAST_YEAR + 1, business_day=day)


def _week(written: str | list[str]) -> CoreWeek:
    days: list[list[Window]] = [[] for _ in DAYS]
    for text in [written] if isinstance(written, str) else written:
        names, span = text.split(" ")
        first, _, last = names.partition("-")
        low, high = (int(part[:2]) * 3600 + int(part[3:]) * 60 for part in span.split("-"))
        for weekday in range(DAYS.index(first), DAYS.index(last or first) + 1):
            days[weekday].append(Window(low, high if high > low else high + DAY_S))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (tuple(windows) for windows in days)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday
