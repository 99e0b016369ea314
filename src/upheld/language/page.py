"""Whether the page still says what the clause list was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from upheld.core.values.finding import Finding, Place, in_order
from upheld.language.coverage import read_clauses
from upheld.language.node import Node
from upheld.language.report import Report

MAX_LINES = 12
"""The most lines, empty ones not counted, over which a paragraph runs."""


def check_page(clauses: Node, page_text: str, file: str) -> tuple[Finding, ...]:
    """A warning for every clause whose paragraph is no longer in the page, and faults of the clause list.

    `clauses` is the tree of a clause list file, `page_text` the text of the page and `file` its name. A
    paragraph is known by its SHA-256, so that no list holds a sentence of the page.
    """
    report = Report()
    known = frozenset(_hashes(page_text))
    for number, clause in read_clauses(clauses, report).items():
        if clause.paragraph and clause.paragraph.lower() not in known:
            message = f"the paragraph of clause {number} ({clause.says}) is no longer in the page"
            way_out = "read what the page says now, mend the rows that cite it, then its `paragraph`"
            report.warn("page-changed", message, clause.place or Place(file), way_out, Place(file))
    return in_order(report.findings)


def folded(text: str) -> str:
    """A text with every run of white space as one blank, and none at its ends."""
    return " ".join(text.split())


def paragraph_hash(text: str) -> str:
    """The SHA-256, in hexadecimal, by which a clause list knows a paragraph."""
    return hashlib.sha256(folded(text).encode()).hexdigest()


def _hashes(page_text: str) -> Iterator[str]:
    """The hash of every line and of every run of lines."""
    lines = [line for line in map(folded, page_text.splitlines()) if line]
    for start in range(len(lines)):
        running = hashlib.sha256()
        for i, line in enumerate(lines[start : start + MAX_LINES]):
            running.update((line if i == 0 else f" {line}").encode())
            yield running.hexdigest()
