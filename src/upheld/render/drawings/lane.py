"""The lane of a clock as it is drawn: open hours, what counted in them, what was told, what was due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from upheld.core.clocks.lane import Lane
from upheld.core.timeline.instant import HOUR, MINUTE, Instant
from upheld.core.timeline.zone import Zone
from upheld.render import words
from upheld.render.drawings.axis import ENGLISH, Axis, DateNames
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.frame import NARROW, Swatch, margin_of
from upheld.render.drawings.labels import Wish, place
from upheld.render.drawings.style import FACES
from upheld.render.drawings.work_axis import WorkAxis

LANE: Final = 26
ROW: Final = 18


def _stretch(start_at: Instant, end_at: Instant, zone: Zone) -> str:
    """From when until when, and how long."""
    ends = f"{words.local(start_at, zone)} to {words.until(end_at, zone)}"
    return f"{ends}, {words.short(end_at - start_at)}"


class LaneWords(NamedTuple):
    """The words of a lane in a language; `stretch` tells from when until when something was."""

    open: str
    hours: str
    narrower: str
    counted: str
    late: str
    waiting: str
    due: str
    goal: str
    now: str
    stretch: Callable[[Instant, Instant, Zone], str]


LANE_WORDS: Final = LaneWords(
    "open", "open hours", "open hours; closed ones are narrower", "counted", "late",
    "the clock stands still", "due", "goal", "as of", _stretch,
)  # fmt: skip


class Mark(NamedTuple):
    """An instant with a name: a fact (above the lane), or a deadline, a goal or the present (below it)."""

    at: Instant
    kind: Literal["fact", "due", "goal", "now"]
    forms: tuple[str, ...]
    weight: int


def lane_axis(
    zone: Zone, lane: Lane, extent: tuple[Instant, Instant], canvas: Canvas, names: DateNames = ENGLISH
) -> Axis:
    """From the first instant to the last one, with a little room."""
    first, last = extent
    room = max((last - first) // 25, MINUTE)
    if last - first > 8 * HOUR:
        room = min(room, 2 * HOUR)
    margin = margin_of(canvas)
    right = canvas.width - margin
    return WorkAxis(zone, first - room, last + room, margin, right, names, open=lane.open)


def paint_timeline(
    canvas: Canvas, top: float, axis: Axis, lane: Lane, marks: Sequence[Mark], named: LaneWords = LANE_WORDS
) -> float:
    """The facts above the lane, the lane, what was due below it, and the axis. Where it ends."""
    facts = [mark for mark in marks if mark.kind == "fact"]
    others = [mark for mark in marks if mark.kind != "fact"]
    rows = 4 if canvas.width >= NARROW else 7
    above = place([Wish(axis.x(m.at), m.forms, m.weight) for m in facts], rows, axis.left, axis.right)
    kinds = {
        Wish(axis.x(m.at), m.forms, m.weight, "strong" if m.kind == "due" else "note"): m.kind for m in others
    }
    below = place(list(kinds), len(kinds), axis.left, axis.right)
    lane_top = top + ROW * (1 + max((one.row for one in above), default=-1)) + 8
    height = LANE if lane.open or lane.counted or lane.late else 0
    lane_end = lane_top + height
    if height:
        _paint_lane(canvas, axis, lane, lane_top, named)
    for one in above:
        baseline = lane_top - 8 - ROW * one.row - 4
        canvas.line(one.wish.x, baseline + FACES["note"].below + 1, one.wish.x, lane_top, "leader")
        one.write(canvas, baseline)
    for mark in facts:
        canvas.circle(axis.x(mark.at), lane_top, 3.5, "ring", title=mark.forms[0])
    for mark in others:
        canvas.line(axis.x(mark.at), lane_top - 4, axis.x(mark.at), lane_end + 6, mark.kind)
    end = lane_end + 4
    for one in below:
        baseline = lane_end + 6 + ROW * one.row + FACES["strong"].above
        if one.row:
            end_of_line = baseline - FACES["strong"].above
            canvas.line(one.wish.x, lane_end, one.wish.x, end_of_line, kinds[one.wish])
        one.write(canvas, baseline)
        end = max(end, baseline + FACES["strong"].below + 4)
    return axis.paint(canvas, end + 2, end + 6)


def _paint_lane(canvas: Canvas, axis: Axis, lane: Lane, top: float, named: LaneWords) -> None:
    zone = axis.zone
    for meaning, spans, what in (
        ("band", lane.open, named.open),
        ("waiting", lane.waiting, named.waiting),
        ("counted", lane.counted, named.counted),
        ("late", lane.late, named.late),
    ):
        high, lift = (LANE, 0) if meaning in ("band", "waiting") else (LANE - 8, 4)
        for start_at, end_at in spans.clip(axis.start_at, axis.end_at):
            left, right = axis.x(start_at), axis.x(end_at)
            told = f"{what}: {named.stretch(start_at, end_at, zone)}"
            wide = max(right - left, 1.5) if meaning != "band" else right - left
            canvas.rect(left, top + lift, wide, high, meaning, title=told if meaning != "band" else "")


def lane_swatches(axis: Axis, named: LaneWords = LANE_WORDS) -> list[Swatch]:
    """What the legend of a lane tells."""
    narrower = isinstance(axis, WorkAxis) and not axis.is_even
    return [
        Swatch("band", named.narrower if narrower else named.hours),
        Swatch("counted", named.counted),
        Swatch("late", named.late),
        Swatch("waiting", named.waiting),
        Swatch("due", named.due, "upright"),
        Swatch("goal", named.goal, "upright"),
        Swatch("now", named.now, "upright"),
    ]
