"""The index of a folder of pages: what each page says of itself in its head, read again, and listed."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final, NamedTuple

from upheld.render.drawings.metrics import shortened
from upheld.render.pages.markup import element, table
from upheld.render.pages.page import page
from upheld.render.words import TIE

_LONGEST: Final = 200
"""No cell is longer: that leaves all of them at the beginning of a page."""


class Entry(NamedTuple):
    """A row of the index, each cell as it is shown; `month` and `contract` say which page it is."""

    month: str
    contract: str
    name: str
    provider: str
    plan: str
    kept: str
    not_kept: str
    undetermined: str
    as_of: str


def entry(**cells: str) -> Entry:
    """A row of these cells, as it is read again from the page: visible, cut, with blanks only."""
    return Entry(**{name: shortened(text, _LONGEST).replace(TIE, " ") for name, text in cells.items()})


def written(one: Entry) -> dict[str, str]:
    """What a page has in its head about itself."""
    return {_named(field): text for field, text in zip(Entry._fields, one, strict=True)}


def read_entry(html: str) -> Entry | None:
    """What the beginning of a file says that it is; None if it is no page of a contract."""
    reader = _Reader()
    reader.feed(html)
    found = [reader.found.get(_named(field)) for field in Entry._fields]
    cells = [one.replace(TIE, " ") for one in found if one is not None]
    return Entry._make(cells) if len(cells) == len(found) else None


def _named(field: str) -> str:
    return f"upheld-{field.replace('_', '-')}"


class _Reader(HTMLParser):
    """What the elements `meta` of a page say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes the first of each name; nothing else of a page is looked at."""
        told = dict(attrs)
        if tag == "meta":
            self.found.setdefault(told.get("name") or "", told.get("content") or "")


def index_page(title: str, told: Sequence[tuple[str, Entry]]) -> str:
    """The list of pages, each with the name of its file, by contract and month."""
    rows = [
        [
            element("a", one.name, href=file),
            one.contract,
            one.provider,
            one.plan,
            one.kept,
            one.not_kept,
            one.undetermined,
            one.as_of,
        ]
        for file, one in sorted(told, key=lambda item: (item[1].contract, item[1].month, item[0]))
    ]
    headers = ("page", "contract", "provider", "plan", "kept", "not kept", "undetermined", "as of")
    body = table("A page for each contract and month", headers, rows, frozenset({4, 5, 6}))
    return page(title, element("h1", title), body, [])
