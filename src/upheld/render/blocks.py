"""What a page of results is made of, before anybody decides how it looks: lines, rows, and parts of periods.

The same blocks become plain text (`lines_of`, for files and pipes) and drawings on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from upheld.core.values.frozen import dataclass, replace
from upheld.render import words

LineKind = Literal["text", "title", "head", "note"]
Kind = Literal["number", "name", "subject", "state", "figure", "text"]
"""What a cell of a row is: the number by which it is explained, names, what it is about, its state,
instants and amounts, or words."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text. A title is underlined; a head has its name first, a note says how to read the rest."""

    text: str
    kind: LineKind = "text"


@dataclass(frozen=True, slots=True)
class Bar:
    """The parts of something by their names, in order, with how much each is: `up`, `down`, `not yet`."""

    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, the state of what it tells, its bar if it was measured, what stands under it."""

    cells: tuple[str, ...]
    state: str = ""
    bar: Bar | None = None
    under: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with the same columns. `right` are the columns that are aligned to the right, `lead` how many of
    them, from the left, stay together where there is no room for all."""

    rows: tuple[Row, ...]
    kinds: tuple[Kind, ...]
    lead: int
    right: frozenset[int] = frozenset()
    indent: int = 2
    head: tuple[str, ...] = ()
    shown: int | None = None

    @property
    def told(self) -> tuple[Row, ...]:
        """The rows that are told: the first ones, or all. Columns are as wide as all rows need."""
        return self.rows[: self.shown]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one period: its bar, and a row (name, amount) for each part and for their sum."""

    bar: Bar
    rows: tuple[tuple[str, str, str], ...]
    indent: int


Block: TypeAlias = TextLine | Rows | Parts


def rows(
    cells: Iterable[Sequence[str]],
    kinds: Sequence[Kind] = (),
    lead: int = 1,
    right: frozenset[int] = frozenset(),
    indent: int = 2,
) -> list[Block]:
    """Rows of cells alone; no block if there are none."""
    made = tuple(Row(tuple(one)) for one in cells)
    return [Rows(made, tuple(kinds), lead, right, indent)] if made else []


def first_rows(found: Sequence[Row], most: int, like: Rows) -> list[Block]:
    """So many rows at most, with the columns of `like`; what is left out stands further down the page."""
    more = len(found) - most
    shown: list[Block] = [replace(like, rows=tuple(found), shown=most)]
    return shown if more <= 0 else [*shown, TextLine(f"  and {more} more below")]


def lines_of(blocks: Iterable[Block]) -> list[str]:
    """The blocks as plain text, each row on one line however long it is."""
    return [line for block in blocks for line in _lines(block)]


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, TextLine):
        yield block.text
        if block.kind == "title":
            yield "=" * len(block.text)
        return
    if isinstance(block, Parts):
        cells = [[name, amount] for _, name, amount in block.rows]
        yield from words.table(cells, frozenset({1}), " " * block.indent)
        return
    cells = [[*one.cells] for one in block.rows]
    told = words.table([[*block.head], *cells] if block.head else cells, block.right, " " * block.indent)
    yield from told[: len(told) - len(cells)]
    for line, row in zip(told[len(told) - len(cells) :], block.told, strict=False):
        yield line
        yield from lines_of(row.under)
