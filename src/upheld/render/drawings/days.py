"""The last days of a component, a bar each: how much of it was down, unknown or excluded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import Final

from upheld.core.measuring.days import Day
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Duration
from upheld.core.verdicts.measurement import Part, PartName
from upheld.render import figures, measures, words
from upheld.render.drawings.axis import day_name, short_day
from upheld.render.drawings.canvas import Canvas, identifier
from upheld.render.drawings.drawing import Drawing, Grid, sentences
from upheld.render.drawings.frame import Swatch, heading, legend, margin_of
from upheld.render.drawings.labels import Wish, place
from upheld.render.drawings.strip import FILLS
from upheld.render.drawings.style import FACES
from upheld.render.naming import name_of, zone_of

COLUMNS: Final = ((720, 90), (480, 45), (0, 30))
"""From so many pixels of width on, so many days stand in a row."""
HIGH: Final = 44
LEAST: Final = 4.0
"""What there is of a part in a day is so high at least, however short it was."""
FEWEST: Final = 30
HOW: Final = "the longer, the higher: by the square root, so that minutes are seen beside hours"
STACKED: Final[tuple[PartName, ...]] = ("down", "degraded", "unknown", "excluded", "outside hours")
"""From the bottom of a bar to its top; above them it was up."""
TROUBLE: Final[tuple[PartName, ...]] = ("down", "degraded", "unknown")
KNOWN: Final[tuple[PartName, ...]] = ("up", "degraded", "down")
"""What tells that a day was measured; all else of it is unknown, or lies outside what is measured."""
TOLD: Final = 12
_NAMES: Final[tuple[PartName, ...]] = ("up", *STACKED)
_SWATCHES: Final = (*(Swatch(FILLS[name], name) for name in _NAMES), Swatch("later", "not measured"))


def day_bars(
    terms: Terms, commitment: str, component: str, days: Sequence[Day], leads_to: str = ""
) -> Drawing:
    """The picture of the last days of a component of a commitment. ValueError if there are none.

    `leads_to`: each day leads to the element of the page that `day_id` names with this prefix.
    """
    if not days:
        raise ValueError(f"{commitment} of {component} has no days")
    zone = zone_of(terms)
    title = f"{commitment} of {component}, day by day"
    days = shown_days(days)
    note = days_told(days)
    outcome = outcome_of(days)
    told = [_told(terms, day) for day in days if any(day.amount(name) for name in TROUBLE)]
    more = f"and {words.count(len(told) - TOLD, 'more day')} in the table" if len(told) > TOLD else ""
    description = sentences(
        name_of(terms), note, outcome, *told[:TOLD], more, f"days are those of {zone.name}"
    )

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, [name_of(terms), note], (outcome, ""), HOW)
        top = _paint_rows(canvas, top + 14, terms, days, leads_to)
        top = legend(canvas, top + 16, _SWATCHES)
        canvas.height = round(top + margin_of(canvas))

    return Drawing("day-bars", title, description, _table(terms, days), paint)


def day_id(prefix: str, on: date) -> str:
    """The id of what a day leads to, in a page that draws it under a prefix."""
    return f"{identifier(prefix)}-day-{on.isoformat()}"


def day_partition(terms: Terms, day: Day) -> list[str]:
    """The parts of a day in words, the gravest first: `132 min down`, `1,308 min up`."""
    return [_part(terms, part) for part in _in_order(day)]


def _in_order(day: Day) -> list[Part]:
    order = [*STACKED, "up", "not yet", "before start"]
    return sorted(day.parts, key=lambda part: order.index(part.name))


def _part(terms: Terms, part: Part) -> str:
    return f"{figures.minutes(part.amount)} {measures.part_name(terms, part)}"


def shown_days(days: Sequence[Day]) -> Sequence[Day]:
    """The days without those at the beginning that nothing measured; a row of them stays in any case."""
    first = next((n for n, day in enumerate(days) if not _is_blank(day)), len(days))
    return days[max(0, min(first, len(days) - FEWEST)) :]


def _is_blank(day: Day) -> bool:
    """Whether nothing of it was measured."""
    return all(part.name in ("not yet", "before start") for part in day.parts)


def _told(terms: Terms, day: Day) -> str:
    return f"{day_name(day.on)}: {', '.join(day_partition(terms, day))}"


def _in_short(terms: Terms, day: Day) -> str:
    """A day that leads to its parts: only its trouble."""
    told = [_part(terms, part) for part in _in_order(day) if part.name in TROUBLE]
    return f"{day_name(day.on)}: {', '.join(told)}" if told else day_name(day.on)


def days_told(days: Sequence[Day]) -> str:
    """Which days they are: 30 days to Tue 30 June 2026."""
    return f"{words.count(len(days), 'day')} to {day_name(days[-1].on)}"


def trouble_us(days: Sequence[Day]) -> Duration:
    """How long it was down, degraded, or unknown in days."""
    return sum(day.amount(name) for day in days for name in TROUBLE)


def outcome_of(days: Sequence[Day]) -> str:
    """On how many of the days of which something is known was an outage, and how long those were."""
    seen = [day for day in days if any(day.amount(name) for name in KNOWN)]
    down = [day for day in seen if day.amount("down")]
    length = figures.minutes(sum(day.amount("down") for day in down))
    if not seen:
        return "nothing was measured"
    if not down:
        return f"no outage in {words.count(len(seen), 'measured day')}"
    return f"{words.count(len(down), 'day')} with an outage of {len(seen)} measured, {length} down in all"


# -- how it is drawn ---------------------------------------------------------------------------------------


def _paint_rows(canvas: Canvas, top: float, terms: Terms, days: Sequence[Day], leads_to: str) -> float:
    margin = margin_of(canvas)
    columns = next(count for width, count in COLUMNS if canvas.width >= width)
    if len(days) <= columns + columns // 10:
        columns = len(days)
    cell = (canvas.width - 2 * margin) / columns
    # Rows end at the last day: what is missing to a full one is missing at the beginning.
    first = len(days) % columns
    rows = [days[:first]] * bool(first) + [days[i : i + columns] for i in range(first, len(days), columns)]
    for row in rows:
        left = margin + (columns - len(row)) * cell
        for n, day in enumerate(row):
            link = day_id(leads_to, day.on) if leads_to else ""
            with canvas.group(link=link, title=_in_short(terms, day) if link else _told(terms, day)):
                paint_day(canvas, left + n * cell, top, cell, day)
        top = _paint_dates(canvas, top + HIGH, row, left, cell)
    return top


def paint_day(canvas: Canvas, left: float, top: float, cell: float, day: Day) -> None:
    """One bar: what was not up from the bottom on, each part at least so high that it is seen."""
    wide = cell - max(1.0, min(3.0, cell / 5))
    if _is_blank(day):
        canvas.rect(left, top, wide, HIGH, "later")
        return
    canvas.rect(left, top, wide, HIGH, "up")
    shares = {name: day.amount(name) for name in STACKED if day.amount(name)}
    heights = {name: max(HIGH * sqrt(amount / day.length_us), LEAST) for name, amount in shares.items()}
    scale = min(1.0, HIGH / sum(heights.values())) if heights else 1.0
    bottom = top + HIGH
    for name, high in heights.items():
        bottom -= high * scale
        canvas.rect(left, bottom, wide, high * scale, FILLS[name])
    if day.amount("not yet"):
        later = wide * day.amount("not yet") / day.length_us
        canvas.rect(left + wide - later, top, later, HIGH, "later")


def _paint_dates(canvas: Canvas, top: float, row: Sequence[Day], left: float, cell: float) -> float:
    """The first and the last day of a row, and the beginnings of months between them."""
    right = left + cell * len(row)
    wishes = [
        Wish(left, (short_day(row[0].on),), 3, "tick"),
        Wish(right, (short_day(row[-1].on),), 3, "tick"),
    ]
    wishes += [
        Wish(left + n * cell, (short_day(day.on),), 1, "tick")
        for n, day in enumerate(row[1:-1], 1)
        if day.on.day == 1
    ]
    baseline = top + 4 + FACES["tick"].above
    for label in place(wishes, 1, left, canvas.width - margin_of(canvas)):
        label.write(canvas, baseline)
    return baseline + FACES["tick"].below + 8


def _table(terms: Terms, days: Sequence[Day]) -> Grid:
    """A row a day with the amounts of its parts, excluded ones by exclusion in the last column."""
    there = {part.name for day in days for part in day.parts}
    names: list[PartName] = [name for name in (*FILLS,) if name in there]
    rows = []
    for day in days:
        amounts = [figures.minutes(day.amount(name)) if day.amount(name) else "" for name in names]
        by = [_part(terms, part) for part in day.parts if part.by]
        rows.append((day.on.isoformat(), *amounts, ", ".join(by)))
    return Grid(("Day", *names, "by"), tuple(rows))
