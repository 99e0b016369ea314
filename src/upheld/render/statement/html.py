"""A statement as one self-contained HTML page, and as the page that a PDF is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from upheld.render.drawings.canvas import identifier
from upheld.render.drawings.metrics import Face, width_of
from upheld.render.pages.markup import Content, Html, element, table
from upheld.render.pages.page import NARROW_PX, WIDE_PX, page
from upheld.render.pages.style import page_style, text_style
from upheld.render.statement.document import (
    Block,
    Document,
    Facts,
    Paragraph,
    Picture,
    Section,
    Table,
    Tiles,
    Tone,
)
from upheld.render.words import TIE

PRINTED_PX: Final = 640
"""The width of a picture on paper of A4 between its margins."""
PRINTED_ROOM: Final = 587
"""The same for the text of a table, in tenths of its size: 176 mm at 8.5 pt."""
_CELL, _HEADER = Face(10), Face(10, is_bold=True)
_GAP: Final = 10
"""What stands between two columns."""
WIDEST: Final = 230
"""No more room than this is asked for by a cell, and no more than half of it by a single word."""
_TONES: Final[Mapping[Tone, str | bool]] = {
    "": False,
    "lead": "lead",
    "note": "note",
    "good": "good",
    "bad": "warning",
}
STYLE: Final = """\
.warning{font-weight:600;color:var(--bad-ink)}
ul.tiles strong{overflow-wrap:anywhere}
dl.facts dd{overflow-wrap:anywhere}
td{overflow-wrap:anywhere}
"""
_PRINT: Final = """\
@page{size:A4;margin:18mm 17mm 20mm;
@bottom-left{content:"%(name)s";font:8pt Helvetica,Arial,Liberation Sans,Arimo,sans-serif;color:#5b6672}
@bottom-right{content:%(page)s;font:8pt Helvetica,Arial,Liberation Sans,Arimo,sans-serif;color:#5b6672}}
body{font-size:9.5pt;line-height:1.4}
header,main,footer{max-width:none;padding:0}
header{padding-top:0}
.skip{display:none}
h1{font-size:18pt}h2{font-size:14pt;margin-top:18pt;break-after:avoid}h3{font-size:11pt;break-after:avoid}
table,dl.facts,.note,figure{font-size:8.5pt}
p{max-width:none}
dl.facts{display:block;break-inside:avoid;break-after:avoid}
dl.facts div{display:block;break-inside:avoid}
dl.facts dt,dl.facts dd{display:inline}
dl.facts dt::after{content:": "}
ul.tiles{display:flex;flex-wrap:wrap;gap:6pt}
ul.tiles li{flex:1 1 22%%;min-width:22%%;padding:6pt 8pt}
ul.tiles strong{font-size:14pt}
table{table-layout:fixed;margin:4pt 0 10pt}
th,td{padding:3pt 8pt 3pt 0;overflow-wrap:break-word}
td.number,th.number{white-space:normal}
tr,figure,caption{break-inside:avoid}
tbody tr:last-child{break-before:avoid}
caption{break-after:avoid;font-weight:600;color:inherit}
figure{margin:6pt 0}
.scrolls{overflow:visible}
section.fresh{break-before:page}
"""


def html(document: Document) -> str:
    """The page for a browser: light and dark, wide and narrow, no script, nothing to load."""
    body = [_first(document, printed=False), *(_section(one, 2, printed=False) for one in document.sections)]
    return page(
        document.title,
        element("h1", document.title),
        body,
        element("p", document.foot),
        document.language,
        {"upheld-statement": document.sha256},
        skip=document.skip,
        style=f"{page_style()}\n{STYLE}",
    )


def printed(document: Document) -> str:
    """The page for paper: pictures in one width with colours of their own, a foot on every page."""
    body = [_first(document, printed=True), *(_section(one, 2, printed=True) for one in document.sections)]
    number = _quoted(document.page_of).replace("\0", '" counter(page) "').replace("\1", '" counter(pages) "')
    name = f"{document.name} · {document.sha256[:16]}"
    style = text_style() + STYLE + _PRINT % {"name": _quoted(name)[1:-1], "page": number}
    return page(
        document.title,
        element("h1", document.title),
        body,
        element("p", document.foot),
        document.language,
        {"upheld-statement": document.sha256},
        skip=document.skip,
        style=style,
    )


def _quoted(text: str) -> str:
    """A text as a string of a style sheet, of which none can break out."""
    safe = "".join(c if c.isalnum() or c in " ,.-_:·/\0\1" else f"\\{ord(c):x} " for c in text)
    return f'"{safe}"'


def _first(document: Document, printed: bool) -> Html:
    return element(
        "section", [_block(one, f"first-{n}", printed) for n, one in enumerate(document.first)], id="first"
    )


def _section(section: Section, level: int, printed: bool) -> Html:
    heading = element(f"h{level}", section.title, id=section.name)
    blocks = [_block(one, f"{section.name}-{n}", printed) for n, one in enumerate(section.blocks)]
    inner = [_section(one, level + 1, printed) for one in section.sections]
    return element(
        "section",
        heading,
        blocks,
        inner,
        class_="fresh" if section.on_new_page else False,
        aria_labelledby=section.name,
    )


def _block(block: Block, prefix: str, printed: bool) -> Content:
    match block:
        case Paragraph():
            return element("p", block.text, class_=_TONES[block.tone])
        case Facts():
            return element("dl", list(_pairs(block.rows)), class_="facts")
        case Tiles():
            return element(
                "ul", [element("li", element("strong", n), text) for n, text in block.rows], class_="tiles"
            )
        case Table():
            if printed:
                return _printed_table(block)
            return table(block.caption, block.headers, block.rows, block.numeric)
        case Picture():
            return _picture(block, prefix, printed)


def _printed_table(block: Table) -> Html:
    """A table whose columns are as wide as their texts ask for: to set it takes a third of the time."""
    rows = [
        [_in_one(cell) if n in block.numeric else cell for n, cell in enumerate(row)] for row in block.rows
    ]
    widths = _widths(list(zip(block.headers, *rows, strict=True)))
    cols = [element("col", style=f"width:{100 * one / sum(widths):.2f}%") for one in widths]
    numbers = ["number" if n in block.numeric else False for n in range(len(widths))]
    head = [
        element("th", one, scope="col", class_=is_) for one, is_ in zip(block.headers, numbers, strict=True)
    ]
    body = [
        element("tr", [
            element("td" if n else "th", cell, class_=numbers[n], scope=False if n else "row")
            for n, cell in enumerate(row)
        ])
        for row in rows
    ]  # fmt: skip
    parts = element("thead", element("tr", head)), element("tbody", body)
    return element("table", element("caption", block.caption), element("colgroup", cols), *parts)


def _in_one(figure: str) -> str:
    """A figure that is not parted from its unit at the end of a line."""
    return figure.replace(" ", TIE)


def _widths(columns: Sequence[Sequence[str]]) -> list[float]:
    """The width of each column: its longest word fits, and the rest is shared by what their texts ask for.

    Where not even the words have room, all columns are too narrow by the same share.
    """
    least = [_asked(column, in_words=True) for column in columns]
    more = [max(_asked(column, in_words=False) - one, 1) for column, one in zip(columns, least, strict=True)]
    rest = max(PRINTED_ROOM - sum(least), 0) / sum(more)
    return [one + rest * extra for one, extra in zip(least, more, strict=True)]


def _asked(column: Sequence[str], *, in_words: bool) -> float:
    """How much room a column, its header first, asks for: for its widest word, or for its widest text."""
    texts = [
        (text, face)
        for cell, face in zip(column, (_HEADER, *[_CELL] * (len(column) - 1)), strict=True)
        for text in (cell.split(" ") if in_words else (cell,))
    ]
    return min(max(width_of(*one) for one in texts), WIDEST / 2 if in_words else WIDEST) + _GAP


def _pairs(rows: Iterable[tuple[str, str]]) -> Iterator[Html]:
    for label, value in rows:
        yield element("div", element("dt", label), element("dd", value))


def _picture(block: Picture, prefix: str, printed: bool) -> Html:
    drawing, name = block.drawing, identifier(prefix)
    if printed:
        return element("figure", Html(drawing.svg(PRINTED_PX, prefix=name, on_paper=True)))
    wide = Html(drawing.svg(WIDE_PX, prefix=f"{name}-wide", with_style=False))
    narrow = Html(drawing.svg(NARROW_PX, prefix=f"{name}-narrow", with_style=False))
    return element("figure", element("div", wide, class_="wide"), element("div", narrow, class_="narrow"))
