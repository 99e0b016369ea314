"""What the words of an agreement are made of: sections of sentences, tables and worked examples.

Every sentence knows the clauses it states and the readings it rests on; Markdown and HTML are two ways to
show the same document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement. `cited` are its clauses and the names of the readings it rests on."""

    text: str
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: its figures were computed by the engine on the agreement's own calendars."""

    text: str
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption. Every row has a cell per header; the first cell of a row is its name."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cited: Citation = Citation()


Block: TypeAlias = Sentence | Example | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `name` is its anchor, the same in every language."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    def all_blocks(self) -> Iterator[Block]:
        """Its blocks and those of its sections, in order."""
        yield from self.blocks
        for section in self.sections:
            yield from section.all_blocks()


@dataclass(frozen=True, slots=True)
class Prose:
    """The whole text. `language` is its code (en, nl); `heads` are pairs of what the top says of it.

    `name` tells it from other texts of the same agreement (its plan or contract); empty for an only one.
    `readings` are the references by which the text cites readings (SIVO/S1), by name.
    """

    title: str
    language: str
    heads: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    name: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)

    def all_blocks(self) -> Iterator[Block]:
        """Every block, in order."""
        for section in self.sections:
            yield from section.all_blocks()
