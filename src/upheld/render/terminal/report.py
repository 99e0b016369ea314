"""The pages of `evaluate` drawn: blocks in the columns that there are, with signs, colours and bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from upheld.render.blocks import Bar, Block, Kind, Parts, Row, Rows, TextLine
from upheld.render.terminal.bars import WIDEST, partition_bar
from upheld.render.terminal.layout import DEEPER, Entry, entries, flow
from upheld.render.terminal.sheet import Fitted, Lines, Sheet
from upheld.render.terminal.signs import NO_SIGN, PARTS, STATES, SUM

SMALL: Final = 20
"""Columns of a bar that stands in a row."""
_STYLES: Final[Mapping[Kind, str]] = {"number": "dim", "subject": "bold"}
_NONE: Final = "·"


def report_page(sheet: Sheet, blocks: Iterable[Block]) -> str:
    """The blocks as text for the terminal."""
    return sheet.printed(thing for block in blocks for thing in drawn(sheet, block))


def lines_page(sheet: Sheet, lines: Iterable[str]) -> str:
    """Lines of text as they are, those that are too long broken."""
    return report_page(sheet, map(TextLine, lines))


def drawn(sheet: Sheet, block: Block) -> Iterator[RenderableType]:
    """One block as things that lay themselves out."""
    if isinstance(block, TextLine):
        yield Fitted(lambda width: _line(sheet, block, width))
    elif isinstance(block, Parts):
        yield parts(sheet, block)
    elif block.head:
        yield _headed(sheet, block)
    else:
        yield rows(sheet, block)
        told = {name for row in block.told if row.bar for name, _ in row.bar.parts}
        if told:
            signs = [*key(sheet, told), sheet.text("(a column at least for each)", "dim")]
            yield Fitted(lambda width: flow(sheet, signs, width, block.indent, 0))


def key(sheet: Sheet, names: Iterable[str]) -> list[Text]:
    """What the signs in bars mean."""
    there = set(names)
    return [sheet.signed(sign, name) for name, sign in PARTS.items() if name in there]


def _line(sheet: Sheet, line: TextLine, width: int) -> Lines:
    told = line.text.lstrip(" ")
    indent = len(line.text) - len(told)
    if line.kind == "head":
        name, dash, rest = told.partition(" - ")
        text = sheet.text(name, "bold").append_text(sheet.text(f"{dash}{rest}"))
    else:
        text = sheet.text(told, {"title": "bold underline", "note": "dim"}.get(line.kind, ""))
    whole = Text(" " * indent).append_text(text)
    return [whole] if whole.cell_len <= width else flow(sheet, [text], width, indent, 2)


# -- rows --------------------------------------------------------------------------------------------------


def rows(sheet: Sheet, block: Rows) -> Fitted:
    """Rows with the sign of their state before the number, and with their bars where they have any."""
    has_signs = any(row.state for row in block.rows)
    has_bars = any(row.bar for row in block.told)
    widest = max((len(row.cells[0]) for row in block.told), default=0)
    made = []
    for row in block.told:
        cells = [_cell(sheet, block.kinds[i : i + 1], cell, row) for i, cell in enumerate(row.cells)]
        if has_signs:
            gap = " " * (1 + widest - cells[0].cell_len)
            cells[0] = sheet.signed(STATES.get(row.state, NO_SIGN)).append(gap).append_text(cells[0])
        if has_bars:
            cells.insert(block.lead, Text() if row.bar is None else _bar(sheet, row.bar, SMALL))
        made.append(Entry(cells, [one for under in row.under for one in _under(sheet, under)]))
    right = frozenset(i + (has_bars and i >= block.lead) for i in block.right)
    return entries(sheet, made, block.lead, right, block.indent, each=block.lead == 1)


def _cell(sheet: Sheet, kind: Sequence[Kind], told: str, row: Row) -> Text:
    if kind == ("state",) and row.state:
        return sheet.text(told, STATES.get(row.state, NO_SIGN).style)
    return sheet.text(told, _STYLES.get(kind[0], "") if kind else "")


def _under(sheet: Sheet, block: Block) -> Iterator[Fitted]:
    for thing in drawn(sheet, block):
        assert isinstance(thing, Fitted)
        yield thing


def _headed(sheet: Sheet, block: Rows) -> Fitted:
    """A table with a head; where it has no room, each figure has its word beside it instead."""

    def lines(width: int) -> Lines:
        head = Entry([_heading(sheet, told) for told in block.head])
        made = [
            Entry([_cell(sheet, block.kinds[i : i + 1], c, row) for i, c in enumerate(row.cells)])
            for row in block.told
        ]
        whole = entries(sheet, [head, *made], len(block.head), block.right, block.indent).lines(1000)
        if max(line.cell_len for line in whole) <= width:
            return whole
        return [line for row in block.told for line in _in_words(sheet, block, row, width)]

    return Fitted(lines)


def _heading(sheet: Sheet, told: str) -> Text:
    return sheet.text(told, STATES.get(told, NO_SIGN).style)


def _in_words(sheet: Sheet, block: Rows, row: Row, width: int) -> Lines:
    lead, rest = row.cells[: block.lead], row.cells[block.lead :]
    first = [_cell(sheet, block.kinds[i : i + 1], told, row) for i, told in enumerate(lead)]
    told = []
    for name, cell in zip(block.head[block.lead :], rest, strict=True):
        sign = STATES.get(name, NO_SIGN)
        if cell != _NONE:
            words = f"{cell} {name}".rstrip()
            told.append(sheet.text(words) if sign is NO_SIGN else sheet.signed(sign, words))
    return [
        *flow(sheet, first, width, block.indent, 2),
        *flow(sheet, told, width, block.indent + DEEPER, 0),
    ]


# -- parts of a period -------------------------------------------------------------------------------------


def parts(sheet: Sheet, block: Parts) -> Fitted:
    """The bar of a partition, and what each part of it is."""

    def lines(width: int) -> Lines:
        indent = min(block.indent, width // 8)
        told = []
        for name, what, amount in block.rows:
            sign = PARTS.get(name, SUM)
            told.append(sheet.signed(sign).append_text(sheet.text(f" {what} {amount}")))
        bar = _bar(sheet, block.bar, min(width - indent, WIDEST))
        return [Text(" " * indent).append_text(bar), *flow(sheet, told, width, indent, 0)]

    return Fitted(lines)


def _bar(sheet: Sheet, bar: Bar, width: int) -> Text:
    return partition_bar(sheet, bar.parts, PARTS, width)
