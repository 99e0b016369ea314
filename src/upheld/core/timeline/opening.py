"""When a calendar is open: rules of local hours, and the `Spans` of instants that they mean.

An instant is open if and only if its local label lies in a window. So an hour that a fold repeats counts
twice, an hour that a gap skips counts nothing, and days of 23 or 25 hours or without midnight need no rule.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

from upheld.core.timeline.instant import DAY, EPOCH_ORDINAL, SECOND, Instant
from upheld.core.timeline.spans import Spans, union
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass, field

_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Local seconds of the day [start_s, end_s); an end past 86,400 is in the next day but of this one.

    ValueError if it starts outside its day, is empty, or is longer than 24 hours.
    """

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < _DAY_S:
            raise ValueError(f"a window starts within its day, not at second {self.start_s}")
        if not self.start_s < self.end_s <= self.start_s + _DAY_S:
            raise ValueError(f"a window lasts up to 24 hours, not {self.end_s - self.start_s} seconds")


Windows: TypeAlias = tuple[Window, ...]
Week: TypeAlias = tuple[Windows, Windows, Windows, Windows, Windows, Windows, Windows]

CLOSED: Final[Windows] = ()
CLOSED_WEEK: Final[Week] = (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED)


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Hours of the week (Monday first) less breaks; other windows on holidays.

    What `dates` says of a date replaces all of that.
    """

    zone: Zone
    week: Week
    breaks: Week = CLOSED_WEEK
    holidays: Mapping[date, str] | frozenset[date] = field(default_factory=frozenset)
    holiday_windows: Windows = CLOSED
    dates: Mapping[date, Windows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Always:
    """Every instant; the zone says when its days begin."""

    zone: Zone


@dataclass(frozen=True, slots=True)
class Combined:
    """Calendars combined; a difference takes the others from the first. The zone says when its days begin."""

    op: Literal["union", "intersection", "difference"]
    parts: "tuple[Rule, ...]"
    zone: Zone

    def __post_init__(self) -> None:
        if self.op not in ("union", "intersection", "difference"):
            raise ValueError(f"calendars combine by union, intersection or difference, not {self.op!r}")
        if not self.parts:
            raise ValueError(f"a {self.op} of no calendars")


Rule: TypeAlias = WeeklyRule | Always | Combined


class BusinessDates(NamedTuple):
    """The local dates (as ordinals) on which a calendar opens, with their first opening and last closing.

    A window over midnight belongs to the date on which it starts; any other rule is cut at midnight.
    """

    ordinals: list[int]
    openings: list[Instant]
    closings: list[Instant]


_Pairs: TypeAlias = tuple[tuple[int, int], ...]


def open_spans(rule: Rule, start_at: Instant, end_at: Instant) -> Spans:
    """The open instants of [start_at, end_at). BeyondHorizon if a zone does not know these years."""
    if isinstance(rule, Always):
        return Spans.of([(start_at, end_at)])
    if isinstance(rule, WeeklyRule):
        return _place(_labels(rule, start_at, end_at), rule.zone, start_at, end_at)
    return combined(rule.op, [open_spans(part, start_at, end_at) for part in rule.parts])


def combined(op: str, parts: Sequence[Spans]) -> Spans:
    """The instants that a combination (see `Combined`) leaves of those at which each of its parts is open."""
    if op == "union":
        return union(parts)
    result = parts[0]
    for part in parts[1:]:
        result = result & part if op == "intersection" else result - part
    return result


def holidays_of(rule: Rule) -> Mapping[date, str]:
    """The holidays of a rule with their names, empty where they have none; of calendars combined, of each.

    A difference has those of the first only: on a holiday, the others take nothing away.
    """
    if isinstance(rule, WeeklyRule):
        days = rule.holidays
        return days if isinstance(days, Mapping) else dict.fromkeys(sorted(days), "")
    if isinstance(rule, Always):
        return {}
    parts = rule.parts[:1] if rule.op == "difference" else rule.parts
    return {on: name for part in parts for on, name in holidays_of(part).items()}


def weekday_spans(rule: WeeklyRule, weekday: int) -> Spans:
    """When an ordinary weekday (0 is Monday) is open, from its own midnight on, even into the next day."""
    return Spans.of(_pairs(rule.week[weekday], _breaks_around(rule, weekday)))


def business_dates(rule: Rule, spans: Spans, start_at: Instant, end_at: Instant) -> BusinessDates:
    """The business dates of the local days of [start_at, end_at), given the open instants there."""
    zone = rule.zone
    near = _days_near_transitions(zone)
    found = BusinessDates([], [], [])
    last = zone.label_at(end_at - 1) // DAY
    for day, pairs in _days(rule, zone.label_at(start_at) // DAY, last):
        if not pairs:
            continue
        base = day * DAY
        if day in near:
            labels = Spans.of((base + start, base + end) for start, end in pairs)
            pieces = _place(labels, zone, max(start_at, base - DAY), min(end_at, base + 3 * DAY))
            if not pieces:
                continue
            opening, closing = pieces.starts[0], pieces.ends[-1]
        else:
            shift = zone.at_label(base) - base
            opening, closing = base + pairs[0][0] + shift, min(base + pairs[-1][1] + shift, end_at)
        if not isinstance(rule, WeeklyRule):
            low = bisect_right(spans.ends, opening)
            high = bisect_left(spans.starts, closing)
            if low >= high:
                continue
            opening, closing = max(opening, spans.starts[low]), min(closing, spans.ends[high - 1])
        found.ordinals.append(day + EPOCH_ORDINAL)
        found.openings.append(opening)
        found.closings.append(closing)
    return found


def _days_near_transitions(zone: Zone) -> set[int]:
    days = {at // DAY for at in zone.transitions}
    days |= {zone.start_at // DAY, zone.end_at // DAY}
    return {day + by for day in days for by in range(-3, 4)}


def _place(labels: Spans, zone: Zone, start_at: Instant, end_at: Instant) -> Spans:
    """The instants of [start_at, end_at) whose labels are in the set: each regime sees its own part."""
    starts: list[int] = []
    ends: list[int] = []
    for regime_at, until_at, offset_us in zone.regimes(
        max(start_at, zone.start_at), min(end_at, zone.end_at)
    ):
        part = labels.clip(regime_at + offset_us, until_at + offset_us)
        placed = [label - offset_us for label in part.starts]
        if placed and ends and placed[0] == ends[-1]:  # open while the clocks change
            del placed[0], ends[-1]
        starts += placed
        ends += [label - offset_us for label in part.ends]
    return Spans(tuple(starts), tuple(ends))


def _labels(rule: WeeklyRule, start_at: Instant, end_at: Instant) -> Spans:
    """The windows as labels, for all days that can touch [start_at, end_at)."""
    first, last = start_at // DAY - 3, end_at // DAY + 2
    pattern, special = _written(rule)
    if any(end >= DAY for pairs in (*pattern, *special.values()) for _, end in pairs):
        return Spans.of(
            (day * DAY + start, day * DAY + end)
            for day, pairs in _days(rule, first, last)
            for start, end in pairs
        )
    # No window meets one of another day: whole weeks are laid out window by window, then single dates put in.
    first -= _weekday(first)
    count = (last - first) // 7 + 1
    week = [(i * DAY + start, i * DAY + end) for i, pairs in enumerate(pattern) for start, end in pairs]
    starts, ends = [0] * (count * len(week)), [0] * (count * len(week))
    for i, (start, end) in enumerate(week):
        starts[i :: len(week)] = range(first * DAY + start, (first + 7 * count) * DAY + start, 7 * DAY)
        ends[i :: len(week)] = range(first * DAY + end, (first + 7 * count) * DAY + end, 7 * DAY)
    for day in sorted(day for day in special if first <= day < first + 7 * count):
        low, high = bisect_left(starts, day * DAY), bisect_left(starts, (day + 1) * DAY)
        starts[low:high] = [day * DAY + start for start, _ in special[day]]
        ends[low:high] = [day * DAY + end for _, end in special[day]]
    return Spans(tuple(starts), tuple(ends))


def _days(rule: Rule, first_day: int, last_day: int) -> Iterator[tuple[int, _Pairs]]:
    """The days since 1970 with the windows of each, as label offsets: canonical and less their breaks."""
    if not isinstance(rule, WeeklyRule):
        whole = ((0, DAY),)
        for day in range(first_day, last_day + 1):
            yield day, whole
        return
    pattern, special = _written(rule)
    for day in range(first_day, last_day + 1):
        pairs = special.get(day)
        yield day, pattern[_weekday(day)] if pairs is None else pairs


def _weekday(day: int) -> int:
    return (day + 3) % 7  # day 0 was a Thursday


def _written(rule: WeeklyRule) -> tuple[list[_Pairs], dict[int, _Pairs]]:
    """The windows of each day of the week, and of the dates that have others."""
    pattern = [_pairs(rule.week[i], _breaks_around(rule, i)) for i in range(7)]
    on_holiday = _pairs(rule.holiday_windows)
    special = {on.toordinal() - EPOCH_ORDINAL: on_holiday for on in rule.holidays}
    special.update((on.toordinal() - EPOCH_ORDINAL, _pairs(windows)) for on, windows in rule.dates.items())
    return pattern, special


def _pairs(windows: Windows, breaks: Spans = Spans.empty) -> _Pairs:
    return tuple(_spans(windows) - breaks)


def _spans(windows: Windows) -> Spans:
    return Spans.of((window.start_s * SECOND, window.end_s * SECOND) for window in windows)


def _breaks_around(rule: WeeklyRule, i: int) -> Spans:
    """The breaks of a weekday and its neighbours: a window over midnight meets those of the next morning."""
    around = ((rule.breaks[(i + by) % 7], by * DAY) for by in (-1, 0, 1))
    return union([_spans(breaks).shift(by_us) for breaks, by_us in around])
