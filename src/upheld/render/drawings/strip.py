"""The strip of a period: what was up, down, excluded and unknown in it, and how much of that was allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.core.measuring.trace import Trace, TracedStretch
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import MINUTE, SECOND, Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.measurement import Measurement, Part, PartName
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures, measures, words
from upheld.render.drawings.axis import TimeAxis, short_day
from upheld.render.drawings.bar import Use, use_bar
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid, sentences
from upheld.render.drawings.frame import NARROW, Swatch, heading, legend, margin_of
from upheld.render.drawings.labels import Wish, place
from upheld.render.drawings.style import FACES, tone_of
from upheld.render.figure_explanation import promised
from upheld.render.naming import cited, clauses, name_of, zone_of

FILLS: Final[dict[PartName, str]] = {
    "up": "up",
    "outside hours": "outside",
    "before start": "later",
    "not yet": "later",
    "excluded": "excluded",
    "unknown": "unknown",
    "degraded": "degraded",
    "down": "down",
}
"""How parts are drawn, the later over the earlier: what was up from its beginning to its end, below all."""
SHARES: Final = {"degraded": 0.6}
"""What is drawn less high than the strip."""
RANKS: Final[dict[PartName, int]] = {"down": 2, "degraded": 1, "unknown": 0, "excluded": 0}

HIGH: Final = 34
LOW: Final = 20
ROW: Final = 18
ROWS: Final = 8
"""So many components have a strip of their own, the decisive one and those with trouble first."""
TOLD: Final = 12
POINTED: Final = 40
"""So many stretches of a part tell whoever points at them when they were; of more the table does."""
LEAST: Final = 2.0
"""So wide is a part at least, however little it is."""


def availability_strip(
    number: int, terms: Terms, rule: CommitRule, verdict: Verdict, trace: Trace
) -> Drawing:
    """The picture of what `upheld explain` tells of a measured figure. ValueError if it was not measured."""
    found = verdict.measurement
    if found is None:
        raise ValueError(f"{verdict.key} was not measured")
    zone = zone_of(terms)
    title = f"{verdict.key.commitment} of {verdict.key.subject}: {verdict.state}"
    clause = f", clause {clauses(rule.cited)}" if rule.cited.clauses else ""
    notes = [name_of(terms), f"promised: {promised(rule)} ({rule.modality}{clause})"]
    outcome, _, counted = measures.cells(terms, verdict)
    partition = [f"{name}: {amount}" for name, amount in measures.partition(terms, found)]
    told = [_told(terms, one, zone) for one in trace.stretches]
    more = f"and {len(told) - TOLD} more stretches in the table" if len(told) > TOLD else ""
    description = sentences(
        notes[0], f"promised: {promised(rule)} ({rule.modality}{cited(terms, rule.cited)})", outcome, counted,
        f"the period has {', '.join(partition)}", *told[:TOLD], more, f"times are {zone.name}",
    )  # fmt: skip

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, notes, (outcome, tone_of(verdict.state)), counted)
        if found.unit == "time":
            top = _paint_strips(canvas, top + 14, terms, found, zone)
        else:
            top = _paint_items(canvas, top, terms, found)
        top = _paint_budget(canvas, top, terms, verdict, found)
        top = legend(canvas, top + 18, _swatches(terms, found))
        canvas.height = round(top + margin_of(canvas))

    return Drawing(
        "availability-strip", f"#{number} {title}", description, _table(terms, found, trace, zone), paint
    )


# -- strips ------------------------------------------------------------------------------------------------


def shown_ends(found: Measurement) -> list[Measurement]:
    """The components that get a strip: the decisive one, then those with the most trouble, in their order."""
    ends = list(found.ends)
    if len(ends) <= ROWS:
        return ends
    decisive = measures.decisive(found)

    def trouble(one: Measurement) -> tuple[bool, int]:
        bad = sum(part.amount for part in one.parts if part.name in RANKS)
        return one.component != decisive.component, -bad

    kept = sorted(range(len(ends)), key=lambda i: (*trouble(ends[i]), i))[:ROWS]
    return [ends[i] for i in sorted(kept)]


def _paint_strips(canvas: Canvas, top: float, terms: Terms, found: Measurement, zone: Zone) -> float:
    """A strip a component, with its longest stretches named above it, and one axis for all."""
    margin = margin_of(canvas)
    period = found.period
    axis = TimeAxis(zone, period.start_at, period.end_at, margin, canvas.width - margin)
    ends = shown_ends(found)
    height = HIGH if len(ends) == 1 else LOW
    for one in ends:
        if len(ends) > 1:
            top += FACES["note"].above + 4
            decides = " (decides)" if one.component == found.decisive else ""
            canvas.text(axis.left, top, f"{one.component}{decides}", "strong", room=axis.right - axis.left)
            top += 4
        top = _paint_strip(canvas, top, terms, one, axis, height) + (10 if len(ends) > 1 else 0)
    hidden = len(found.ends) - len(ends)
    end = axis.paint(canvas, top, top + 6)
    if hidden:
        baseline = end + 6 + FACES["note"].above
        canvas.text(axis.left, baseline, f"and {words.count(hidden, 'component')} more, in the table", "note")
        end = baseline + FACES["note"].below
    return end


def _paint_strip(
    canvas: Canvas, top: float, terms: Terms, one: Measurement, axis: TimeAxis, height: float
) -> float:
    parts = sorted(one.parts, key=lambda part: list(FILLS).index(part.name))
    wishes = _wishes(terms, parts, axis)
    rows = (3 if canvas.width >= NARROW else 5) if height == HIGH else 1
    placed = place(wishes, rows, axis.left, axis.right)
    used = 1 + max((label.row for label in placed), default=-1)
    strip = top + ROW * used + (8 if used else 0)
    for label in placed:
        baseline = strip - 8 - ROW * label.row - 4
        canvas.line(label.wish.x, baseline + FACES["note"].below + 1, label.wish.x, strip, "leader")
        label.write(canvas, baseline)
    for part in parts:
        _paint_part(canvas, terms, part, axis, (strip, height))
    if not one.is_settled and axis.start_at < one.at < axis.end_at:
        canvas.line(axis.x(one.at), strip - 2, axis.x(one.at), strip + height + 2, "now")
    return strip + height


def _paint_part(canvas: Canvas, terms: Terms, part: Part, axis: TimeAxis, lane: tuple[float, float]) -> None:
    """The stretches of a part in a lane (its top and its height), those of trouble at least so wide."""
    fill, is_trouble = FILLS[part.name], part.name in RANKS
    high = lane[1] * SHARES.get(part.name, 1)
    top = lane[0] + lane[1] - high
    runs = drawn_runs(
        _hull(part.spans) if part.name == "up" else part.spans, axis, LEAST if is_trouble else 0
    )
    if len(runs) > POINTED:
        canvas.rects(((run.left, top, run.right - run.left, high) for run in runs), fill)
        return
    name = measures.part_name(terms, part)
    for run in runs:
        ends = f"{words.local(run.start_at, axis.zone)} to {words.until(run.end_at, axis.zone)}"
        told = f"{name}: {ends}" if is_trouble else ""
        canvas.rect(run.left, top, run.right - run.left, high, fill, title=told)


def _hull(spans: Spans) -> Spans:
    """One stretch from the beginning of the first to the end of the last."""
    return Spans.of([(spans.starts[0], spans.ends[-1])]) if spans else spans


class _Run(NamedTuple):
    """Stretches that are drawn as one, in pixels, from the beginning of the first to the end of the last."""

    left: float
    right: float
    start_at: Instant
    end_at: Instant


def drawn_runs(spans: Spans, axis: TimeAxis, least: float) -> list[_Run]:
    """Stretches, each at least so wide; those that the eye could not tell apart are one."""
    found: list[_Run] = []
    for start_at, end_at in spans.clip(axis.start_at, axis.end_at):
        wide = max(axis.x(end_at) - axis.x(start_at), least)
        left = min(axis.x(start_at), axis.right - wide)
        if found and left - found[-1].right < 0.5:
            found[-1] = found[-1]._replace(right=max(left + wide, found[-1].right), end_at=end_at)
        else:
            found.append(_Run(left, left + wide, start_at, end_at))
    return found


def _wishes(terms: Terms, parts: Sequence[Part], axis: TimeAxis) -> list[Wish]:
    """A label for every stretch that is not up: the gravest and longest weigh the most."""
    found = []
    for part in parts:
        rank = RANKS.get(part.name)
        if rank is None:
            continue
        name = measures.part_name(terms, part)
        for start_at, end_at in part.spans.clip(axis.start_at, axis.end_at):
            length = figures.minutes(about(end_at - start_at))
            on = short_day(axis.zone.date_at(start_at))
            short = f"{length} {part.name}"
            forms = (f"{on}, {length} {name}", f"{on}, {short}", short)
            weight = rank * 10**8 + min((end_at - start_at) // MINUTE, 10**8 - 1)
            found.append(Wish(axis.x((start_at + end_at) // 2), forms, weight))
    return found


def about(length_us: Duration) -> Duration:
    """A length for a label: whole seconds from one on; the table has it whole."""
    return length_us // SECOND * SECOND if length_us >= SECOND else length_us


# -- items -------------------------------------------------------------------------------------------------


def _paint_items(canvas: Canvas, top: float, terms: Terms, found: Measurement) -> float:
    """What was counted, as one bar whose parts are as long as they are many."""
    margin = margin_of(canvas)
    left, width = float(margin), canvas.width - 2.0 * margin
    parts = [part for part in found.parts if part.amount]
    whole = sum(part.amount for part in parts)
    if not whole:
        return top
    top += 18
    for part, share in zip(parts, _shares([part.amount for part in parts], width), strict=True):
        told = f"{measures.part_of(terms, found, part)}: {part.amount:,}"
        canvas.rect(left, top, share, HIGH, FILLS[part.name], title=told)
        left += share
    return top + HIGH


def _shares(amounts: Sequence[int], width: float) -> list[float]:
    """A width divided by amounts, each so wide that it is seen; what that takes is the largest one's."""
    found = [max(width * amount / sum(amounts), LEAST) for amount in amounts]
    found[found.index(max(found))] -= sum(found) - width
    return found


