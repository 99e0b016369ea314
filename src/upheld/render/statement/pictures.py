"""The pictures of a statement, drawn from its record: lanes of late clocks, strips of periods, days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from upheld.core.clocks.lane import Lane
from upheld.core.measuring.days import Day
from upheld.core.timeline.instant import MINUTE, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Part
from upheld.render.drawings.axis import TimeAxis, short_day
from upheld.render.drawings.bar import Use, use_bar
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.days import HIGH as DAY_HIGH
from upheld.render.drawings.days import paint_day
from upheld.render.drawings.drawing import Drawing, Grid, sentences
from upheld.render.drawings.frame import Swatch, heading, legend, margin_of
from upheld.render.drawings.labels import Wish, place
from upheld.render.drawings.lane import LaneWords, Mark, lane_axis, lane_swatches, paint_timeline
from upheld.render.drawings.strip import FILLS, HIGH, LEAST, LOW, RANKS, ROW, ROWS, SHARES, drawn_runs
from upheld.render.drawings.style import FACES, STATES
from upheld.render.statement.telling import Telling

TOLD: Final = 12
"""So many stretches or steps the description names; the tables beside the picture have all."""


def spans(rows: Iterable[Sequence[int]]) -> Spans:
    """Stretches as they stand in a record."""
    return Spans.of((start_at, end_at) for start_at, end_at in rows)


# -- clocks ------------------------------------------------------------------------------------------------


def clock_picture(told: Telling, verdict: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Drawing:
    """The lane of a clock that was late, with what happened to its subject and when it was due."""
    drawn, say = verdict["drawn"], told.say
    lane = Lane(*(spans(drawn[name]) for name in ("open", "counted", "late", "waiting")))
    title = say("{commitment} of {subject}: {state}", commitment=verdict["commitment"],
                subject=told.subject(verdict), state=told.state(verdict["state"]))  # fmt: skip
    outcome = late_by(told, verdict)
    extent = (drawn["start_at"], drawn["end_at"])
    shown = [one for one in events if extent[0] <= one["at"] <= extent[1]]
    marks = _marks(told, verdict, shown)
    named = LaneWords(
        say("open"), say("open hours"), say("open hours; closed ones are narrower"), say("counted"),
        say("late"), say("the clock stands still"), say("due"), say("aim"), say("as of"), told.stretch,
    )  # fmt: skip
    steps = [f"{told.at(one['at'])} {told.event(one['type'])}" for one in shown]
    due = say("due {at}", at=told.until(verdict["due_at"])) if verdict["due_at"] is not None else ""
    description = sentences(title, outcome, due, *steps[:TOLD], say("times are {zone}", zone=told.zone.name))

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, (), (outcome, STATES[verdict["state"]]))
        axis = lane_axis(told.zone, lane, extent, canvas, told.names)
        top = paint_timeline(canvas, top + 14, axis, lane, marks, named)
        top = _paint_budget(canvas, top, told, verdict)
        top = legend(canvas, top + 18, lane_swatches(axis, named))
        canvas.height = round(top + margin_of(canvas))

    rows = tuple(
        (told.at(one["at"]), told.event(one["type"]), f"{one['source']} {one['id']}") for one in events
    )
    return Drawing("clock", title, description, Grid((say("When"), say("What"), say("Fact")), rows), paint)


def late_by(told: Telling, verdict: Mapping[str, Any]) -> str:
    """By how much a clock was late, of how much."""
    length = told.length(verdict["late_us"])
    if verdict["stopped_at"] is None:
        return told.say("{length} late so far", length=length) if length else told.say("late, and not done")
    return told.say("{length} late", length=length)


def _marks(told: Telling, verdict: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> list[Mark]:
    """What happened above the lane, what was due below it."""
    ends = (verdict["started_at"], verdict["stopped_at"])
    found = []
    for one in events:
        name = told.event(one["type"])
        forms = (f"{told.at(one['at'])} {name}", name)
        found.append(Mark(one["at"], "fact", forms, 3 if one["at"] in ends else 2))
    if verdict["due_at"] is not None:
        due = told.say("due {at}", at=told.until(verdict["due_at"]))
        found.append(Mark(verdict["due_at"], "due", (due, told.say("due")), 3))
    if verdict["goal_at"] is not None and verdict["goal_at"] != verdict["due_at"]:
        goal = told.say("aim {at}", at=told.until(verdict["goal_at"]))
        found.append(Mark(verdict["goal_at"], "goal", (goal, told.say("aim")), 2))
    return found


def _paint_budget(canvas: Canvas, top: float, told: Telling, verdict: Mapping[str, Any]) -> float:
    """How much of the budget was counted, and how much more."""
    counted, budget = verdict["counted_us"], verdict["budget_us"]
    if counted is None or not budget or counted - budget != verdict["late_us"]:
        return top  # of a due instant that moved, the budget alone does not tell what is late
    use = Use(
        counted,
        budget,
        told.say("{length} counted", length=told.length(counted)),
        told.say("{length} over", length=told.length(counted - budget)),
        told.say("allowed {length}", length=told.length(budget)),
    )
    return use_bar(canvas, top + 14, use)


# -- periods -----------------------------------------------------------------------------------------------


def ends_of(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The measurements that were not made of others: itself, or those beneath it."""
    return [end for one in found["of"] for end in ends_of(one)] if found["of"] else [found]


