"""What is due, as a record: the command line prints it, the server sends it, to the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from upheld.book.claims import claimable, to_file
from upheld.book.due import Due, Risk, ahead, due, merged, shares_used
from upheld.book.duties_ahead import duties_ahead, owed_without_limit
from upheld.book.evaluate import Report
from upheld.book.forecast import forecasts
from upheld.core.book import Book
from upheld.core.claiming.claimable import Claimable
from upheld.core.timeline.instant import DAY, Instant
from upheld.core.values.amount import parse_amount
from upheld.core.values.frozen import dataclass
from upheld.render.claims import claimable_record
from upheld.render.forecast import Ahead, OwedDuty, ahead_record, owed_record
from upheld.render.records import Record, instant


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies ahead: what is due or may be lost, what is owed without a limit, what can be claimed."""

    at: Instant
    rows: Sequence[Ahead]
    owed: Sequence[OwedDuty]
    claimable: Sequence[Claimable]


def lying_ahead(
    book: Book, report: Report, until_at: Instant | None = None, contract: str | None = None
) -> Lying:
    """All that is due; up to an instant, with what may be lost by then. `contract`: only of this one."""
    found: Sequence[Due | Risk] = due(report)
    if until_at is not None:
        found = ahead(report, forecasts(report, book.observations, contract), until_at)
    found = merged(found, duties_ahead(book, report, until_at))
    owed = [one for one in owed_without_limit(book, report) if contract in (None, one.key.contract)]
    used = shares_used(report, found)
    shown = (_shown(one, share) for one, share in zip(found, used, strict=True))
    rows = [one for one in shown if contract in (None, one.key.contract)]
    return Lying(report.at, rows, owed, to_file(claimable(book, report, contract), until_at))


def due_answer(lying: Lying) -> Record:
    """The record of what lies ahead."""
    return {
        "at": instant(lying.at),
        "due": [ahead_record(one) for one in lying.rows],
        "owed": [owed_record(one) for one in lying.owed],
        "claimable": [claimable_record(one) for one in lying.claimable],
    }


def horizon_end(text: str, at: Instant) -> Instant:
    """The end of a horizon, such as `8h` or `7d`, from an instant on. ValueError says what is wrong."""
    amount = parse_amount(text)
    length_us = {"time": 1, "days": DAY, "weeks": 7 * DAY}.get(amount.kind)
    if length_us is None:
        raise ValueError("give hours, days or weeks")
    return at + int(amount.count) * length_us


def _shown(one: Due | Risk, used: Fraction | None) -> Ahead:
    if isinstance(one, Risk):
        return Ahead(one.at, one.key, one.terms, one.remaining_us, None, one.chance, one.until_at, used)
    return Ahead(one.wake.due_at, one.key, one.terms, one.remaining_us, one.wake, one.chance, used=used)
