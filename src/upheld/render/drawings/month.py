"""The calendar of a month: for each day its hours, the holidays, and the windows that were announced.

A day is a bar from its midnight to the next, however long it is; what is open is filled, windows stand below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass
from upheld.render.drawings.axis import day_name, month_name
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import NARROW, Swatch, heading, legend, margin_of
from upheld.render.drawings.labels import whole
from upheld.render.drawings.style import FACES
from upheld.render.words import length, local, until

_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_OPEN, _HOLIDAY, _COUNTS, _DOES_NOT = "counted", "warn", "down", "excluded"
_SWATCHES: Final = (
    Swatch(_OPEN, "open"),
    Swatch("band", "closed"),
    Swatch(_HOLIDAY, "holiday"),
    Swatch(_DOES_NOT, "window, not counted as down"),
    Swatch(_COUNTS, "window that counts"),
)


class MonthWindow(NamedTuple):
    """Work that was announced: when, under which name, and whether it is taken out of what is measured."""

    start_at: Instant
    end_at: Instant
    name: str
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class Month:
    """What there is to draw of a month; `first_on` is its first day."""

    zone: Zone
    first_on: date
    calendar: str
    is_open: Spans
    holidays: Mapping[date, str]
    windows: Sequence[MonthWindow]

    @property
    def days(self) -> list[date]:
        """The days of the month."""
        found, on = [], self.first_on
        while on.month == self.first_on.month:
            found.append(on)
            on += timedelta(days=1)
        return found

    def day(self, on: date) -> tuple[Instant, Instant]:
        """The beginning and the end of a day."""
        return self.zone.day_start(on), self.zone.day_start(on + timedelta(days=1))

    @property
    def title(self) -> str:
        """June 2026."""
        return f"{month_name(self.first_on)} {self.first_on.year}"


def month_calendar(month: Month) -> Drawing:
    """The calendar of one month."""
    return Drawing(
        name="month-calendar",
        title=f"{month.calendar} in {month.title}",
        description=_described(month),
        table=_table(month),
        paint=lambda canvas: _paint(canvas, month),
    )


def _open_on(month: Month, on: date) -> Spans:
    return month.is_open.clip(*month.day(on))


def _hours(month: Month, on: date) -> str:
    """The open hours of a day: 09:00-12:00, 13:00-17:00."""
    found = _open_on(month, on)
    start_at, end_at = month.day(on)
    if list(zip(found.starts, found.ends, strict=True)) == [(start_at, end_at)]:
        return "all day"
    return ", ".join(
        f"{local(start, month.zone).split()[-1]}-{until(end, month.zone).split()[-1]}"
        for start, end in zip(found.starts, found.ends, strict=True)
    )


def _described(month: Month) -> str:
    days = [on for on in month.days if _open_on(month, on)]
    open_us = sum(_open_on(month, on).length for on in days)
    told = [f"{month.calendar} is open on {len(days)} of {len(month.days)} days, for {length(open_us)}"]
    told += [f"{day_name(on)} is a holiday: {name}" for on, name in sorted(_own_holidays(month).items())]
    for one in month.windows:
        how = "not counted as down" if one.is_excluded else "counts"
        times = f"{local(one.start_at, month.zone)} to {until(one.end_at, month.zone)}"
        told.append(f"window {one.name} from {times}, {how}")
    return ". ".join([*told, f"Times are {month.zone.name}."])


def _own_holidays(month: Month) -> dict[date, str]:
    return {on: name for on, name in month.holidays.items() if on in set(month.days)}


def _table(month: Month) -> Grid:
    rows = []
    for on in month.days:
        start_at, end_at = month.day(on)
        windows = [one for one in month.windows if one.start_at < end_at and one.end_at > start_at]
        told = "; ".join(f"{one.name} ({'not counted' if one.is_excluded else 'counts'})" for one in windows)
        rows.append((day_name(on), _hours(month, on) or "closed", month.holidays.get(on, ""), told))
    return Grid(("day", "open", "holiday", "windows"), tuple(rows))


def _paint(canvas: Canvas, month: Month) -> None:
    margin = margin_of(canvas)
    top = heading(canvas, f"{month.calendar} in {month.title}", [month.zone.name]) + 12
    wide = (canvas.width - 2 * margin) / 7
    face = FACES["tick"]
    for n, name in enumerate(_WEEK):
        canvas.text(margin + n * wide, top + face.above, name, "tick", room=wide - 4)
    top += face.above + face.below + 4
    tall = 46.0 if canvas.width < NARROW else 64.0
    offset = month.first_on.weekday()
    for n, on in enumerate(month.days):
        row, column = divmod(n + offset, 7)
        _paint_day(canvas, month, on, (margin + column * wide, top + row * tall), (wide - 4, tall))
    rows = (len(month.days) + offset + 6) // 7
    bottom = legend(canvas, top + rows * tall + 6, _SWATCHES)
    canvas.height = round(bottom + margin)


def _paint_day(
    canvas: Canvas, month: Month, on: date, corner: tuple[float, float], size: tuple[float, float]
) -> None:
    """The number of the day with its holiday or hours, the bar of the day, and the bar of its windows."""
    title = ", ".join(text for text in (day_name(on), _hours(month, on) or "closed") if text)
    with canvas.group(title=title):
        _paint_parts(canvas, month, on, corner, size)


def _paint_parts(
    canvas: Canvas, month: Month, on: date, corner: tuple[float, float], size: tuple[float, float]
) -> None:
    (left, top), (wide, tall) = corner, size
    start_at, end_at = month.day(on)
    face = FACES["note"]
    canvas.line(left, top, left + wide, top, "grid")
    holiday = month.holidays.get(on, "")
    canvas.text(left, top + 2 + face.above, str(on.day), "note" if not _open_on(month, on) else "strong")
    beside = left + 24
    if holiday:
        canvas.circle(beside + 3, top + 2 + face.above - 4, 3, _HOLIDAY, holiday)
        canvas.text(beside + 10, top + 2 + face.above, whole((holiday, "holiday"), "tick", wide - 36), "tick")
    else:
        canvas.text(beside, top + 2 + face.above, whole((_hours(month, on),), "tick", wide - 26), "tick")
    bar = top + (22 if tall < 60 else 28)
    high = 8 if tall < 60 else 12

    def x(at: Instant) -> float:
        return left + wide * (min(max(at, start_at), end_at) - start_at) / (end_at - start_at)

    found = _open_on(month, on)
    for meaning, spans in (("band", Spans.of([(start_at, end_at)]) - found), (_OPEN, found)):
        for start, end in spans:
            canvas.rect(x(start), bar, x(end) - x(start), high, meaning)
    for one in month.windows:
        if one.start_at < end_at and one.end_at > start_at:
            meaning = _DOES_NOT if one.is_excluded else _COUNTS
            length_px = max(x(one.end_at) - x(one.start_at), 3)
            at = min(x(one.start_at), left + wide - length_px)
            canvas.rect(at, bar + high + 2, length_px, high / 2 + 2, meaning, one.name)
