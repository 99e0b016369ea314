"""Words as Markdown (CommonMark with tables): headings, paragraphs, tables. All text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from upheld.render.prose.document import Grid, Prose, Section
from upheld.render.prose.layout import Part, Table, citation, cited_by, passages
from upheld.render.prose.tongue import Tongue

_DEEPEST = 6
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
"""Blanks that lines break at; the others hold a number and its sign together."""
_SPECIAL = re.compile(r"([\\`*\[\]<>~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;))")
_AT_START = re.compile(r"(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](?:\s|$)))")


def markdown(texts: Sequence[Prose]) -> str:
    """One text, or several of one agreement under one heading."""
    lines: list[str] = []
    if len(texts) > 1:
        lines += [f"# {escaped(texts[0].title)}", ""]
    for prose in texts:
        lines += _text(prose, 2 if len(texts) > 1 else 1)
    return "\n".join(lines).rstrip("\n") + "\n"


def _text(prose: Prose, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(prose.name if level > 1 else prose.title)}"
    yield ""
    for label, value in prose.heads:
        yield f"- **{escaped(label)}:** {escaped(value)}"
    yield ""
    for section in prose.sections:
        yield from _section(section, prose, level + 1)


def _section(section: Section, prose: Prose, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, _DEEPEST)} {escaped(section.title)}"
    yield ""
    tongue = Tongue(prose.language)
    for part in passages(section.blocks):
        yield from _part(part, prose, tongue)
    for inner in section.sections:
        yield from _section(inner, prose, level + 1)


def _part(part: Part, prose: Prose, tongue: Tongue) -> Iterator[str]:
    cited = escaped(citation(cited_by(part.cited, prose), tongue))
    if isinstance(part, Table):
        yield from _table(part.grid)
        if cited:
            yield cited
            yield ""
        return
    text = _at_start(escaped(part.text))
    if part.is_example:
        text = f"> **{escaped(tongue.say('Example.'))}** {text}"
    yield f"{text} {cited}".rstrip()
    yield ""


def _table(grid: Grid) -> Iterator[str]:
    if grid.caption:
        yield f"**{escaped(grid.caption)}**"
        yield ""
    yield _row(grid.headers)
    yield _row(["---"] * len(grid.headers), plain=True)
    for row in grid.rows:
        yield _row(row)
    yield ""


def _row(cells: Iterable[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cell if plain else escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", _BLANKS.sub(" ", text).strip())


def _at_start(text: str) -> str:
    """A text that would begin a list or a heading, kept from it."""
    found = _AT_START.match(text)
    if found is None:
        return text
    mark = found.group(1)
    return f"{mark}\\{text[len(mark) :]}" if mark[0].isdigit() else f"\\{text}"