def _paint_budget(canvas: Canvas, top: float, terms: Terms, verdict: Verdict, found: Measurement) -> float:
    """How much may fail, and how much has; nothing where no level allows so much."""
    budget = measures.budget(found, verdict.level, measures.compare_of(terms, verdict))
    if budget is None:
        return top
    used, allowed, rest = (
        measures.failed(terms, measures.decisive(found), amount)
        for amount in (budget.used, max(budget.allowed, 0), abs(budget.left))
    )
    what = "bad" if found.unit == "time" else "failed"
    told_rest = f"{rest} left" if budget.left >= 0 else f"{rest} too much"
    use = Use(
        budget.used,
        max(budget.allowed, 0),
        f"{used} {what}",
        told_rest,
        f"allowed {allowed}",
        "spent",
        "over",
    )
    return use_bar(canvas, top + 16, use)


def _swatches(terms: Terms, found: Measurement) -> list[Swatch]:
    """What the fills mean; of items with their numbers."""
    names: dict[str, list[str]] = {}
    word = {"up": measures.good_word(terms, found), "down": measures.bad_word(terms, found)}
    there = {part.name for one in (found, *found.ends) for part in one.parts}
    for name, fill in FILLS.items():
        if name in there:
            of_items = f"{found.amount(name):,} {word.get(name, name)}"
            names.setdefault(fill, []).append(of_items if found.unit == "count" else name)
    return [
        *(Swatch(fill, ", ".join(told)) for fill, told in names.items()),
        Swatch("now", f"as of {words.local(found.at, zone_of(terms))}", "upright"),
    ]