def strip_picture(told: Telling, verdict: Mapping[str, Any]) -> Drawing:
    """The strip of a measured period: what was up, down, excluded and not observed, or how many items."""
    found, say = verdict["measurement"], told.say
    title = say("{commitment} of {subject}: {state}", commitment=verdict["commitment"],
                subject=told.subject(verdict), state=told.state(verdict["state"]))  # fmt: skip
    bounds = found["final" if found["is_settled"] else "to_date"]
    outcome = told.bounded(bounds, verdict["level"], found["unit"])
    promise = say("promised: {level}", level=told.level(verdict["level"]))
    parts = [_part_told(told, found, part) for part in found["parts"] if part["amount"]]
    description = sentences(title, promise, outcome, *parts, say("times are {zone}", zone=told.zone.name))
    is_time = found["counts"] == "time"

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, (promise,), (outcome, STATES[verdict["state"]]))
        top = (
            _paint_strips(canvas, top + 14, told, found) if is_time else _paint_items(canvas, top + 14, found)
        )
        top = _paint_allowed(canvas, top, told, verdict)
        swatches = [Swatch(FILLS[name], text) for name, text in _legend(told, found)]
        top = legend(canvas, top + 18, swatches)
        canvas.height = round(top + margin_of(canvas))

    rows = tuple(
        (told.part(part, found), _sized(told, found, part["amount"]))
        for part in found["parts"]
        if part["amount"]
    )
    return Drawing("strip", title, description, Grid((say("What of it"), say("How much")), rows), paint)


def _sized(told: Telling, found: Mapping[str, Any], amount: int) -> str:
    return told.minutes(amount) if found["counts"] == "time" else told.tongue.number(amount)


