"""Whole answers as records: the command line prints them, the server sends them, to the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.book.claims import claims
from upheld.book.evaluate import Report
from upheld.core.book import Book
from upheld.core.values.finding import Finding
from upheld.render.records import Record, report_record


def report_answer(
    book: Book, report: Report, findings: Iterable[Finding], contract: str | None = None
) -> Record:
    """A report with everything in it, or what there is of one contract. `findings` are all that are told."""
    return report_record(
        report.at,
        report.known,
        [one for one in report.terms if one.contract and contract in (None, one.contract.id)],
        [one for one in report.numbered() if contract in (None, one[2].key.contract)],
        report.evaluation.wakes,
        findings,
        [one for one in report.numbered_credits() if contract in (None, one[2].key.contract)],
        claims(book, report, contract),
        report.evaluation.lives,
    )
