"""Opening hours as people write them, such as 'Mon-Thu 08:30-17:00, Fri 08:30-16:00', to windows and back."""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from upheld.core.timeline.opening import CLOSED, Week, Window, Windows

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS: Final = {name.lower(): i for names in (_DAYS, _LONG) for i, name in enumerate(names)}
_DAY_S: Final = 86_400

_TOKEN = re.compile(r"\s*(?:(?P<day>[A-Za-z]+)|(?P<time>\d[\d:.]*\w*)|(?P<sign>[,–-]))")
_TIME = re.compile(r"(\d\d):(\d\d)", re.ASCII)

LONGEST: Final = 2_000
"""Characters of the hours of a week: each window of each day needs twelve."""


class HoursError(ValueError):
    """A text does not say opening hours; `offset` is the character of the text at which that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse_hours(text: str) -> Week:
    """The windows of each day of the week, Monday first.

    Groups stand between commas: days (`Mon`, `Mon-Fri`, `Sat,Sun`, `Fri-Mon`, `daily`), then their windows. A
    window that ends at or before its start runs over midnight and belongs to the day on which it starts.
    HoursError says what is wrong and at which character.
    """
    scan = _Scan(text)
    found: list[_Placed] = []
    while True:
        days = _read_days(scan)
        while True:
            window, offset = _read_window(scan)
            found += [_Placed(day * _DAY_S + window.start_s, window, day, offset) for day in days]
            if scan.kind == "sign" and scan.word == "," and scan.following == "time":
                scan.step()
            if scan.kind != "time":
                break
        if not scan.kind:
            break
        if scan.word != ",":
            raise HoursError(f"expected a comma before the next days, not {scan.word!r}", scan.offset)
        scan.step()
    _refuse_overlaps(found)
    week = [CLOSED] * 7
    for placed in sorted(found):
        week[placed.day] += (placed.window,)
    return (week[0], week[1], week[2], week[3], week[4], week[5], week[6])


def parse_day_windows(text: str) -> Windows:
    """The windows of one date: '09:00-13:00', '08:00-12:00 13:00-17:00' or 'closed'. HoursError if not."""
    scan = _Scan(text)
    if scan.kind == "day" and scan.word.lower() == "closed" and not scan.following:
        return CLOSED
    if scan.kind == "day":
        raise HoursError("a date has windows such as 09:00-13:00, or is closed", scan.offset)
    found: list[_Placed] = []
    while True:
        window, offset = _read_window(scan)
        found.append(_Placed(window.start_s, window, 0, offset))
        if scan.word == ",":
            scan.step()
        elif not scan.kind:
            break
    _refuse_overlaps(found)
    return tuple(placed.window for placed in sorted(found))


def format_hours(week: Week) -> str:
    """The canonical text, which `parse_hours` reads back; empty for a week that never opens."""
    groups: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and week[last + 1] == week[day]:
            last += 1
        if week[day]:
            days = _DAYS[day] if last == day else f"{_DAYS[day]}-{_DAYS[last]}"
            groups.append(f"{'daily' if last - day == 6 else days} {format_day_windows(week[day])}")
        day = last + 1
    return ", ".join(groups)


def format_day_windows(windows: Windows) -> str:
    """The canonical text, which `parse_day_windows` reads back."""
    if not windows:
        return "closed"
    return " ".join(f"{_clock(window.start_s)}-{_clock(window.end_s)}" for window in windows)


def _clock(second: int) -> str:
    minutes = (second if second <= _DAY_S else second - _DAY_S) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class _Placed(NamedTuple):
    """A window in its week, and where the text says it."""

    start_s: int
    window: Window
    day: int
    offset: int


class _Scan:
    """The words of a text, one at a time: a day, a time, a sign or, at the end, nothing."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise HoursError(f"the hours of a week need no more than {LONGEST:,} characters", LONGEST)
        self._words: list[tuple[str, str, int]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                offset = position + len(text[position:]) - len(text[position:].lstrip())
                raise HoursError(f"unexpected {text[offset]!r} in opening hours", offset)
            self._words.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            position = match.end()
        self._words.append(("", "", len(text)))
        self._at = 0

    @property
    def kind(self) -> str:
        return self._words[self._at][0]

    @property
    def word(self) -> str:
        return self._words[self._at][1].replace("–", "-")

    @property
    def offset(self) -> int:
        return self._words[self._at][2]

    @property
    def following(self) -> str:
        """The kind of the next word."""
        return self._words[min(self._at + 1, len(self._words) - 1)][0]

    def step(self) -> None:
        self._at = min(self._at + 1, len(self._words) - 1)


def _read_days(scan: _Scan) -> list[int]:
    if scan.kind == "day" and scan.word.lower() == "daily":
        scan.step()
        return list(range(7))
    days: list[int] = []
    while True:
        offset = scan.offset
        first = last = _read_day(scan)
        if scan.word == "-":
            scan.step()
            last = _read_day(scan)
        for i in range((last - first) % 7 + 1):
            day = (first + i) % 7
            if day in days:
                raise HoursError(f"{_DAYS[day]} is named twice", offset)
            days.append(day)
        if scan.word != ",":
            return days
        scan.step()


def _read_day(scan: _Scan) -> int:
    if scan.kind != "day":
        if scan.kind == "time":
            raise HoursError(
                "say which days these hours are of, as in Mon-Fri 09:00-17:00 or daily", scan.offset
            )
        raise HoursError("expected a day, as in Mon-Fri 09:00-17:00 or daily", scan.offset)
    number = _NUMBERS.get(scan.word.lower())
    if number is None:
        raise HoursError(f"unknown day {scan.word!r}{_meant(scan.word)}", scan.offset)
    scan.step()
    return number


def _meant(word: str) -> str:
    from difflib import get_close_matches  # here: only an unknown day pays for it

    close = get_close_matches(word.lower(), [*_NUMBERS, "daily"], 1, 0.5)
    if not close:
        return f"; days are {', '.join(_DAYS)} or daily"
    number = _NUMBERS.get(close[0])
    return f"; did you mean {'daily' if number is None else _DAYS[number]}?"


def _read_window(scan: _Scan) -> tuple[Window, int]:
    offset = scan.offset
    start = _read_time(scan)
    if scan.word != "-":
        raise HoursError("expected - and the time at which the window ends", scan.offset)
    scan.step()
    end = _read_time(scan)
    if start == _DAY_S:
        raise HoursError("a window cannot start at 24:00; write 00:00 of the next day", offset)
    if start == end:
        raise HoursError("this window has no length; a whole day is 00:00-24:00", offset)
    return Window(start, end if end > start else end + _DAY_S), offset


def _read_time(scan: _Scan) -> int:
    if scan.kind != "time":
        raise HoursError("expected a time, as in 09:00", scan.offset)
    word = scan.word
    match = _TIME.fullmatch(word)
    if match is None:
        raise HoursError(f"write times as 09:00, not {word!r}{_rewritten(word)}", scan.offset)
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise HoursError(f"there is no time {word}; a day ends at 24:00", scan.offset)
    scan.step()
    return hour * 3600 + minute * 60


def _rewritten(word: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d\d))?(am|pm)?", word, re.IGNORECASE | re.ASCII)
    if match is None:
        return ""
    hour, half = int(match[1]), (match[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f": {hour:02d}:{match[2] or '00'}"


def _refuse_overlaps(found: list[_Placed]) -> None:
    """Windows of one week may touch but not overlap, also over midnight and from Sunday into Monday."""
    ordered = sorted(found)
    for earlier, later in pairwise(ordered):
        if earlier.day * _DAY_S + earlier.window.end_s > later.start_s:
            raise HoursError(_overlap(earlier, later), max(earlier.offset, later.offset))
    if ordered and max(p.day for p in ordered) == 6:
        last, first = ordered[-1], ordered[0]
        if 6 * _DAY_S + last.window.end_s - 7 * _DAY_S > first.start_s:
            raise HoursError(_overlap(last, first), max(last.offset, first.offset))


def _overlap(one: _Placed, other: _Placed) -> str:
    texts = [f"{_DAYS[p.day]} {format_day_windows((p.window,))}" for p in (one, other)]
    return f"{texts[0]} and {texts[1]} overlap"
