"""The time of one cycle on one line: what was counted, stood still or was closed, and when it was due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rich.text import Text

from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.verdict import Verdict
from upheld.render import words
from upheld.render.naming import zone_of
from upheld.render.terminal.bars import WIDEST, columns_of, signs_in_a_row
from upheld.render.terminal.layout import flow
from upheld.render.terminal.sheet import Fitted, Lines, Sheet
from upheld.render.terminal.signs import TIMES, Sign

CLOSED_COLUMNS: Final = 2
"""How wide closed time is drawn: nights and weekends would else leave no room for what counts."""


class Stretch(NamedTuple):
    """Time of one kind, of those in `TIMES`."""

    start_at: Instant
    end_at: Instant
    kind: str


class Mark(NamedTuple):
    """An instant that is told: when it was due, aimed at, or done."""

    at: Instant
    kind: str


def clock_line(sheet: Sheet, terms: Terms, verdict: Verdict, at: Instant) -> Fitted | None:
    """The bar of a cycle with what its signs mean; None if nothing says when it started."""
    found = stretches_of(terms, verdict, at)
    if not found:
        return None
    marks = [mark for mark in _marks(verdict) if found[0].start_at <= mark.at <= found[-1].end_at]
    zone = zone_of(terms)

    def lines(width: int) -> Lines:
        room = min(width - 2, WIDEST)
        bar, is_even = _bar(sheet, found, marks, room)
        start, end = words.local(found[0].start_at, zone), words.until(found[-1].end_at, zone)
        told = _key(sheet, found, marks, is_even, terms, verdict)
        drawn = [Text("  ").append_text(bar)]
        if len(start) + len(end) + 2 <= room:
            ends = start.ljust(room - len(end)) + end
            drawn.append(Text("  ").append_text(sheet.text(ends, "dim")))
        else:
            told = [sheet.text(f"from {start}", "dim"), sheet.text(f"to {end}", "dim"), *told]
        return [*drawn, *flow(sheet, told, width, 2, 0)]

    return Fitted(lines)


def stretches_of(terms: Terms, verdict: Verdict, at: Instant) -> list[Stretch]:
    """A cycle from its start to its end, or to when it is due: each stretch of one kind, in order."""
    start_at = verdict.started_at if verdict.anchor_at is None else verdict.anchor_at
    if start_at is None or verdict.allowed is not None or verdict.measurement is not None:
        return []
    counted_to_at = at if verdict.stopped_at is None else verdict.stopped_at
    end_at = max(counted_to_at, verdict.due_at or counted_to_at)
    if end_at <= start_at:
        return []
    open_ = Spans.of([(start_at, end_at)])
    if verdict.anchor_at is not None:
        open_ = terms.calendars[verdict.calendar].spans.clip(start_at, end_at)
    bounds = {start_at, end_at, counted_to_at, verdict.due_at or end_at, verdict.goal_at or end_at}
    bounds |= {bound for span in open_ for bound in span}
    bounds |= {bound for pause in verdict.pauses for bound in pause[:2] if bound is not None}
    inside = sorted(bound for bound in bounds if start_at <= bound <= end_at)
    found: list[Stretch] = []
    for a, b in pairwise(inside):
        kind = _kind(verdict, open_, a, counted_to_at)
        if found and found[-1].kind == kind and a not in (verdict.due_at, verdict.goal_at, counted_to_at):
            found[-1] = found[-1]._replace(end_at=b)
        else:
            found.append(Stretch(a, b, kind))
    return found


def _kind(verdict: Verdict, open_: Spans, at: Instant, counted_to_at: Instant) -> str:
    if at not in open_:
        return "closed"
    if at >= counted_to_at:
        return "ahead"
    if any(pause.start_at <= at and (pause.end_at is None or at < pause.end_at) for pause in verdict.pauses):
        return "waiting"
    return "late" if verdict.is_late and verdict.due_at is not None and at >= verdict.due_at else "counted"


def _marks(verdict: Verdict) -> Iterator[Mark]:
    for at, kind in ((verdict.goal_at, "goal"), (verdict.due_at, "due"), (verdict.stopped_at, "done")):
        if at is not None:
            yield Mark(at, kind)


# -- the bar -----------------------------------------------------------------------------------------------


def _bar(sheet: Sheet, found: Sequence[Stretch], marks: Sequence[Mark], width: int) -> tuple[Text, bool]:
    """The bar, and whether all of it is to one scale."""
    room = width - len(marks)
    if len(found) > room // 2:
        return signs_in_a_row(sheet, _to_scale(found, marks, width)), True
    closed = [one.kind == "closed" for one in found]
    is_even = not any(closed) or all(closed)
    each = min(CLOSED_COLUMNS, max(1, room // (4 * max(sum(closed), 1))))
    open_room = room if is_even else room - each * sum(closed)
    amounts = [one.end_at - one.start_at if is_even or one.kind != "closed" else 0 for one in found]
    columns = columns_of(amounts, open_room)
    row: list[Sign] = []
    left = sorted(marks)
    for one, count in zip(found, columns, strict=True):
        while left and left[0].at <= one.start_at:
            row.append(TIMES[left.pop(0).kind])
        row += [TIMES[one.kind]] * (count or each)
    return signs_in_a_row(sheet, [*row, *(TIMES[mark.kind] for mark in left)]), is_even


def _to_scale(found: Sequence[Stretch], marks: Sequence[Mark], width: int) -> list[Sign]:
    """A column for each equal part of the time, of the kind that has most of it; marks over it."""
    start_at, length_us = found[0].start_at, found[-1].end_at - found[0].start_at
    row = []
    for column in range(width):
        a, b = (start_at + length_us * n // width for n in (column, column + 1))
        within = dict.fromkeys(TIMES, 0)
        for one in found:
            within[one.kind] += max(0, min(b, one.end_at) - max(a, one.start_at))
        row.append(TIMES[max(within, key=lambda kind: within[kind])])
    taken: set[int] = set()
    for mark in sorted(marks, reverse=True):
        column = min((mark.at - start_at) * width // length_us, width - 1)
        while column in taken and column:
            column -= 1
        taken.add(column)
        row[column] = TIMES[mark.kind]
    return row


def _key(
    sheet: Sheet,
    found: Sequence[Stretch],
    marks: Sequence[Mark],
    is_even: bool,
    terms: Terms,
    verdict: Verdict,
) -> list[Text]:
    """What each sign means, with how much of it there is."""
    zone = zone_of(terms)
    told = []
    for kind, sign in TIMES.items():
        length_us = sum(one.end_at - one.start_at for one in found if one.kind == kind)
        if kind == "closed":
            told += [sheet.signed(sign, kind if is_even else f"{kind}, drawn short")] * bool(length_us)
        elif length_us:
            # Where the due instant was moved to an opening, what is late is told in real time below.
            amount = "" if verdict.hours and kind == "late" else f" {words.short(length_us)}"
            told.append(sheet.signed(sign, kind).append(amount))
        for one in marks:
            if one.kind == kind:
                when = (words.local if kind == "done" else words.until)(one.at, zone)
                told.append(sheet.signed(sign, kind).append_text(sheet.text(f" {when}")))
    return told
