"""Calendars: when time counts, and what is asked of them: elapsed time, deadlines, openings, business days.

A calendar is compiled once for a horizon of years; every question is then a bisection.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from upheld.core.timeline.civil import add_civil
from upheld.core.timeline.instant import (
    DAY,
    EPOCH_AT,
    EPOCH_ORDINAL,
    ONE_MICROSECOND,
    SECOND,
    Duration,
    Instant,
    format_instant,
    instant_of,
)
from upheld.core.timeline.opening import Always as Always
from upheld.core.timeline.opening import BusinessDates, Rule, business_dates, open_spans
from upheld.core.timeline.opening import Combined as Combined
from upheld.core.timeline.opening import WeeklyRule as WeeklyRule
from upheld.core.timeline.opening import Window as Window
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount, time_amount
from upheld.core.values.frozen import dataclass, field

Sense: TypeAlias = Literal["hours", "end of day", "same time"]
Closing: TypeAlias = Literal["stay", "next opening"]

_LATER_OPENING: Final = "an opening later than the deadline from"
_LEAST_DAYS: Final = {"days": 1, "weeks": 7, "months": 28, "years": 365}


class BusinessDayError(ValueError):
    """Business days were asked of a calendar that does not define them in a way that fits the question."""


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """What one business day is: so many hours on the axis, the end of the n-th day, or the same time on it.

    ValueError if the hours are missing, or given to a sense that has none.
    """

    sense: Sense
    hours_us: Duration | None = None

    def __post_init__(self) -> None:
        if self.sense not in ("hours", "end of day", "same time"):
            raise ValueError(
                f"a business day is in hours, the end of day or the same time, not {self.sense!r}"
            )
        if (self.hours_us is not None) != (self.sense == "hours"):
            raise ValueError(f"a business day of sense {self.sense!r} with hours {self.hours_us}")
        if self.hours_us is not None and self.hours_us <= 0:
            raise ValueError("a business day has a positive number of hours")


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A compiled calendar. Instants are microseconds UTC; questions outside the years raise BeyondHorizon.

    Make it with `compile_calendar`.
    """

    name: str
    rule: Rule
    start_year: int
    end_year: int
    business_day: BusinessDay | None
    closing: Closing
    start_at: Instant
    end_at: Instant
    spans: Spans
    # The axis of `spans`, unpacked: the two conveniences on datetimes live on their speed.
    _edges: list[int] = field(repr=False)
    _table: list[int] = field(repr=False)
    _dates: BusinessDates | None = field(default=None, init=False, repr=False)

    def elapsed(self, start_at: Instant, end_at: Instant) -> Duration:
        """The open time in [start_at, end_at); negative if the end is before the start."""
        low, high = self.start_at, self.end_at
        if not (low <= start_at <= high and low <= end_at <= high):
            raise self.beyond(end_at if low <= start_at <= high else start_at)
        edges, table = self._edges, self._table
        i, j = bisect_right(edges, start_at), bisect_right(edges, end_at)
        return (table[j] + end_at if j & 1 else table[j]) - (table[i] + start_at if i & 1 else table[i])

    def elapsed_between(self, start_at: datetime, end_at: datetime) -> timedelta:
        """`elapsed` of two aware datetimes. ValueError if one of them is naive."""
        start, end = instant_of(start_at), instant_of(end_at)
        if start < self.start_at or start > self.end_at or end < self.start_at or end > self.end_at:
            raise self.beyond(end if self.start_at <= start <= self.end_at else start)
        edges, table = self._edges, self._table
        i, j = bisect_right(edges, start), bisect_right(edges, end)
        before = table[i] + start if i & 1 else table[i]
        return ((table[j] + end if j & 1 else table[j]) - before) * ONE_MICROSECOND

    def business_days(self, start_at: Instant, end_at: Instant) -> int:
        """The business dates after the local date of the start that have opened before the end.

        So n business days after an instant, in the sense `end of day`, count n.
        """
        self._check(start_at)
        self._check(end_at)
        dates = self.dates
        first = bisect_right(dates.ordinals, self._ordinal(start_at))
        return max(0, bisect_left(dates.openings, end_at) - first)

    def deadline(self, start_at: Instant, amount: Amount) -> Instant:
        """The instant at which the amount after `start_at` is used up.

        Time, and business days in hours, run on the axis: the earliest instant by which so much has elapsed,
        moved to the next opening if the calendar closes then and its convention says so. The other business
        days and the civil amounts (days to years, by the local clock whether open or not) name an instant
        themselves.
        BusinessDayError if the calendar does not define what is asked.
        """
        self._check(start_at)
        axis_us = self.axis_us(amount)
        found = self._named(start_at, amount) if axis_us is None else self._used_up(start_at, axis_us)
        if found is None or not self.start_at <= found <= self.end_at:
            raise self.beyond(start_at, f"{amount} after")
        return found

    def due_after(self, start_at: Instant, counted_us: Duration) -> Instant:
        """`deadline` of a length on the axis."""
        self._check(start_at)
        found = self._used_up(start_at, counted_us)
        if found is None or not self.start_at <= found <= self.end_at:
            raise self.beyond(start_at, f"{time_amount(counted_us)} after")
        return found

    def _used_up(self, start_at: Instant, counted_us: Duration) -> Instant | None:
        found = self.spans.advance(start_at, counted_us)
        if found is not None and self.closing == "next opening" and found not in self.spans:
            return self.spans.next_start(found)
        return found

    def deadline_from(self, start_at: datetime, budget: timedelta) -> datetime:
        """`deadline` of an aware datetime and a length of time, in its zone. ValueError if it is naive."""
        start = instant_of(start_at)
        self._check(start)
        found = self._used_up(start, budget // ONE_MICROSECOND)
        if found is None:
            raise self.beyond(start, f"{budget} after")
        return (EPOCH_AT + found * ONE_MICROSECOND).astimezone(start_at.tzinfo or UTC)

    def last_in_time(self, start_at: Instant, amount: Amount) -> Instant:
        """The last instant that is not late: breach is strictly after it.

        On the axis this is the last one with elapsed <= budget, so a budget used up at closing lasts until
        the next opening, whichever way the calendar shows its deadlines; otherwise it is the deadline.
        """
        axis_us = self.axis_us(amount)
        return self.deadline(start_at, amount) if axis_us is None else self.last_before(start_at, axis_us)

    def last_before(self, start_at: Instant, counted_us: Duration) -> Instant:
        """`last_in_time` of a length on the axis."""
        low, high = self.start_at, self.end_at
        found = self.spans.latest(start_at, counted_us) if low <= start_at <= high else None
        if found is not None and low <= found <= high:
            return found
        self._check(start_at)
        raise self.beyond(start_at, _LATER_OPENING)

    def used_up(self, start_at: Instant, counted_us: Duration) -> tuple[Instant, Instant]:
        """`due_after` and `last_before` of one length on the axis: they differ by a closing at most."""
        low, high = self.start_at, self.end_at
        found = self.spans.used_up(start_at, counted_us) if low <= start_at <= high else None
        if found is None or not low <= found[1] <= high:
            self._check(start_at)
            raise self.beyond(start_at, _LATER_OPENING)
        return found if self.closing == "stay" else (found[1], found[1])

    def before(self, end_at: Instant, amount: Amount) -> Instant:
        """The last instant from which the amount fits before `end_at`: until then a notice is in time.

        Where it fits until just before a midnight or a closing, that one: people say until 24:00.
        """
        self._check(end_at)
        asked = f"{amount} before"
        axis_us = self.axis_us(amount)
        if axis_us is not None:
            return self._within(self.spans.retreat(end_at, axis_us), asked, end_at)
        if self._outlasts(amount):
            raise self.beyond(end_at, asked)
        if amount.kind != "business days":
            zone, kind, count = self.rule.zone, amount.kind, int(amount.count)
            end = zone.label_at(end_at)
            label = _last(zone.label_at(self.start_at), end, lambda at: add_civil(at, kind, count) <= end)
            return self._within(None if label is None else zone.last_at_label(label), asked, end_at)
        found = _last(self.start_at, end_at, lambda at: self._fits(at, amount, end_at))
        if found is not None and found % SECOND and found < end_at:
            found += 1  # what fits until just before a closing or midnight fits until then: people say 24:00
        return self._within(found, asked, end_at)

    def is_open(self, at: Instant) -> bool:
        """Whether the calendar is open."""
        self._check(at)
        return bisect_right(self._edges, at) & 1 == 1

    def next_opening(self, at: Instant) -> Instant:
        """The first open instant from `at` on: `at` itself if the calendar is open."""
        if self.is_open(at):
            return at
        return self._within(self.spans.next_start(at), "the opening after", at)

    def next_closing(self, at: Instant) -> Instant:
        """The first instant after `at` at which the calendar closes."""
        self._check(at)
        return self._within(self.spans.next_end(at), "the closing after", at)

    def previous_opening(self, at: Instant) -> Instant:
        """The last instant up to `at` at which the calendar opened."""
        self._check(at)
        return self._within(self.spans.previous_start(at), "the opening before", at)

    def previous_closing(self, at: Instant) -> Instant:
        """The last instant up to `at` at which the calendar closed."""
        self._check(at)
        return self._within(self.spans.previous_end(at), "the closing before", at)

    @property
    def dates(self) -> BusinessDates:
        """The business dates of the years, made on first use and kept."""
        if self._dates is not None:
            return self._dates
        dates = business_dates(self.rule, self.spans, self.start_at, self.end_at)
        object.__setattr__(self, "_dates", dates)
        return dates

    def axis_us(self, amount: Amount) -> Duration | None:
        """The amount as a length on the axis; None if it names an instant instead."""
        if amount.kind == "time":
            return int(amount.count)
        if amount.kind != "business days":
            return None
        day = self.business_day
        if day is None:
            raise BusinessDayError(
                f"calendar {self.name} does not say what a business day is; declare it there"
            )
        if day.hours_us is not None:
            length = Fraction(amount.count) * day.hours_us
            if length.denominator != 1:
                raise BusinessDayError(
                    f"{amount} on calendar {self.name} is not a whole number of microseconds"
                )
            return length.numerator
        if not isinstance(amount.count, int):
            raise BusinessDayError(
                f"calendar {self.name} counts business days by {day.sense}: {amount} cannot be broken"
            )
        return None

    def _named(self, start_at: Instant, amount: Amount) -> Instant | None:
        count = int(amount.count)
        if not count:
            return start_at
        if amount.kind != "business days":
            zone = self.rule.zone
            if self._outlasts(amount):
                return None
            label = add_civil(zone.label_at(start_at), amount.kind, count)
            return zone.at_label(label) if label < zone.label_at(self.end_at) + DAY else None
        if self.business_day is not None and self.business_day.sense == "end of day":
            i = self._nth_date(start_at, count)
            return None if i is None else self.dates.closings[i]
        return self._same_time(start_at, count)

    def _same_time(self, start_at: Instant, count: int) -> Instant | None:
        from_at = start_at if start_at in self.spans else self.spans.next_start(start_at)
        i = None if from_at is None else self._nth_date(from_at, count)
        if from_at is None or i is None:
            return None
        zone = self.rule.zone
        day = self.dates.ordinals[i] - EPOCH_ORDINAL
        at = zone.at_label(day * DAY + zone.label_at(from_at) % DAY)
        if at in self.spans:
            return at
        closed_at = self.spans.previous_end(at)
        opening = self.dates.openings[i]
        return opening if closed_at is None or closed_at <= opening else closed_at

    def _outlasts(self, amount: Amount) -> bool:
        """Whether a civil amount is longer than all the years compiled, however its months fall."""
        return amount.count * _LEAST_DAYS.get(amount.kind, 0) * DAY > self.end_at - self.start_at

    def _nth_date(self, start_at: Instant, count: int) -> int | None:
        i = bisect_right(self.dates.ordinals, self._ordinal(start_at)) + count - 1
        return i if i < len(self.dates.ordinals) else None

    def _fits(self, start_at: Instant, amount: Amount, end_at: Instant) -> bool:
        found = self._named(start_at, amount)
        return found is not None and found <= end_at

    def _ordinal(self, at: Instant) -> int:
        return self.rule.zone.label_at(at) // DAY + EPOCH_ORDINAL

    def _check(self, at: Instant) -> None:
        if at < self.start_at or at > self.end_at:
            raise self.beyond(at)

    def _within(self, found: Instant | None, asked: str, at: Instant) -> Instant:
        if found is None or not self.start_at <= found <= self.end_at:
            raise self.beyond(at, asked)
        return found

    def beyond(self, at: Instant, asked: str = "") -> BeyondHorizon:
        """The refusal of a question about an instant; `asked` says what it was (`the opening after`)."""
        try:
            text = format_instant(at)
        except OverflowError:
            text = f"the instant {at}"
        return BeyondHorizon(
            f"calendar {self.name}: {asked + ' ' if asked else ''}{text} is outside the years "
            f"{self.start_year} to {self.end_year} for which it was compiled; widen the years of the lock"
        )


def compile_calendar(
    name: str,
    rule: Rule,
    start_year: int,
    end_year: int,
    *,
    business_day: BusinessDay | None = None,
    closing: Closing = "stay",
) -> Calendar:
    """Compile a rule for the local years `start_year` to `end_year`, both included.

    BeyondHorizon if a zone of the rule does not know these years; ValueError for an unknown convention.
    """
    if closing not in ("stay", "next opening"):
        raise ValueError(f"closing is stay or next opening, not {closing!r}")
    start_at = rule.zone.day_start(date(start_year, 1, 1))
    end_at = rule.zone.day_start(date(end_year + 1, 1, 1))
    spans = open_spans(rule, start_at, end_at)
    edges, table, _ = spans.axis
    return Calendar(
        name, rule, start_year, end_year, business_day, closing, start_at, end_at, spans, edges, table
    )


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The last value of [low, high] up to which a condition holds; None if it never does."""
    if high < low or not holds(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
