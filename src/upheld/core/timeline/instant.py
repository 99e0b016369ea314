"""Instants and durations: integers of microseconds, and their texts.

An instant counts microseconds since 1970-01-01T00:00:00Z without leap seconds, as RFC 3339 and POSIX do.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

Instant: TypeAlias = int
Duration: TypeAlias = int

MICROSECOND: Final = 1
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

FOREVER: Final = 1 << 62
"""Later than any instant: the end of what has none."""

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

EPOCH_AT: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
ONE_MICROSECOND: Final = timedelta(microseconds=1)

_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_DURATION_PART = re.compile(r"(\d+)(?:\.(\d+))?\s*([A-Za-z]*)\s*", re.ASCII)
_UNITS: Final = {"h": HOUR, "m": MINUTE, "min": MINUTE, "s": SECOND}


class DurationError(ValueError):
    """A text is not a duration; `offset` is the character of the text at which that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def instant_of(at: datetime) -> Instant:
    """The instant of an aware datetime. ValueError for a naive one: it does not say when it is."""
    try:
        since = at - EPOCH_AT
    except TypeError:
        raise ValueError(f"{at!r} has no time zone, so it names no instant") from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def datetime_of(at: Instant) -> datetime:
    """The aware UTC datetime of an instant."""
    return EPOCH_AT + at * ONE_MICROSECOND


def day_instant(on: date) -> Instant:
    """The instant at which a date begins in UTC; also the label of its local midnight."""
    return (on.toordinal() - EPOCH_ORDINAL) * DAY


def parse_instant(text: str) -> Instant:
    """Read an RFC 3339 date-time with its offset; at most six digits of a second, years 1900 to 2199.

    A leap second (23:59:60 UTC at the end of a month) is read as the second that follows it.
    ValueError says what is wrong.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an instant: {_instant_fault(text)}")
    year, month, day, hour, minute, second, fraction, sign, offset_h, offset_min = match.groups()
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(f"{text!r} is not an instant: the year is outside {FIRST_YEAR} to {LAST_YEAR}")
    try:
        start_of_day = day_instant(date(int(year), int(month), int(day)))
    except ValueError:
        raise ValueError(f"{text!r} is not an instant: there is no such day") from None
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60:
        raise ValueError(f"{text!r} is not an instant: there is no such time of day")
    at = start_of_day + int(hour) * HOUR + int(minute) * MINUTE + int(second) * SECOND
    if sign is not None:
        if int(offset_h) > 23 or int(offset_min) > 59:
            raise ValueError(f"{text!r} is not an instant: there is no such offset from UTC")
        offset = int(offset_h) * HOUR + int(offset_min) * MINUTE
        at += offset if sign == "-" else -offset
    if second == "60" and not (at % DAY == 0 and datetime_of(at).day == 1):
        raise ValueError(f"{text!r} is not an instant: a leap second is 23:59:60 UTC at the end of a month")
    if fraction is not None:
        if len(fraction) > 6:
            raise ValueError(f"{text!r} is not an instant: a fraction has at most six digits (microseconds)")
        at += int(fraction.ljust(6, "0"))
    return at


def _instant_fault(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return "it is a date without a time; write it as 2026-06-05T14:30:00Z"
    if re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?", text, re.ASCII):
        return "it has no offset from UTC; write it as 2026-06-05T14:30:00Z or 2026-06-05T14:30:00+02:00"
    return "write it as 2026-06-05T14:30:00Z or 2026-06-05T14:30:00+02:00 (RFC 3339)"


def format_instant(at: Instant) -> str:
    """The shortest RFC 3339 text in UTC: a fraction only when there is one, without trailing zeros."""
    seconds, fraction = divmod(at, SECOND)
    text = datetime_of(seconds * SECOND).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return f"{text}.{fraction:06d}".rstrip("0") + "Z" if fraction else text + "Z"


def parse_duration(text: str) -> Duration:
    """Read '90m', '2h30m', '1 h 30 min' or '0.5 s': hours, minutes and seconds, largest first, exact.

    Days are not a duration (a day may have 23 hours, and a business day eight): they are amounts.
    DurationError (a ValueError) says what is wrong and at which character.
    """
    total, position, smallest = 0, 0, DAY
    stripped = text.rstrip()
    position = len(stripped) - len(stripped.lstrip())
    if position == len(stripped):
        raise DurationError("a duration is missing; write it as 30m or 1h 30m", 0)
    while position < len(stripped):
        match = _DURATION_PART.match(stripped, position)
        if match is None:
            raise DurationError("expected a number and a unit (h, m, min, s), as in 1h 30m", position)
        whole, decimals, word = match.groups()
        unit = _UNITS.get(word)
        if unit is None:
            message = f"unknown unit {word!r}" if word else f"{match.group().strip()} has no unit"
            raise DurationError(f"{message}; durations are in h, m (or min) and s", match.start(3))
        if unit >= smallest:
            raise DurationError("the parts of a duration go from large to small, each unit once", position)
        smallest = unit
        total += int(whole) * unit
        if decimals is not None:
            part, rest = divmod(int(decimals) * unit, 10 ** len(decimals))
            if rest:
                raise DurationError("finer than a microsecond", position)
            total += part
        position = match.end()
    return total


def format_duration(duration: Duration) -> str:
    """An exact text for people: '1 h 30 min', '11 min', '45 s', '0.25 s', '-5 min'."""
    sign = "-" if duration < 0 else ""
    hours, rest = divmod(abs(duration), HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, micros = divmod(rest, SECOND)
    parts = []
    if hours:
        parts.append(f"{hours} h")
    if minutes:
        parts.append(f"{minutes} min")
    if micros:
        parts.append(f"{seconds}.{micros:06d}".rstrip("0") + " s")
    elif seconds or not parts:
        parts.append(f"{seconds} s")
    return sign + " ".join(parts)
