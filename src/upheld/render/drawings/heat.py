"""The heat map: at which hours of which weekdays something happened, most of all breaches.

How often is told by the area of a square, which needs no colours to be read; the sums of hours and days stand
at the edges, every count in the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from typing import Final

from upheld.core.instant import DAY, HOUR, Instant
from upheld.core.zone import Zone
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import NARROW, heading, margin_of
from upheld.render.drawings.style import FACES

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LEAST_SIDE: Final = 4.0
"""So large is the square of the smallest count, that it is seen."""


def heat_map(title: str, nouns: tuple[str, str], instants: Iterable[Instant], zone: Zone) -> Drawing:
    """How many of the instants fall into each hour of the week, by the clock of a zone.

    `nouns` name one and many of them (breach, breaches); an hour that a change of clocks repeats counts
    with its first.
    """
    counts = Counter(_hour_of(at, zone) for at in instants)
    return Drawing(
        name="heat-map",
        title=title,
        description=_described(counts, nouns, zone),
        table=_table(counts),
        paint=lambda canvas: _paint(canvas, title, counts, nouns, zone),
    )


def _hour_of(at: Instant, zone: Zone) -> tuple[int, int]:
    """The weekday (0 is Monday) and the hour."""
    return zone.local_of(at)[0].weekday(), zone.label_at(at) % DAY // HOUR


def _counted(number: int, nouns: tuple[str, str]) -> str:
    return f"{number:,} {nouns[number != 1]}"


def _described(counts: Counter[tuple[int, int]], nouns: tuple[str, str], zone: Zone) -> str:
    total = sum(counts.values())
    if not total:
        return f"No {nouns[0]} at any hour ({zone.name})."
    by_day = Counter[int]()
    for (day, _), number in counts.items():
        by_day[day] += number
    (day, hour), most = max(sorted(counts.items()), key=lambda item: item[1])
    days = ", ".join(f"{_NAMES[day]} {by_day[day]}" for day in range(7) if by_day[day])
    return (
        f"{_counted(total, nouns)} by weekday and hour ({zone.name}). By day: {days}. "
        f"Most in one hour: {most}, on {_NAMES[day]} from {hour:02}:00 to {hour + 1:02}:00."
    )


def _table(counts: Counter[tuple[int, int]]) -> Grid:
    """A row for each hour in which there was one."""
    rows = [
        (_NAMES[day], f"{hour:02}:00 to {hour + 1:02}:00", str(number))
        for (day, hour), number in sorted(counts.items())
    ]
    return Grid(("weekday", "hour", "count"), tuple(rows))


def _paint(
    canvas: Canvas, title: str, counts: Counter[tuple[int, int]], nouns: tuple[str, str], zone: Zone
) -> None:
    margin, face = margin_of(canvas), FACES["tick"]
    total = sum(counts.values())
    note = f"{_counted(total, nouns)}, {zone.name}" if total else f"no {nouns[0]}, {zone.name}"
    top = heading(canvas, title, [note]) + 14
    left = margin + 30.0
    sums = 34.0
    cell = (canvas.width - left - sums - margin) / 24
    tall = max(min(cell, 30.0), 18.0)
    gap = 1.0 if cell < 20 else 2.0
    most = max(counts.values(), default=0)
    hours = ((left + hour * cell, top + day * tall) for day in range(7) for hour in range(24))
    canvas.rects(((x, y, cell - gap, tall - gap) for x, y in hours), "track")
    for day in range(7):
        y = top + day * tall
        middle = y + tall / 2 + face.size * 0.36
        canvas.text(margin, middle, DAYS[day], "tick", room=26)
        of_day = 0
        for hour in range(24):
            number = counts[day, hour]
            of_day += number
            x = left + hour * cell
            if number:
                room = min(cell, tall) - gap
                side = max(room * sqrt(number / most), min(_LEAST_SIDE, room))
                told = f"{_NAMES[day]} {hour:02}:00 to {hour + 1:02}:00: {_counted(number, nouns)}"
                canvas.rect(
                    x + (cell - gap - side) / 2, y + (tall - gap - side) / 2, side, side, "bad", told, 1
                )
        canvas.text(canvas.width - margin, middle, str(of_day) if of_day else "·", "tick", "end", sums - 6)
    canvas.height = round(_hours(canvas, left, cell, top + 7 * tall) + margin)


def _hours(canvas: Canvas, left: float, cell: float, bottom: float) -> float:
    """The hours below: every third or sixth."""
    face = FACES["tick"]
    step = 6 if canvas.width < NARROW else 3
    for hour in range(0, 24, step):
        x = left + hour * cell
        canvas.line(x, bottom, x, bottom + 4, "axis")
        canvas.text(x, bottom + 5 + face.above, f"{hour:02}:00", "tick")
    return bottom + 5 + face.above + face.below