# -- in words ----------------------------------------------------------------------------------------------


def _told(terms: Terms, one: TracedStretch, zone: Zone) -> str:
    what = measures.part_name(terms, Part(one.part, 0, one.by))
    when = f"{words.local(one.start_at, zone)} to {words.until(one.end_at, zone)}"
    return f"{when}, {figures.minutes(one.length_us)} {what} of {one.component}"


def _table(terms: Terms, found: Measurement, trace: Trace, zone: Zone) -> Grid:
    """The stretches, or the items; the parts where there is neither."""
    if trace.stretches:
        rows = [
            (
                words.local(one.start_at, zone),
                words.until(one.end_at, zone),
                figures.minutes(one.length_us),
                measures.part_name(terms, Part(one.part, 0, one.by)),
                one.component,
                ", ".join(f"{fact.source} {fact.id}" for fact in one.facts),
            )
            for one in trace.stretches
        ]
        return Grid(("From", "To", "Length", "Counts as", "Component", "Facts"), tuple(rows))
    if trace.items:
        told = [
            (
                one.subject,
                measures.part_of(terms, found, Part(one.part, 0, one.by)),
                one.state,
                "" if one.number is None else f"#{one.number}",
            )
            for one in trace.items
        ]
        return Grid(("Subject", "Counts as", "State", "Verdict"), tuple(told))
    return Grid(
        ("Part", "Amount"), tuple((name, amount) for name, amount in measures.partition(terms, found))
    )
