"""HTML from values: what is a text stays one."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.render.drawings.pictures import HOSTILE
from upheld.render.pages.markup import Html, element, table
from upheld.render.pages.page import page

pytestmark = pytest.mark.slow


class _Reader(HTMLParser):
    """Which elements there are, and whether each is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs), (tag, attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is closed out of turn"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(html: str) -> _Reader:
    """The page read; every element is closed, none is active, nothing is loaded."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    assert not reader.names & {"script", "iframe", "object", "embed", "link", "img", "form", "base"}
    assert not re.search(r"""(src|href)=["']?(https?:|//|javascript:|data:)""", html)
    return reader


def test_texts_are_escaped_wherever_they_stand() -> None:
    """In content, in attributes, in captions, in cells."""
    for text in HOSTILE:
        body = [element("p", text, title=text), table(text or "x", [text, "b"], [[text, text]])]
        reader = read(page(text or "x", element("h1", text), body, text))
        assert "script" not in reader.names


def test_markup_is_not_escaped_twice() -> None:
    """What an element made goes into the next one as it is."""
    assert element("p", element("b", "a & b"), Html("<i>c</i>")) == "<p><b>a &amp; b</b><i>c</i></p>"


def test_the_first_cell_of_a_row_is_its_heading() -> None:
    """So that who hears a table knows in which row they are; what scrolls can be reached by key."""
    html = table("Counts", ("what", "how many"), [("breached", "2")], frozenset({1}))
    assert '<th scope="row">breached</th><td class="number">2</td>' in html
    assert '<th scope="col" class="number">how many</th>' in html
    assert 'tabindex="0" role="region" aria-label="Counts"' in html


def test_a_table_of_several_columns_tells_its_columns_in_its_cells() -> None:
    """For a telephone, where a row is a list: each cell has the name of its column, and its role as well."""
    html = table("Owed", ("number", "for", "amount <b>"), [["#1", "June", "5 EUR"]], frozenset({2}))
    assert '<table role="table" class="stacks">' in html
    assert '<th role="rowheader" scope="row">#1</th><td role="cell" data-label="for">June</td>' in html
    assert '<td role="cell" class="number" data-label="amount &lt;b&gt;">5\xa0EUR</td>' in html
    assert "data-label" not in table("Two", ("day", "parts"), [["Mon", "60 min up"]])


def test_a_number_stays_beside_its_unit_and_its_relation() -> None:
    """Browsers break lines at any blank, but not at these; other blanks stay what they are."""
    told = element("p", "missed 99.98702 %, promised >= 99.99 %; 35 min 40 s down, 49.90 EUR, 2 tickets")
    assert told == (
        "<p>missed 99.98702\xa0%, promised &gt;=\xa099.99\xa0%; 35\xa0min 40\xa0s down, 49.90\xa0EUR, "
        "2 tickets</p>"
    )
