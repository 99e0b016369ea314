"""What the sections of a page are made of: their headings, and tables of which the first rows are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from upheld.core.verdicts.verdict import Verdict
from upheld.render.pages.markup import Content, Html, element, table
from upheld.render.pages.month import ContractPage
from upheld.render.summary import Numbered, cells_of

MOST_ROWS: Final = 100
"""Of more rows only their number is told, and where they are: nobody reads thousands."""
IN_FULL: Final = 16
"""So many of the things that take room are told in full."""
ALL_ROWS: Final = "upheld evaluate prints them all, each with its number"
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?)")


def section(name: str, title: str, *content: Content) -> Html:
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *content, aria_labelledby=f"{name}-title", id=name)


def listed(caption: str, headers: Sequence[str], rows: Sequence[Sequence[Content]]) -> Content:
    """A table of so many rows as anybody reads, and how many more there are."""
    return [table(caption, headers, rows[:MOST_ROWS]), *left_out(len(rows))]


def left_out(count: int) -> list[Html]:
    """How many of so many rows a table leaves out, and where they are."""
    more = count - MOST_ROWS
    return [element("p", f"Not listed here: {more:,} more; {ALL_ROWS}.", class_="note")] if more > 0 else []


def verdict_table(told: ContractPage, caption: str, own: Iterable[Numbered], with_commitment: bool) -> Html:
    rows = []
    for number, terms, verdict in own:
        subject = verdict.key.subject + (f" ({verdict.cycle})" if verdict.cycle > 1 else "")
        named = [verdict.key.commitment] if with_commitment else []
        facts = map(dated, cells_of(terms, verdict, told.at))
        rows.append([f"#{number}", *named, subject, state_mark(verdict), *facts])
    names = ("promise",) if with_commitment else ()
    headers = ("number", *names, "subject", "state", "due or value", "done or promised", "by how much")
    return table(caption, headers, rows)


def dated(text: str) -> Content:
    """A text whose dates stay on one line: browsers would break them at a hyphen."""
    parts = _DATE.split(text)
    return [element("span", part, class_="on") if n % 2 else part for n, part in enumerate(parts) if part]


def state_mark(verdict: Verdict) -> Html:
    """A state with its mark: the word tells it, too."""
    return element("span", verdict.state, class_=f"state {verdict.state.replace(' ', '-')}")
