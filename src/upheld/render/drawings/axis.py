"""The axis of time: round instants of a zone, as close together as can be read, with what they lie in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

from upheld.core.timeline.instant import DAY, EPOCH_ORDINAL, HOUR, MINUTE, SECOND, Instant, day_instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.labels import GAP
from upheld.render.drawings.metrics import width_of
from upheld.render.drawings.style import FACES

Unit = Literal["s", "min", "h", "day", "week", "month", "year"]

_STEPS: Final[tuple[tuple[Unit, int], ...]] = (
    ("s", 1), ("s", 5), ("s", 15), ("s", 30),
    ("min", 1), ("min", 2), ("min", 5), ("min", 10), ("min", 15), ("min", 30),
    ("h", 1), ("h", 2), ("h", 3), ("h", 6), ("h", 12),
    ("day", 1), ("day", 2), ("week", 1), ("week", 2),
    ("month", 1), ("month", 3), ("month", 6),
    ("year", 1), ("year", 2), ("year", 5), ("year", 10), ("year", 25),
)  # fmt: skip
_LENGTHS: Final[dict[Unit, int]] = {
    "s": SECOND, "min": MINUTE, "h": HOUR, "day": DAY, "week": 7 * DAY, "month": 28 * DAY, "year": 365 * DAY
}  # fmt: skip

TICK_GAP: Final = 20.0
"""The least room between the labels of two ticks: an axis is read in passing."""
SIDE: Final = 14.0
"""So far beyond its ends the labels of an axis may reach."""
TICK_ROOM: Final = 19
CONTEXT_ROOM: Final = 16
"""The heights of the row of ticks, and of that of the days, months or years they lie in."""


class Tick(NamedTuple):
    """A round instant with its label."""

    at: Instant
    text: str


class Context(NamedTuple):
    """What a stretch of ticks lies in (a day, a month, a year), from the fullest label to the shortest."""

    start_at: Instant
    end_at: Instant
    forms: tuple[str, ...]


class DateNames(NamedTuple):
    """How days and months are called: days from Monday, months from January, both as short as can be read."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ENGLISH: Final = DateNames(
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), _MONTHS, tuple(month[:3] for month in _MONTHS)
)


@dataclass(frozen=True, slots=True)
class Axis(ABC):
    """The instants [start_at, end_at] from `left` to `right` in pixels. ValueError if it has no length."""

    zone: Zone
    start_at: Instant
    end_at: Instant
    left: float
    right: float
    names: DateNames = ENGLISH

    def __post_init__(self) -> None:
        if self.end_at <= self.start_at or self.right <= self.left:
            raise ValueError(f"an axis from {self.start_at} to {self.end_at} has no length")

    def x(self, at: Instant) -> float:
        """Where an instant is; those outside are at the edge."""
        inside = min(max(at, self.start_at), self.end_at) - self.start_at
        return self.left + inside * (self.right - self.left) / (self.end_at - self.start_at)

    @abstractmethod
    def ticks(self) -> tuple[tuple[Tick, ...], tuple[Context, ...]]:
        """The ticks, as many as can be read, and what they lie in."""

    def paint(self, canvas: Canvas, top: float, bottom: float) -> float:
        """Draws the grid from `top` to `bottom`, and below it the labels. Where the axis ends."""
        ticks, contexts = self.ticks()
        face = FACES["tick"]
        canvas.line(self.left, bottom, self.right, bottom, "axis")
        baseline = bottom + 4 + face.above
        for tick in ticks:
            x = self.x(tick.at)
            canvas.line(x, top, x, bottom, "grid")
            canvas.line(x, bottom, x, bottom + 4, "axis")
        for tick, left in self._labels(ticks):
            canvas.text(left, baseline, tick.text, "tick")
        if not contexts:
            return bottom + TICK_ROOM
        baseline += CONTEXT_ROOM
        end = 0.0
        for one in contexts:
            left = max(self.x(one.start_at), end)
            room = self.x(one.end_at) - left
            text = next((form for form in one.forms if width_of(form, face) <= room), "")
            if len(contexts) == 1 and not text:
                text = one.forms[-1]  # the whole axis lies in it: it may reach over the end
            if text:
                box = canvas.text(left, baseline, text, "tick")
                end = box.right + GAP if box else end
        return bottom + TICK_ROOM + CONTEXT_ROOM

    # -- labels --------------------------------------------------------------------------------------------

    def _is_readable(self, ticks: list[Tick]) -> bool:
        return bool(ticks) and len(self._labels(tuple(ticks))) == len(ticks)

    def _labels(self, ticks: tuple[Tick, ...]) -> list[tuple[Tick, float]]:
        """The labels with where they begin: in the middle under their tick, moved inwards at the edges."""
        found, end = [], float("-inf")
        face = FACES["tick"]
        for tick in ticks:
            width = width_of(tick.text, face)
            left = min(max(self.x(tick.at) - width / 2, self.left - SIDE), self.right + SIDE - width)
            if left < end + TICK_GAP:
                continue
            found.append((tick, left))
            end = left + width
        return found


