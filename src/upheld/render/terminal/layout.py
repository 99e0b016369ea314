"""Cells in the columns that there are: in a row if all fit, else some in a row and the rest below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.text import Text

from upheld.render.terminal.sheet import Fitted, Lines, Sheet

GAP: Final = 2
DEEPER: Final = 4
MORE: Final = 2
"""How much further in stands what goes on below a row."""
LEAST_WORDS: Final = 48
"""A last cell of words is broken within its own column if that is at least so wide."""


class Entry(NamedTuple):
    """One row: its cells, and what is drawn under it (lines as a function of the width)."""

    cells: Sequence[Text]
    under: Sequence[Fitted] = ()


def flow(sheet: Sheet, cells: Sequence[Text], width: int, indent: int = 0, deeper: int = DEEPER) -> Lines:
    """Cells one after the other, in as many lines as it takes; lines after the first are `deeper` in.

    A cell is broken only if it is wider than a line, and goes on a little further in than it began.
    """
    # On the narrowest of terminals an indent must leave room for words.
    start, hang = min(indent, width // 4), min(indent + deeper, width // 3)
    inner = min(max(hang, start + MORE), width // 3)
    lines: Lines = []
    line = Text(" " * start)
    is_empty = True
    for cell in cells:
        if not cell.plain:
            continue
        gap = "" if is_empty else " " * GAP
        if line.cell_len + len(gap) + cell.cell_len <= width:
            line.append(gap).append_text(cell)
            is_empty = False
            continue
        if not is_empty:
            lines.append(line)
            line = Text(" " * hang)
        first, rest = _broken(sheet, cell, width - line.cell_len, width - inner)
        line.append_text(first)
        for part in rest:
            lines.append(line)
            line = Text(" " * inner).append_text(part)
        is_empty = False
    return [*lines, line] if not is_empty or not lines else lines


def _broken(sheet: Sheet, cell: Text, first_width: int, width: int) -> tuple[Text, Lines]:
    """A cell whose first line has another width than those after it."""
    first, *more = sheet.wrapped(cell, first_width)
    if not more:
        return first, []
    rest = cell[len(first.plain) :]
    blank = len(rest.plain) - len(rest.plain.lstrip(" "))
    return first, sheet.wrapped(rest[blank:], width)


def entries(
    sheet: Sheet,
    rows: Sequence[Entry],
    lead: int,
    right: frozenset[int] = frozenset(),
    indent: int = 2,
    each: bool = False,
) -> Fitted:
    """Rows that are drawn alike: in columns if all fit; with the `lead` in columns and the rest under it; or,
    where not even those fit, cell after cell.

    With `each`, a row whose own rest fits beside its lead has it there.
    """
    count = max((len(row.cells) for row in rows), default=0)
    whole = [max((_cell(row, i).cell_len for row in rows), default=0) for i in range(count)]
    # A column in which nobody has anything is none.
    there = [i for i in range(count) if whole[i]]
    rows = [Entry([_cell(row, i) for i in there], row.under) for row in rows]
    lead, right = sum(i < lead for i in there), frozenset(n for n, i in enumerate(there) if i in right)
    widths = [whole[i] for i in there]

    def lines(width: int) -> Lines:
        way = _way(widths, lead, width - indent)
        found: Lines = []
        for row in rows:
            found += _drawn(sheet, row, way._replace(each=each), widths, right, width, indent)
            for one in row.under:
                found += one.lines(width)
        return found

    return Fitted(lines)


class _Way(NamedTuple):
    """How rows are drawn: so many cells in columns, the last of them at most so wide, or each as it fits."""

    columns: int
    last: int
    each: bool = False


def _way(widths: Sequence[int], lead: int, room: int) -> _Way:
    if _sum(widths) <= room:
        return _Way(len(widths), widths[-1] if widths else 0)
    left = room - _sum(widths[:-1]) - GAP
    if left >= LEAST_WORDS:
        return _Way(len(widths), left)
    return _Way(lead if _sum(widths[:lead]) <= room else 0, 0)


def _sum(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(len(widths) - 1, 0)


def _cell(row: Entry, index: int) -> Text:
    return row.cells[index] if index < len(row.cells) else Text()


def _drawn(
    sheet: Sheet,
    row: Entry,
    way: _Way,
    widths: Sequence[int],
    right: frozenset[int],
    width: int,
    indent: int,
) -> Lines:
    if not way.columns:
        return flow(sheet, row.cells, width, indent)
    is_whole = way.columns == len(widths)
    last = way.columns - 1
    line = Text(" " * indent)
    more: Lines = []
    for i, cell in enumerate(row.cells[: way.columns]):
        shown = cell
        column = way.last if is_whole and i == last else widths[i]
        if cell.cell_len > column:
            shown, *more = sheet.wrapped(cell, column)
        hole = " " * (column - shown.cell_len)
        line.append(hole if i in right else "").append_text(shown)
        line.append(("" if i in right else hole) + " " * GAP if i != last else "")
    if is_whole:
        hang = indent + _sum(widths[:-1]) + GAP
        return [line, *(Text(" " * hang).append_text(part) for part in more)]
    rest = [cell for cell in row.cells[way.columns :] if cell.plain]
    beside = sheet.joined([line, *rest])
    if way.each and beside.cell_len <= width:
        return [beside]
    return [line, *flow(sheet, rest, width, indent + DEEPER, 0)] if rest else [line]
