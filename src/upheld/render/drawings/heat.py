"""The heat map: at which hours of which weekdays something happened, most of all breaches.

How often is told in a few steps, each with a size and a darkness of its own, which the legend tells: the
sizes need no colours to be read. The sums of days stand at the edge, every count in the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from upheld.core.timeline.instant import DAY, HOUR, Instant
from upheld.core.timeline.zone import Zone
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import NARROW, Swatch, heading, legend, margin_of
from upheld.render.drawings.style import FACES

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HEATS: Final = ("heat-a", "heat-b", "heat-c", "heat-d", "heat-e")
_LEAST_SHARE: Final = 0.36
"""The share of its cell's side that the square of the lowest step takes."""


class _Step(NamedTuple):
    """The counts of `least` to `most`, and how they are drawn: by a class, with a share of a cell's side."""

    least: int
    most: int
    meaning: str
    share: float


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


def _steps(counts: Counter[tuple[int, int]]) -> list[_Step]:
    """The steps of a scale: the largest count is one of its own, those below it are four about equal groups.

    So one hour in which very much happened does not make all the others alike.
    """
    found = sorted(number for number in counts.values() if number)
    if not found:
        return []
    below = [number for number in found if number < found[-1]]
    bounds = sorted({below[len(below) * n // 4 - 1] for n in range(1, 5) if len(below) * n // 4})
    bounds.append(found[-1])
    steps, least = [], found[0]
    for n, most in enumerate(bounds, 1):
        # Few steps lie as far apart as they can; the last one is the largest in any case.
        heat = -(-len(_HEATS) * n // len(bounds)) - 1
        share = _LEAST_SHARE + (1 - _LEAST_SHARE) * heat / (len(_HEATS) - 1)
        steps.append(_Step(least, most, _HEATS[heat], share))
        least = next((number for number in found if number > most), most)
    return steps


def _swatches(steps: list[_Step], nouns: tuple[str, str]) -> list[Swatch]:
    """What a square of each step means; the largest is named as what it is."""
    told = []
    for step in steps:
        text = f"{step.least:,}" if step.least == step.most else f"{step.least:,} to {step.most:,}"
        if step is steps[-1]:
            text = f"{_counted(step.most, nouns)} in one hour{', the most' if len(steps) > 1 else ''}"
        told.append(Swatch(step.meaning, text, share=step.share))
    return told


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
    steps = _steps(counts)
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
                step = next(one for one in steps if number <= one.most)
                side = (min(cell, tall) - gap) * step.share
                told = f"{_NAMES[day]} {hour:02}:00 to {hour + 1:02}:00: {_counted(number, nouns)}"
                corner = x + (cell - gap - side) / 2, y + (tall - gap - side) / 2
                canvas.rect(*corner, side, side, step.meaning, told)
        canvas.text(canvas.width - margin, middle, str(of_day) if of_day else "·", "tick", "end", sums - 6)
    bottom = _hours(canvas, left, cell, top + 7 * tall)
    canvas.height = round(legend(canvas, bottom + 14, _swatches(steps, nouns)) + margin)


def _hours(canvas: Canvas, left: float, cell: float, bottom: float) -> float:
    """The hours below: every third or sixth."""
    face = FACES["tick"]
    step = 6 if canvas.width < NARROW else 3
    for hour in range(0, 24, step):
        x = left + hour * cell
        canvas.line(x, bottom, x, bottom + 4, "axis")
        canvas.text(x, bottom + 5 + face.above, f"{hour:02}:00", "tick")
    return bottom + 5 + face.above + face.below
