"""What of the duties of contracts lies ahead, and what is owed without an instant by which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from upheld.book.due import Due
from upheld.book.duties import DutiesIn, DutyBook, reminder_of
from upheld.book.evaluate import Report
from upheld.core.book import Book
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Wake, WakeKind


class Owed(NamedTuple):
    """Something owed for which no instant is promised, since when."""

    number: int
    terms: Terms
    key: CellKey
    since_at: Instant
    why: str


def duties_ahead(book: Book, report: Report, until_at: Instant | None = None) -> tuple[Due, ...]:
    """Reminders, and the ends of rights to terminate, that lie ahead up to an instant, the next one first."""
    of_book = DutyBook(book, report)
    found: list[Due] = []
    for contract, terms in of_book.terms.items():
        for at, key, what in _coming(of_book, contract):
            if at > report.at and (until_at is None or at <= until_at):
                wake = Wake(at + 1 if what == "right ends" else at, at, what)
                found.append(Due(wake, key, terms, at - report.at))
    return tuple(sorted(found, key=lambda one: (one.wake.due_at, one.key)))


def _coming(book: DutyBook, contract: str) -> Iterator[tuple[Instant, CellKey, WakeKind]]:
    terms, at = book.terms[contract], book.report.at
    zone = terms.calendars[ALWAYS].rule.zone
    for rule in terms.reminders:
        if reminder_of(rule, terms, book.announced, at).state == "ahead":
            yield (
                zone.day_start(rule.from_on),
                CellKey(contract, rule.name, rule.from_on.isoformat()),
                "reminder",
            )
    for one in DutiesIn(book, contract, Period(at, at + 1, "now")).terminations():
        if one.right.state == "open" and one.right.until_at is not None:
            yield one.right.until_at, one.right.key, "right ends"


def owed_without_limit(book: Book, report: Report) -> tuple[Owed, ...]:
    """Every report and review that is owed without an instant by which, the oldest of each contract first."""
    of_book = DutyBook(book, report)
    return tuple(
        sorted(
            (one for contract in of_book.terms for one in _owed(of_book, contract)),
            key=lambda one: (one.key.contract, one.since_at, one.key),
        )
    )


def _owed(book: DutyBook, contract: str) -> Iterator[Owed]:
    terms = book.terms[contract]
    work = DutiesIn(book, contract, Period(book.report.at, book.report.at + 1, "now"))
    for report in work.reports():
        if report.given is None and report.due_at is None and report.owed_at is not None:
            yield Owed(report.number, terms, report.verdict.key, report.owed_at, report.severity)
    for rule in terms.obligations:
        for duty in work.obligation(rule):
            for more in duty.once_more:
                if more.done is None:
                    yield Owed(duty.number, terms, duty.verdict.key, more.owed_at, more.reason)
