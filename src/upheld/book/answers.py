"""Whole answers as records: the command line prints them, the server sends them, to the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.book.claims import claims
from upheld.book.evaluate import Report
from upheld.core.book import Book
from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.values.finding import Finding, has_errors
from upheld.render.claims import claim_record, claimable_record
from upheld.render.records import Record, instant, report_record


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


def claims_answer(report: Report, filed: Iterable[FiledClaim], found: Iterable[Claimable]) -> Record:
    """What was claimed, and what can be until when."""
    return {
        "at": instant(report.at),
        "claims": [claim_record(one) for one in filed],
        "claimable": [claimable_record(one) for one in found],
    }


def findings_told(of_files: Iterable[Finding], report: Report) -> tuple[Finding, ...]:
    """What is wrong with the texts, then with the facts, and which of them count nowhere.

    Where something is left out because it is wrong, that tells why nothing was observed.
    """
    told = tuple(of_files)
    seen = {"unobserved"} if has_errors(told) else set()
    return (*told, *(one for one in report.findings if one.code not in seen))
