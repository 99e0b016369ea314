"""Words as plain text: headings underlined, paragraphs broken between words, tables in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from upheld.render.prose.document import Grid, Prose, Section
from upheld.render.prose.layout import Part, Table, citation, cited_by, passages
from upheld.render.prose.tongue import Tongue
from upheld.render.words import table, untied

_LINES = "==-"


def plain(texts: Sequence[Prose], width: int = 80) -> list[str]:
    """The lines of one text or of several, none longer than `width` unless a word or a name is."""
    lines: list[str] = []
    for prose in texts:
        title = f"{prose.title}: {prose.name}" if len(texts) > 1 else prose.title
        lines += _heading(title, 0)
        for label, value in prose.heads:
            lines += wrap(f"{label}: {value}", width, subsequent_indent="  ", break_on_hyphens=False)
        lines.append("")
        for section in prose.sections:
            lines += _section(section, prose, 1, width)
    return [untied(line) for line in lines[:-1]]


def _heading(title: str, level: int) -> list[str]:
    mark = _LINES[level] if level < len(_LINES) else ""
    shown = title.upper() if level == 0 else title
    return [shown, mark * len(shown), ""] if mark else [shown, ""]


def _section(section: Section, prose: Prose, level: int, width: int) -> Iterator[str]:
    yield from _heading(section.title, level)
    tongue = Tongue(prose.language)
    for part in passages(section.blocks):
        yield from _part(part, prose, tongue, width)
    for inner in section.sections:
        yield from _section(inner, prose, level + 1, width)


def _part(part: Part, prose: Prose, tongue: Tongue, width: int) -> Iterator[str]:
    cited = citation(cited_by(part.cited, prose), tongue)
    if isinstance(part, Table):
        yield from _grid(part.grid, width)
        yield ""
        if cited:
            yield from wrap(cited, width, break_on_hyphens=False)
            yield ""
        return
    text, indent = part.text, ""
    if part.is_example:
        text, indent = f"{tongue.say('Example.')} {text}", "  "
    yield from wrap(
        f"{text} {cited}", width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    yield ""


def _grid(grid: Grid, width: int) -> Iterator[str]:
    """Columns if they fit; else each row as its name and, below it, what stands under which header."""
    if grid.caption:
        caption = grid.caption if grid.caption.endswith((".", ":")) else f"{grid.caption}:"
        yield from wrap(caption, width, break_on_hyphens=False)
    # Columns are not broken, and a blank that holds would be shown as what cannot be printed.
    columns = table([[untied(cell) for cell in row] for row in (grid.headers, *grid.rows)])
    if all(len(line) <= width for line in columns):
        yield from columns
        return
    for name, *cells in grid.rows:
        yield from wrap(name, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
        for header, cell in zip(grid.headers[1:], cells, strict=True):
            if not cell:
                continue
            text = f"{header}: {cell}" if header else cell
            yield from wrap(
                text, width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
            )
