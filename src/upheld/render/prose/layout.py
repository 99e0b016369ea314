"""What Markdown, HTML and plain text have in common: paragraphs, and where what is cited is shown.

Blocks in a row that cite the same are one passage: what they cite stands once, behind the last of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeAlias

from upheld.core.values.frozen import replace
from upheld.core.values.rule import Citation
from upheld.render.prose.document import Block, Example, Grid, Prose, Sentence
from upheld.render.prose.tongue import Tongue
from upheld.render.words import held


class Paragraph(NamedTuple):
    """Sentences that are read as one; `cited` are the clauses and the readings shown behind it."""

    text: str
    cited: Citation = Citation()
    is_example: bool = False


class Table(NamedTuple):
    """A table; what it cites is shown below it."""

    grid: Grid
    cited: Citation = Citation()


Part: TypeAlias = Paragraph | Table


class Cited(NamedTuple):
    """What a passage cites: clause numbers, and readings as pairs of their name and reference."""

    clauses: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]


def passages(blocks: Iterable[Block]) -> Iterator[Part]:
    """Blocks as paragraphs and tables, in order, each passage with what it cites at its end."""
    for cited, same in groupby(blocks, key=lambda block: (block.cited.clauses, block.cited.own)):
        parts = list(_parts(same))
        last = Citation(cited[0], (), cited[1])
        yield from parts[:-1]
        yield parts[-1]._replace(cited=last)


def _parts(blocks: Iterable[Block]) -> Iterator[Part]:
    for kind, same in groupby(blocks, key=type):
        if kind is Sentence:
            yield Paragraph(held(" ".join(block.text for block in same if isinstance(block, Sentence))))
            continue
        for block in same:
            if isinstance(block, Grid):
                yield Table(_held(block))
            elif isinstance(block, Example):
                yield Paragraph(held(block.text), is_example=True)


def _held(grid: Grid) -> Grid:
    rows = tuple(tuple(map(held, row)) for row in grid.rows)
    return replace(grid, caption=held(grid.caption), headers=tuple(map(held, grid.headers)), rows=rows)


def cited_by(cited: Citation, prose: Prose) -> Cited:
    """What is shown of a citation: a reading goes by its reference, or by its name if it has none.

    Of several readings of one reference the first stands for all.
    """
    by_reference: dict[str, str] = {}
    for name in cited.own:
        by_reference.setdefault(prose.readings.get(name, name), name)
    return Cited(cited.clauses, tuple((name, shown) for shown, name in by_reference.items()))


def citation(cited: Cited, tongue: Tongue) -> str:
    """The words behind a passage: (clause 2.1; readings SIVO/S3 and SIVO/S6). Empty if nothing is cited."""
    parts = []
    if cited.clauses:
        numbers = tongue.listed(cited.clauses)
        parts.append(tongue.plural(len(cited.clauses), "clause {of}", "clauses {of}", of=numbers))
    if cited.readings:
        refs = tongue.listed(ref for _, ref in cited.readings)
        parts.append(tongue.plural(len(cited.readings), "reading {of}", "readings {of}", of=refs))
    return f"({'; '.join(parts)})" if parts else ""


def anchor(text: str) -> str:
    """A text as part of an id: lower case, with a hyphen for whatever is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"