class TimeAxis(Axis):
    """An axis on which every hour is as long as another, with round instants as its ticks."""

    __slots__ = ()

    def ticks(self) -> tuple[tuple[Tick, ...], tuple[Context, ...]]:
        """Round instants of the zone: seconds to years, whichever can be read."""
        found: list[Tick] = []
        for unit, count in _STEPS:
            # No more than the pixels could hold are made.
            if (self.right - self.left) * count * _LENGTHS[unit] < 8 * (self.end_at - self.start_at):
                continue
            found = [
                Tick(at, _label(self.zone, at, unit, self.names)) for at in self.round_instants(unit, count)
            ]
            if self._is_readable(found):
                return tuple(found), tuple(self._contexts(unit))
        return tuple(found[:1]), ()

    def round_instants(self, unit: Unit, count: int) -> Iterator[Instant]:
        """The instants whose local label is a multiple of a step, without those that the clocks skip."""
        for label in self._round_labels(unit, count):
            at = self.zone.at_label(label)
            if self.start_at <= at <= self.end_at and self.zone.label_at(at) == label:
                yield at

    def _round_labels(self, unit: Unit, count: int) -> Iterator[int]:
        first, last = self.zone.label_at(self.start_at), self.zone.label_at(self.end_at)
        if unit in ("month", "year"):
            count *= 12 if unit == "year" else 1
            on = _date(first)
            months = on.year * 12 + on.month - 1
            months -= months % count
            while (label := _month(months)) <= last:
                yield label
                months += count
            return
        step = count * _LENGTHS[unit]
        # Weeks begin on a Monday: 1970 began on a Thursday.
        offset = 4 * DAY if unit == "week" else 0
        label = first - (first - offset) % step
        while label <= last:
            yield label
            label += step

    def _contexts(self, unit: Unit) -> Iterator[Context]:
        """The days that times lie in, the months of days, the years of weeks and months; none of years."""
        if unit == "year":
            return
        begins, named = _CONTEXTS[unit]
        on = begins(self.zone.date_at(self.start_at))
        while (start_at := self.zone.day_start(on)) < self.end_at:
            after = begins(on + timedelta(days=_CONTEXT_DAYS[unit]))
            end_at = self.zone.day_start(after)
            if end_at > self.start_at:
                forms = named(on, self.names)
                yield Context(max(start_at, self.start_at), min(end_at, self.end_at), forms)
            on = after


# -- names -------------------------------------------------------------------------------------------------


def day_name(on: date, names: DateNames = ENGLISH) -> str:
    """Mon 8 June 2026."""
    return f"{names.days[on.weekday()]} {on.day} {names.months[on.month - 1]} {on.year}"


def short_day(on: date, names: DateNames = ENGLISH) -> str:
    """8 Jun."""
    return f"{on.day} {names.short_months[on.month - 1]}"


def month_name(on: date, names: DateNames = ENGLISH) -> str:
    """June."""
    return names.months[on.month - 1]


def _label(zone: Zone, at: Instant, unit: Unit, names: DateNames) -> str:
    label = zone.label_at(at)
    on, of_day = _date(label), label % DAY // SECOND
    if unit == "s":
        return f"{of_day // 3600:02}:{of_day // 60 % 60:02}:{of_day % 60:02}"
    if unit in ("min", "h"):
        return f"{of_day // 3600:02}:{of_day // 60 % 60:02}"
    if unit == "year":
        return str(on.year)
    if unit == "month":
        return names.short_months[on.month - 1]
    return str(on.day) if unit == "day" else short_day(on, names)


def _date(label: int) -> date:
    return date.fromordinal(label // DAY + EPOCH_ORDINAL)


def _month(months: int) -> int:
    return day_instant(date(months // 12, months % 12 + 1, 1))


def day_forms(on: date, names: DateNames = ENGLISH) -> tuple[str, ...]:
    of_week = names.days[on.weekday()]
    return day_name(on, names), f"{of_week} {short_day(on, names)}", f"{of_week} {on.day}"


def month_forms(on: date, names: DateNames = ENGLISH) -> tuple[str, ...]:
    month = month_name(on, names)
    return f"{month} {on.year}", month, names.short_months[on.month - 1]


def year_forms(on: date, names: DateNames = ENGLISH) -> tuple[str, ...]:
    return (str(on.year),)


Forms: TypeAlias = Callable[[date, DateNames], tuple[str, ...]]
_Context = tuple[Callable[[date], date], Forms]

_CONTEXTS: Final[dict[Unit, _Context]] = {
    **dict.fromkeys(("s", "min", "h"), (lambda on: on, day_forms)),
    "day": (lambda on: on.replace(day=1), month_forms),
    **dict.fromkeys(("week", "month"), (lambda on: on.replace(month=1, day=1), year_forms)),
}
_CONTEXT_DAYS: Final[dict[Unit, int]] = {"s": 1, "min": 1, "h": 1, "day": 31, "week": 366, "month": 366}
"""So many days after its beginning, a context has ended and the next one has not."""
