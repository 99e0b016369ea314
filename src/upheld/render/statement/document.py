"""What a statement is made of for a reader: sections of paragraphs, tables and pictures."""

from __future__ import annotations

from typing import Literal, TypeAlias

from upheld.core.values.frozen import dataclass
from upheld.render.drawings.drawing import Drawing

Tone = Literal["", "lead", "note", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what it is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The few numbers that matter: each with what it counts."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; `numeric` are the columns that are set to the right."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; `is_told` where the tables beside it say the same, for whoever reads a text."""

    drawing: Drawing
    is_told: bool = True


Block: TypeAlias = Paragraph | Facts | Tiles | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `name` is its anchor in every language."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole statement in one language. `name` stands at the foot of every page, with the hash."""

    title: str
    language: str
    name: str
    first: tuple[Block, ...]
    sections: tuple[Section, ...]
    foot: str
    sha256: str
    skip: str
    page_of: str
