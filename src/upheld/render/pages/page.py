"""What every page has around its content: language, title, style, a way to skip to the content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from upheld.render.drawings.drawing import Drawing
from upheld.render.pages.markup import Content, Html, element, escaped, table
from upheld.render.pages.style import page_style

WIDE_PX, NARROW_PX = 1008, 328
MOST_TOLD = 80
"""So many rows of what is drawn are told as a table, by all figures of a section together."""
FEWEST_TOLD = 10
"""So many rows a figure tells however many there are beside it."""
MAIN = "content"
"""The id of the text of a page."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a page may load: nothing but its own styles."""


def page(
    title: str,
    head: Content,
    body: Content,
    foot: Content,
    language: str = "en",
    about: Mapping[str, str] | None = None,
    skip: str = "Skip to the content",
    style: str = "",
) -> str:
    """A whole page that loads nothing: no script, no picture, no font from anywhere.

    `about` is what programs read from it, in elements `meta` by name; `skip` leads past the head, in the
    language of the page; `style` is its style sheet (by default that of every page).
    """
    content = [
        element("header", head),
        element("main", body, id=MAIN, tabindex="-1"),
        element("footer", foot),
    ]
    return shell(title, language, style or page_style(), skip, content, about, MAIN)


def shell(
    title: str,
    language: str,
    style: str,
    skip: str,
    content: Iterable[str],
    about: Mapping[str, str] | None = None,
    main: str = MAIN,
) -> str:
    """What every page has around its content: the head with title, style and what it may load, and the way to
    its text, which stands under the id `main`."""
    lines = [
        "<!doctype html>",
        f'<html lang="{escaped(language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        *(element("meta", name_=name, content=text) for name, text in (about or {}).items()),
        element("title", title),
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        element("a", skip, class_="skip", href=f"#{main}"),
        *content,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def figures(drawings: Iterable[tuple[str, Drawing]]) -> list[Html]:
    """Drawings, each under its prefix, with their tables: of many only the first rows of each."""
    found = list(drawings)
    most = max(MOST_TOLD // max(len(found), 1), FEWEST_TOLD)
    return [figure(drawing, prefix, most) for prefix, drawing in found]


def figure(drawing: Drawing, prefix: str, most: int = MOST_TOLD) -> Html:
    """A drawing in its wide and its narrow form, and its table for who would rather read.

    At most so many rows of it are told; with none there is no table.
    """
    wide = Html(drawing.svg(WIDE_PX, prefix=f"{prefix}-wide", with_style=False))
    narrow = Html(drawing.svg(NARROW_PX, prefix=f"{prefix}-narrow", with_style=False))
    headers, rows = drawing.table
    left = len(rows) - most
    note = f"{left:,} more rows are not listed here: upheld explain tells them." if left > 0 else ""
    told: Iterable[Content] = (
        [
            element(
                "details",
                element("summary", f"{drawing.title}, as a table"),
                table(drawing.title, headers, rows[:most]),
                element("p", note, class_="note") if note else [],
            )
        ]
        if rows and most
        else []
    )
    return element(
        "figure", element("div", wide, class_="wide"), element("div", narrow, class_="narrow"), told
    )
