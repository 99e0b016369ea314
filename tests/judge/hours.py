"""When a calendar is open, found by looking at the wall clock at every minute.

Nothing here is computed with intervals: each minute of the axis gets its local label from the standard
library's `zoneinfo` (on the pinned tz data), and the label alone says open or closed.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTE_S = 60
DAY_MIN = 24 * 60
ONE_DAY = timedelta(days=1)

Window = tuple[int, int]


@cache
def load_zone(name: str) -> ZoneInfo:
    """The zone as the pinned tzdata package has it, never the system's."""
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def wall(at_s: int, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows, without its zone."""
    return datetime.fromtimestamp(at_s, zone).replace(tzinfo=None)


def instant(shown: datetime, zone: ZoneInfo, fold: int = 0) -> int:
    """The first instant at which the wall clock shows this; in a gap, by the offset before it (PEP 495).

    With a `fold` of 1 the second, and in a gap by the offset after it.
    """
    return round(shown.replace(tzinfo=zone, fold=fold).timestamp())


class Axis(NamedTuple):
    """The steps of one world: step i stands for [start_s + i * step_s, start_s + (i + 1) * step_s)."""

    start_s: int
    step_s: int
    steps: int

    def step(self, at_s: int) -> int:
        """The step that begins at an instant, which must be on the grid (it may lie before the axis)."""
        step, rest = divmod(at_s - self.start_s, self.step_s)
        assert rest == 0, f"{at_s} is not on the grid"
        return step

    def at_s(self, step: int) -> int:
        """The instant at which a step begins."""
        return self.start_s + step * self.step_s


class Hours:
    """One calendar on one axis: `open[i]` is 1 if it is open during step i.

    `first` and `last` give for each business date the step of its first opening and of its last closing.
    A window over midnight belongs to the date on which it starts; a combination is cut at midnight.
    """

    def __init__(self, axis: Axis, zone: ZoneInfo, row: dict[str, Any]) -> None:
        self.axis, self.zone = axis, zone
        self.business_day: str = row.get("business day", "")
        self.closing: str = row.get("closing", "stay")
        self.open = bytearray(axis.steps)
        self.first: dict[date, int] = {}
        self.last: dict[date, int] = {}

    def mark(self, low: int, high: int, on: date) -> None:
        """Open from step `low` to step `high`, as business of that date."""
        self.open[low:high] = b"\x01" * (high - low)
        self.first.setdefault(on, low)
        self.last[on] = high

    def nth_date(self, step: int, n: int) -> date | None:
        """The n-th business date after the local date of a step; None if it is beyond the axis."""
        dates = sorted(self.first)
        i = bisect_right(dates, self.shown(step).date()) + n - 1
        # The last two dates of the axis may be cut short, so they are not to be relied upon.
        sure = self.shown(self.axis.steps).date() - 2 * ONE_DAY
        return dates[i] if i < len(dates) and dates[i] <= sure else None

    def shown(self, step: int) -> datetime:
        """The local label of the beginning of a step."""
        return wall(self.axis.at_s(step), self.zone)

    def next_open(self, step: int) -> int | None:
        """The first open step from this one on; None if the axis ends before."""
        found = self.open.find(1, step)
        return None if found < 0 else found


class Week:
    """The written form of a weekly calendar, asked about one label at a time."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.open = _by_weekday(row["open"])
        self.breaks = _by_weekday(row.get("breaks", []))
        holidays = row.get("holidays", "none")
        if holidays == "none":
            holidays = {}
        removed = set(holidays.get("remove", []))
        self.holidays = {on for on in holidays.get("add", {}) if on not in removed}
        self.holiday_hours = _windows(holidays.get("open", "closed"))
        self.dates = {on: _windows(text) for on, text in row.get("dates", {}).items()}

    def is_ordinary(self, on: date) -> bool:
        """Neither a holiday nor a date with hours of its own."""
        return on.isoformat() not in self.dates and on.isoformat() not in self.holidays

    def windows(self, on: date) -> list[Window]:
        """The windows that start on a date; what is written for the date itself goes before a holiday."""
        key = on.isoformat()
        if key in self.dates:
            return self.dates[key]
        return self.holiday_hours if key in self.holidays else self.open[on.weekday()]

    def day(self, on: date) -> list[date | None]:
        """For every minute of a local date the date whose window covers it; None where it is closed."""
        covered: list[date | None] = [None] * DAY_MIN
        before = on - ONE_DAY
        for low, high in self.windows(before):
            for minute in range(low, high):
                if minute >= DAY_MIN:
                    covered[minute - DAY_MIN] = before
        for low, high in self.windows(on):
            for minute in range(low, min(high, DAY_MIN)):
                covered[minute] = on
        if self.is_ordinary(on):
            for low, high in self.breaks[on.weekday()]:
                for minute in range(low, high):
                    covered[minute] = None
        return covered


class Walls:
    """All calendars of one agreement on one axis; each zone's wall clock is read once per minute."""

    def __init__(self, axis: Axis, rows: dict[str, Any], zone: str) -> None:
        self.axis, self.zone = axis, zone
        self.rows = {"always": {"zone": zone, "business day": "24h"}, **rows}
        self._labels: dict[str, list[tuple[date, int]]] = {}
        self._hours: dict[str, Hours] = {}

    def __getitem__(self, name: str) -> Hours:
        if name not in self._hours:
            self._hours[name] = self._look(name)
        return self._hours[name]

    def labels(self, zone: str) -> list[tuple[date, int]]:
        """The local date and minute of the day of every minute of the axis."""
        if zone not in self._labels:
            rules, axis = load_zone(zone), self.axis
            shown = (
                datetime.fromtimestamp(at_s, rules)
                for at_s in range(axis.start_s, axis.at_s(axis.steps), MINUTE_S)
            )
            self._labels[zone] = [(at.date(), at.hour * 60 + at.minute) for at in shown]
        return self._labels[zone]

    def _look(self, name: str) -> Hours:
        row = self.rows[name]
        zone = row.get("zone", self.zone)
        hours = Hours(self.axis, load_zone(zone), row)
        per_minute = MINUTE_S // self.axis.step_s
        week = Week(row) if "open" in row else None
        parts = [(op, self[part]) for op in _OPS for part in row.get(op, [])]
        days: dict[date, list[date | None]] = {}
        business: list[date | None] = []
        for i, (on, minute) in enumerate(self.labels(zone)):
            if week is not None:
                if on not in days:
                    days[on] = week.day(on)
                business.append(days[on][minute])
            elif not parts or _combined(parts, i * per_minute):
                business.append(on)
            else:
                business.append(None)
        i = 0
        for day, minutes in groupby(business):
            n = len(list(minutes))
            if day is not None:
                hours.mark(i * per_minute, (i + n) * per_minute, day)
            i += n
        return hours


_OPS = ("union", "intersection", "difference")


def _combined(parts: list[tuple[str, Hours]], step: int) -> bool:
    op = parts[0][0]
    answers = [bool(hours.open[step]) for _, hours in parts]
    if op == "union":
        return any(answers)
    if op == "intersection":
        return all(answers)
    return answers[0] and not any(answers[1:])


def _by_weekday(written: str | list[str]) -> list[list[Window]]:
    week: list[list[Window]] = [[] for _ in DAYS]
    for text in [written] if isinstance(written, str) else written:
        days, span = text.split(" ")
        first, _, last = days.partition("-")
        for weekday in range(DAYS.index(first), DAYS.index(last or first) + 1):
            week[weekday] += _windows(span)
    return week


def _windows(text: str) -> list[Window]:
    if text == "closed":
        return []
    low, high = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return [(low, high if high > low else high + DAY_MIN)]


def text_of(at_s: int) -> str:
    """An instant as the fact files write it."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
