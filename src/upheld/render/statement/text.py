"""A statement as plain text: for a terminal, a mail, a comparison line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from upheld.render.statement.document import Block, Document, Facts, Paragraph, Picture, Section, Table, Tiles
from upheld.render.words import table, untied

WIDTH: Final = 100


def text(document: Document) -> str:
    """The whole statement; a picture is told by its description where no table says the same."""
    lines = [document.title, "=" * len(document.title), ""]
    for block in document.first:
        lines += _block(block)
    for section in document.sections:
        lines += _section(section, "-")
    lines += wrap(document.foot, WIDTH)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, under: str) -> Iterator[str]:
    yield untied(section.title)
    yield under * len(section.title)
    yield ""
    for block in section.blocks:
        yield from _block(block)
    for inner in section.sections:
        yield from _section(inner, "~")


def _plain(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Cells with blanks only, since nothing is broken in them."""
    return [[untied(cell) for cell in row] for row in rows]


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from map(untied, wrap(block.text, WIDTH))
        case Facts() | Tiles():
            yield from table(_plain(block.rows))
        case Table():
            yield f"{block.caption}:"
            yield from table(_plain([block.headers, *block.rows]), right=block.numeric)
        case Picture():
            if block.is_told:
                return
            told = wrap(block.drawing.description, WIDTH, initial_indent="  ", subsequent_indent="  ")
            yield from map(untied, told)
    yield ""