def _part_told(told: Telling, found: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    return f"{told.part(part, found)}: {_sized(told, found, part['amount'])}"


def _legend(told: Telling, found: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """The parts that are there, each once."""
    there = {part["name"] for one in (found, *ends_of(found)) for part in one["parts"]}
    for name in FILLS:
        if name in there:
            yield name, told.part({"name": name}, found)


def _paint_strips(canvas: Canvas, top: float, told: Telling, found: Mapping[str, Any]) -> float:
    """A strip a component, and one axis for all."""
    margin, period = margin_of(canvas), found["period"]
    axis = TimeAxis(
        told.zone, period["start_at"], period["end_at"], margin, canvas.width - margin, told.names
    )
    ends = ends_of(found)[:ROWS]
    height = HIGH if len(ends) == 1 else LOW
    for one in ends:
        if len(ends) > 1:
            top += FACES["note"].above + 4
            canvas.text(axis.left, top, one["component"], "strong", room=axis.right - axis.left)
            top += 4
        top = _paint_strip(canvas, top, told, one, axis, height) + (10 if len(ends) > 1 else 0)
    return axis.paint(canvas, top, top + 6)


def _paint_strip(
    canvas: Canvas, top: float, told: Telling, one: Mapping[str, Any], axis: TimeAxis, height: float
) -> float:
    parts = sorted(one["parts"], key=lambda part: list(FILLS).index(part["name"]))
    placed = place(_wishes(told, parts, axis), 3 if height == HIGH else 1, axis.left, axis.right)
    used = 1 + max((label.row for label in placed), default=-1)
    strip = top + ROW * used + (8 if used else 0)
    for label in placed:
        baseline = strip - 8 - ROW * label.row - 4
        canvas.line(label.wish.x, baseline + FACES["note"].below + 1, label.wish.x, strip, "leader")
        label.write(canvas, baseline)
    canvas.rect(axis.left, strip, axis.right - axis.left, height, "up")
    for part in parts:
        name = part["name"]
        if name == "up":
            continue
        high = height * SHARES.get(name, 1)
        for run in drawn_runs(spans(part["spans"]), axis, LEAST if name in RANKS else 0):
            title = f"{told.part(part)}: {told.stretch(run.start_at, run.end_at, told.zone)}"
            canvas.rect(run.left, strip + height - high, run.right - run.left, high, FILLS[name], title=title)
    return strip + height


def _wishes(told: Telling, parts: Sequence[Mapping[str, Any]], axis: TimeAxis) -> list[Wish]:
    """A label for every stretch that was not up: the gravest and longest weigh the most."""
    found = []
    for part in parts:
        rank = RANKS.get(part["name"])
        for start_at, end_at in part["spans"] if rank is not None else ():
            length = told.minutes(end_at - start_at)
            day = short_day(told.zone.date_at(start_at), told.names)
            name = told.part({"name": part["name"]})
            forms = (f"{day}, {length} {name}", f"{length} {name}")
            weight = (rank or 0) * 10**8 + min((end_at - start_at) // MINUTE, 10**8 - 1)
            found.append(Wish(axis.x((start_at + end_at) // 2), forms, weight))
    return found


def _paint_items(canvas: Canvas, top: float, found: Mapping[str, Any]) -> float:
    """One bar of all items, each part as wide as it has items."""
    margin = margin_of(canvas)
    room, left = canvas.width - 2.0 * margin, float(margin)
    parts = sorted(
        (part for part in found["parts"] if part["amount"]), key=lambda p: list(FILLS).index(p["name"])
    )
    whole = sum(part["amount"] for part in parts)
    for part in parts:
        wide = room * part["amount"] / whole
        canvas.rect(left, top, wide, LOW, FILLS[part["name"]])
        left += wide
    return top + LOW


def _paint_allowed(canvas: Canvas, top: float, told: Telling, verdict: Mapping[str, Any]) -> float:
    """How much might fail, and how much did; nothing where no level allows so much."""
    allowed = allowed_of(verdict)
    if allowed is None:
        return top
    found = verdict["measurement"]
    used = found["bad"]
    left = allowed - used
    rest = (
        told.say("{amount} left", amount=_sized(told, found, left))
        if left >= 0
        else told.say("{amount} too much", amount=_sized(told, found, -left))
    )
    use = Use(
        used,
        allowed,
        told.say("{amount} failed", amount=_sized(told, found, used)),
        rest,
        told.say("allowed {length}", length=_sized(told, found, allowed)),
        "spent",
        "over",
    )
    return use_bar(canvas, top + 16, use)


def allowed_of(verdict: Mapping[str, Any]) -> int | None:
    """How much of a period might fail (microseconds, or items), rounded down; None where no level says."""
    found, level = verdict["measurement"], verdict["level"]
    if found is None or level is None or level["unit"] != "ratio" or level["relation"] not in (">=", ">"):
        return None
    if found["of"] or not found["total"] or (found["counts"] == "time" and found["basis"] == "counts"):
        return None
    allowed = (1 - Fraction(level["value"])) * int(found["final_total"])
    return int(allowed // 1)


# -- days --------------------------------------------------------------------------------------------------


def days_in(told: Telling, found: Mapping[str, Any]) -> list[Day]:
    """The civil days of a measured period, each with its parts; what no part takes was up."""
    period, days = found["period"], []
    on = told.zone.date_at(period["start_at"])
    while (start_at := told.zone.day_start(on)) < period["end_at"]:
        end_at = told.zone.day_start(on + timedelta(days=1))
        if end_at > start_at:
            days.append(Day(on, start_at, end_at, tuple(_parts_of_day(found, start_at, end_at))))
        on += timedelta(days=1)
    return days


def _parts_of_day(found: Mapping[str, Any], start_at: Instant, end_at: Instant) -> Iterator[Part]:
    up = end_at - start_at
    for part in found["parts"]:
        if part["name"] == "up":
            continue
        inside = spans(part["spans"]).clip(start_at, end_at).length
        if inside:
            up -= inside
            yield Part(part["name"], inside, part["by"])
    if up:
        yield Part("up", up)


def day_picture(told: Telling, name: str, days: Sequence[Day]) -> Drawing:
    """A bar a day: how much of it was down, not observed or excluded."""
    say = told.say
    down = [day for day in days if day.amount("down")]
    outcome = (
        say("{days} with an outage, {length} down in all",
            days=told.tongue.plural(len(down), "{number} day", "{number} days"),
            length=told.minutes(sum(day.amount("down") for day in down)))
        if down
        else say("no outage on any day")
    )  # fmt: skip
    title = say("{component}, day by day", component=name)
    listed = [f"{told.on(day.on)}: {told.minutes(day.amount('down'))}" for day in down]
    description = sentences(title, outcome, *listed[:TOLD])
    swatches = [Swatch(FILLS[part], told.part({"name": part})) for part in FILLS]

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, (), (outcome, "")) + 12
        margin = margin_of(canvas)
        cell = (canvas.width - 2 * margin) / len(days)
        for n, day in enumerate(days):
            with canvas.group(title=f"{told.on(day.on)}: {', '.join(_day_parts(told, day))}"):
                paint_day(canvas, margin + n * cell, top, cell, day)
        baseline = top + DAY_HIGH + 4 + FACES["tick"].above
        first, last = (short_day(day.on, told.names) for day in (days[0], days[-1]))
        canvas.text(margin, baseline, first, "tick")
        canvas.text(canvas.width - margin, baseline, last, "tick", "end")
        canvas.height = round(legend(canvas, baseline + 14, swatches) + margin_of(canvas))

    rows = tuple((told.on(day.on), ", ".join(_day_parts(told, day))) for day in days)
    return Drawing("days", title, description, Grid((say("Day"), say("Parts")), rows), paint)


def _day_parts(told: Telling, day: Day) -> list[str]:
    return [
        f"{told.part({'name': part.name, 'by': part.by})} {told.minutes(part.amount)}" for part in day.parts
    ]
