"""The timeline of a clock: open hours, what was counted, what stood still, what was told and what was due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from upheld.core.clocks.lane import Lane, lane_of
from upheld.core.terms.agreement import Rule, Terms
from upheld.core.timeline.instant import DAY, MINUTE, Duration, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.verdict import Verdict
from upheld.render import words
from upheld.render.drawings.axis import short_day
from upheld.render.drawings.bar import Use, use_bar
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid, sentences
from upheld.render.drawings.frame import heading, legend, margin_of
from upheld.render.drawings.lane import Mark, lane_axis, lane_swatches, paint_timeline
from upheld.render.drawings.style import tone_of
from upheld.render.explanation import Step, conclusion, promised, step_time
from upheld.render.naming import cited, clauses, name_of, zone_of

YEAR: Final = 365 * DAY
TOLD: Final = 12
"""So many of its facts the description names; the table has all."""


def clock_timeline(
    number: int,
    terms: Terms,
    rule: Rule,
    verdict: Verdict,
    steps: Sequence[Step],
    measured: tuple[Duration | None, Duration | None],
    at: Instant,
) -> Drawing:
    """The picture of what `upheld explain` tells of a clock, a quota or an obligation.

    `measured` is the time counted and the time late, `at` the instant asked about.
    """
    zone = zone_of(terms)
    subject = verdict.key.subject + (f", cycle {verdict.cycle}" if verdict.cycle > 1 else "")
    title = f"{verdict.key.commitment} of {subject}: {verdict.state}"
    end_at = at if verdict.stopped_at is None else verdict.stopped_at
    outcome = conclusion(verdict, terms, measured).removeprefix("=> ")
    promise = f"promised: {promised(rule, verdict)} ({rule.modality}"
    # The readings are many, and for whoever looks closer: in the description.
    notes = [name_of(terms), f"{promise}{_clauses(rule)})"]
    lane = lane_of(verdict, terms.calendars, end_at)
    extent = _extent(verdict, lane, steps, end_at, at)
    marks = _marks(verdict, steps, zone, at, extent)
    told = [f"{step_time(one, zone)} {one.what}" for one in steps if not one.is_routine]
    more = [f"and {len(told) - TOLD} more steps in the table"] if len(told) > TOLD else []
    promise_cited = f"{promise}{cited(terms, rule.cited)})"
    description = sentences(notes[0], promise_cited, outcome, *told[:TOLD], *more, f"times are {zone.name}")

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, notes, (outcome, tone_of(verdict.state)))
        if extent is not None:
            axis = lane_axis(zone, lane, extent, canvas)
            top = paint_timeline(canvas, top + 14, axis, lane, marks)
            top = _paint_budget(canvas, top, verdict, measured)
            top = legend(canvas, top + 18, lane_swatches(axis))
        canvas.height = round(top + margin_of(canvas))

    return Drawing("clock-timeline", f"#{number} {title}", description, _table(steps, zone), paint)


# -- what there is to draw ---------------------------------------------------------------------------------


def _time(at: Instant, zone: Zone, length_us: Duration, is_end: bool = False) -> str:
    """A time of day, with its date on an axis longer than a day; an end at midnight is that of its day."""
    label = zone.label_at(at) // MINUTE * MINUTE
    on, of_day = zone.date_at(at - is_end), label % DAY
    time = "24:00" if is_end and not of_day else words.clock_time(of_day)
    if length_us <= DAY:
        return time
    return f"{short_day(on)} {time}" if length_us <= YEAR else f"{short_day(on)} {on.year} {time}"


def _extent(
    verdict: Verdict, lane: Lane, steps: Sequence[Step], end_at: Instant, at: Instant
) -> tuple[Instant, Instant] | None:
    """From the first instant that is told, or the start of the period, to the last; None if there is none."""
    ends = (verdict.started_at, verdict.anchor_at, verdict.stopped_at, verdict.due_at, verdict.goal_at)
    instants = [one for one in ends if one is not None] + [step.at for step in steps]
    instants += [at] if verdict.is_open else []
    if lane.counted or lane.late or lane.waiting:
        instants.append(end_at)
    return (min(instants), max(instants)) if instants else None


def _marks(
    verdict: Verdict, steps: Sequence[Step], zone: Zone, at: Instant, extent: tuple[Instant, Instant] | None
) -> list[Mark]:
    """The facts and decisions, the weightiest those at which the clock starts and stops; what was due.

    A time has its date where it is not all within a day, and its year where it is not within one.
    """
    length_us = 0 if extent is None else extent[1] - extent[0]
    found = []
    ends = (verdict.anchor_at, verdict.started_at, verdict.stopped_at)
    for step in steps:
        if step.is_routine or step.what == "due":
            continue
        time = _time(step.at, zone, length_us)
        name = step.what.partition(":")[0] if step.fact is not None else step.what
        forms = (
            (f"{time} {step.what}", f"{time} {name}", name)
            if len(step.what) <= 60
            else (f"{time} {name}", name)
        )
        weight = 3 if step.fact is not None and step.at in ends else 2 if step.fact is not None else 1
        found.append(Mark(step.at, "fact", forms, weight))
    goal_at = verdict.goal_at if verdict.goal_at != verdict.due_at else None
    whens: tuple[tuple[Literal["due", "goal"], Instant | None, int], ...] = (
        ("due", verdict.due_at, 3),
        ("goal", goal_at, 2),
    )
    for kind, due_at, weight in whens:
        if due_at is not None:
            in_short = f"{kind} {_time(due_at, zone, length_us, is_end=True)}"
            found.append(Mark(due_at, kind, (f"{kind} {words.until(due_at, zone)}", in_short, kind), weight))
    if verdict.is_open:
        found.append(Mark(at, "now", (f"as of {words.local(at, zone)}", "as of"), 1))
    return found


# -- how it is drawn ---------------------------------------------------------------------------------------


def _paint_budget(
    canvas: Canvas, top: float, verdict: Verdict, measured: tuple[Duration | None, Duration | None]
) -> float:
    """How much of the budget was counted, and how much more; nothing where there is no budget."""
    counted_us, budget_us = measured[0], verdict.budget_us
    if counted_us is None or not budget_us or verdict.hours:
        return top  # of a due instant that moves, the budget alone does not tell what is late
    left_us = budget_us - counted_us
    use = Use(
        counted_us, budget_us, f"{words.length(counted_us)} counted",
        f"{words.short(left_us)} left" if left_us >= 0 else f"{words.short(-left_us)} over",
        f"budget {words.length(budget_us)}",
    )  # fmt: skip
    return use_bar(canvas, top + 14, use)


def _table(steps: Sequence[Step], zone: Zone) -> Grid:
    rows = []
    for step in steps:
        counted = "" if not step.counted_us else words.short(step.counted_us)
        total = "" if step.total_us is None else words.short(step.total_us)
        source = f"{step.fact.source} {step.fact.id}" if step.fact else ""
        rows.append((step_time(step, zone), counted, total, step.what, source))
    return Grid(("When", "Counted", "In all", "What", "Source"), tuple(rows))


def _clauses(rule: Rule) -> str:
    return f", clause {clauses(rule.cited)}" if rule.cited.clauses else ""
