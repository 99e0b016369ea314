"""Time zones as values: transitions and offsets, read from TZif bytes, valid for a horizon of years.

A *label* is what a local clock shows, as the microseconds to it from 1970-01-01 00:00 in days of 24 hours.
Source: RFC 9636 (TZif) and the POSIX TZ string of its footer.
"""

import re
import struct
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from upheld.core.timeline.instant import (
    DAY,
    EPOCH_ORDINAL,
    FIRST_YEAR,
    LAST_YEAR,
    SECOND,
    Instant,
    day_instant,
    format_instant,
)
from upheld.core.values.frozen import dataclass, field

# Local midnights lie up to a day from those of UTC, and windows may pass midnight.
_MARGIN: Final = 2 * DAY


class BeyondHorizon(ValueError):  # noqa: N818 - it names the case, as StopIteration does
    """A question outside the years that were compiled; the message says which, and the way out."""


class Regime(NamedTuple):
    """A stretch of instants [start_at, end_at) in which the local clock is ahead of UTC by one offset."""

    start_at: Instant
    end_at: Instant
    offset_us: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone for the years `start_year` to `end_year`.

    `offsets_s[i]` and `abbreviations[i]` hold from `transitions[i - 1]` until `transitions[i]`.
    ValueError if the parts do not fit together.
    """

    name: str
    transitions: tuple[Instant, ...]
    offsets_s: tuple[int, ...]
    abbreviations: tuple[str, ...]
    start_year: int
    end_year: int
    start_at: Instant = field(init=False, repr=False, compare=False)
    end_at: Instant = field(init=False, repr=False, compare=False)
    # Labels from which the later offset is read (fold=0), and those at which each regime begins.
    _readings: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _entries: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.start_year <= self.end_year <= LAST_YEAR:
            raise ValueError(f"zone {self.name}: {self.start_year} to {self.end_year} are not years")
        if not len(self.transitions) + 1 == len(self.offsets_s) == len(self.abbreviations):
            raise ValueError(f"zone {self.name}: transitions and offsets do not match")
        if any(b <= a for a, b in zip(self.transitions, self.transitions[1:], strict=False)):
            raise ValueError(f"zone {self.name}: transitions are not in order")
        offsets = [offset_s * SECOND for offset_s in self.offsets_s]
        pairs = zip(offsets, offsets[1:], self.transitions, strict=False)
        readings = tuple(at + max(before, after) for before, after, at in pairs)
        entries = tuple(at + after for at, after in zip(self.transitions, offsets[1:], strict=True))
        for name, value in (
            ("start_at", day_instant(date(self.start_year, 1, 1)) - _MARGIN),
            ("end_at", day_instant(date(self.end_year + 1, 1, 1)) + _MARGIN),
            ("_readings", readings),
            ("_entries", entries),
        ):
            object.__setattr__(self, name, value)

    def offset_at(self, at: Instant) -> int:
        """Seconds by which local clocks are ahead of UTC. BeyondHorizon outside the years."""
        if not self.start_at <= at < self.end_at:
            raise self._beyond(at)
        return self.offsets_s[bisect_right(self.transitions, at)]

    def abbreviation_at(self, at: Instant) -> str:
        """What local clocks call their time, such as CEST. BeyondHorizon outside the years."""
        if not self.start_at <= at < self.end_at:
            raise self._beyond(at)
        return self.abbreviations[bisect_right(self.transitions, at)]

    def label_at(self, at: Instant) -> int:
        """What local clocks show, as a label. BeyondHorizon outside the years."""
        return at + self.offset_at(at) * SECOND

    def local_of(self, at: Instant) -> tuple[date, int]:
        """The local date and the second of the day, rounded down. BeyondHorizon outside the years."""
        days, rest = divmod(self.label_at(at), DAY)
        return date.fromordinal(days + EPOCH_ORDINAL), rest // SECOND

    def date_at(self, at: Instant) -> date:
        """The local date. BeyondHorizon outside the years."""
        return date.fromordinal(self.label_at(at) // DAY + EPOCH_ORDINAL)

    def at_label(self, label: int) -> Instant:
        """The instant of a label: in a fold the first, in a gap by the offset before it (PEP 495, fold=0).

        BeyondHorizon outside the years.
        """
        at = label - self.offsets_s[bisect_right(self._readings, label)] * SECOND
        if not self.start_at <= at < self.end_at:
            raise self._beyond(at)
        return at

    def last_at_label(self, label: int) -> Instant:
        """The last instant at which local clocks show no more than the label.

        In a fold that is its second occurrence, in a gap the last microsecond before it.
        BeyondHorizon outside the years.
        """
        i = bisect_right(self._entries, label)
        at = label - self.offsets_s[i] * SECOND
        if i < len(self.transitions):
            at = min(at, self.transitions[i] - 1)
        if not self.start_at <= at < self.end_at:
            raise self._beyond(at)
        return at

    def instant_at(self, on: date, second_of_day: int) -> Instant:
        """The instant of a local date and time (86,400 is 24:00), read as `at_label` does."""
        return self.at_label(day_instant(on) + second_of_day * SECOND)

    def day_start(self, on: date) -> Instant:
        """The first instant of a local date, also where the day has no midnight.

        A date that the zone skipped starts where the next one does.
        """
        label = day_instant(on)
        at = self.at_label(label)
        if self.label_at(at) == label:
            return at
        return self.transitions[bisect_right(self.transitions, at) - 1]

    def regimes(self, start_at: Instant, end_at: Instant) -> Iterator[Regime]:
        """The regimes that make up [start_at, end_at), in order. BeyondHorizon outside the years."""
        if start_at < self.start_at or end_at > self.end_at:
            raise self._beyond(start_at if start_at < self.start_at else end_at)
        i = bisect_right(self.transitions, start_at)
        while start_at < end_at:
            until = min(self.transitions[i], end_at) if i < len(self.transitions) else end_at
            yield Regime(start_at, until, self.offsets_s[i] * SECOND)
            start_at = until
            i += 1

    def _beyond(self, at: Instant) -> BeyondHorizon:
        return BeyondHorizon(
            f"{_text(at)} is outside the years {self.start_year} to {self.end_year} for which zone "
            f"{self.name} is known; widen the years of the lock"
        )


def _text(at: Instant) -> str:
    try:
        return format_instant(at)
    except (OverflowError, ValueError):
        return f"the instant {at}"


def parse_tzif(name: str, data: bytes, start_year: int, end_year: int) -> Zone:
    """The zone for the given years from the bytes of a TZif file, version 2 or later (RFC 9636).

    Transitions after the last one listed come from the footer. ValueError if the bytes are not such a file.
    """
    try:
        listed, first, footer = _read_tzif(data)
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise ValueError(f"zone {name}: the data is not a TZif file ({fault})") from None
    rule = _parse_footer(name, footer) if footer else None
    if rule is not None and not listed:
        first = rule.standard
    changes = listed
    if rule is not None:
        last_at = listed[-1][0] if listed else None
        first_year = start_year - 2
        if last_at is not None:
            first_year = max(first_year, date.fromordinal(EPOCH_ORDINAL + last_at // DAY).year - 1)
        changes = listed + [
            change
            for change in rule.changes(first_year, end_year + 1)
            if last_at is None or change[0] > last_at
        ]
    start_at = day_instant(date(start_year, 1, 1)) - _MARGIN
    end_at = day_instant(date(end_year + 1, 1, 1)) + _MARGIN
    transitions: list[Instant] = []
    kinds = [first]
    for at, kind in changes:
        if at >= end_at:
            break
        if at <= start_at:
            kinds = [kind]
        elif kind != kinds[-1]:
            transitions.append(at)
            kinds.append(kind)
    return Zone(
        name,
        tuple(transitions),
        tuple(kind.offset_s for kind in kinds),
        tuple(kind.abbreviation for kind in kinds),
        start_year,
        end_year,
    )


class _Kind(NamedTuple):
    offset_s: int
    abbreviation: str


_Change = tuple[Instant, _Kind]
_HEADER = struct.Struct(">4sc15x6L")


def _read_tzif(data: bytes) -> tuple[list[_Change], _Kind, str]:
    """The listed changes, the kind of time before the first, and the footer."""
    magic, version, *counts = _HEADER.unpack_from(data)
    if magic != b"TZif" or version < b"2":
        raise struct.error("no version 2 header")
    isut, isstd, leap, times, types, chars = counts
    second = _HEADER.size + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    magic, _, isut, isstd, leap, times, types, chars = _HEADER.unpack_from(data, second)
    if magic != b"TZif" or leap:
        raise struct.error("no second header, or one that counts leap seconds")
    position = second + _HEADER.size
    instants = struct.unpack_from(f">{times}q", data, position)
    indices = struct.unpack_from(f">{times}B", data, position + times * 8)
    position += times * 9
    records = list(struct.iter_unpack(">lBB", data[position : position + types * 6]))
    position += types * 6
    names = data[position : position + chars]
    position += chars + leap * 12 + isstd + isut
    if len(records) != types or not records or data[position : position + 1] != b"\n" or data[-1:] != b"\n":
        raise struct.error("truncated")
    kinds = [_Kind(offset_s, names[at : names.index(0, at)].decode("ascii")) for offset_s, _, at in records]
    changes = [(at * SECOND, kinds[i]) for at, i in zip(instants, indices, strict=True)]
    return changes, kinds[0], data[position + 1 : -1].decode("ascii")


_NAME = r"(<[A-Za-z0-9+-]+>|[A-Za-z]{3,})"
_OFFSET = r"([+-]?\d{1,3}(?::\d\d(?::\d\d)?)?)"
_FOOTER = re.compile(f"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,([^,]+),([^,]+))?", re.ASCII)
_DATE = re.compile(rf"(?:J(\d+)|(\d+)|M(\d+)\.(\d)\.(\d))(?:/{_OFFSET})?", re.ASCII)


class _Day(NamedTuple):
    """A day of every year and the local second of it, as a POSIX TZ string writes them."""

    julian: int | None
    zero_based: int | None
    month_week_weekday: tuple[int, int, int] | None
    second_s: int

    def ordinal(self, year: int) -> int:
        new_year = date(year, 1, 1).toordinal()
        if self.zero_based is not None:
            return new_year + self.zero_based
        if self.julian is not None:  # 29 February is never counted
            after_february = self.julian > 59 and monthrange(year, 2)[1] == 29
            return new_year + self.julian - 1 + after_february
        assert self.month_week_weekday is not None
        month, week, weekday = self.month_week_weekday
        first = date(year, month, 1).toordinal()
        day = first + (weekday - first) % 7 + (week - 1) * 7  # ordinal 0 modulo 7 is a Sunday, as weekday 0
        return day if day < first + monthrange(year, month)[1] else day - 7


class _Footer(NamedTuple):
    standard: _Kind
    summer: _Kind | None
    begins: _Day | None
    ends: _Day | None

    def changes(self, first_year: int, last_year: int) -> list[_Change]:
        """The changes of these years in order."""
        if self.summer is None or self.begins is None or self.ends is None:
            return []
        found: list[tuple[Instant, bool]] = []
        for year in range(first_year, last_year + 1):
            for day, clock, to_summer in (
                (self.begins, self.standard, True),
                (self.ends, self.summer, False),
            ):
                label = (day.ordinal(year) - EPOCH_ORDINAL) * DAY + day.second_s * SECOND
                found.append((label - clock.offset_s * SECOND, to_summer))
        # Summer time all year is written as ending at the instant at which it begins: the beginning wins.
        latest = dict(sorted(found))
        return [(at, self.summer if to_summer else self.standard) for at, to_summer in latest.items()]


def _parse_footer(name: str, footer: str) -> _Footer:
    match = _FOOTER.fullmatch(footer)
    if match is None:
        raise ValueError(f"zone {name}: cannot read the rule {footer!r}")
    standard_name, standard_text, summer_name, summer_text, begins, ends = match.groups()
    standard = _Kind(-_seconds(standard_text), standard_name.strip("<>"))
    if summer_name is None:
        return _Footer(standard, None, None, None)
    summer_s = -_seconds(summer_text) if summer_text else standard.offset_s + 3600
    days = [_parse_day(name, text) for text in (begins, ends)]
    return _Footer(standard, _Kind(summer_s, summer_name.strip("<>")), days[0], days[1])


def _parse_day(name: str, text: str) -> _Day:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"zone {name}: cannot read the date {text!r}")
    julian, zero_based, month, week, weekday, time = match.groups()
    return _Day(
        int(julian) if julian else None,
        int(zero_based) if zero_based else None,
        (int(month), int(week), int(weekday)) if month else None,
        _seconds(time) if time else 2 * 3600,
    )


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    return sign * sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
