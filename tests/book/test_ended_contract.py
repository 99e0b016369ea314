"""What the statement, the claims and the month-end say of the quarter in which a contract ended."""

from __future__ import annotations

import pytest

from tests.book.stated import OUTAGES, book, outage
from tests.core.worlds import fact
from upheld.book.claims import claimable
from upheld.book.evaluate import evaluate
from upheld.book.memos import accruals, memos
from upheld.book.statement import statement
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import parse_instant
from upheld.files.folder import Folder

AGREEMENT = (
    OUTAGES
    + """
commit:
  uptime: {level: ">= 99.9 %", per: calendar quarter}
deadline:
  filing: {of: claim, until: filed, due: about.end + 30d}
claim: {needed: true, about: period}
remedy:
  credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}}
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-04-01, currency: EUR, "
    "fees: {month: 1000.00 EUR}@}\n"
)
DOWN = outage(1, "Mon 05-11 00:00", "Mon 05-11 15:00")
ENDED = fact("contract.ended", "Sun 05-10 08:00", "c1", on="2026-06-01")
JUNE_3 = parse_instant("2026-06-03T12:00:00Z")


def ended(*, by_file: bool, down: bool = True) -> Folder:
    """A contract that ended with May, fifteen hours of which were down."""
    facts: list[Fact] = [*(DOWN if down else []), *([] if by_file else [ENDED])]
    return book(facts, AGREEMENT, CONTRACT.replace("@", ", until: 2026-06-01" if by_file else ""))


@pytest.mark.parametrize("by_file", [False, True])
def test_what_is_owed_of_the_quarter_is_told_when_the_contract_has_ended(by_file: bool) -> None:
    """On 3 June: 100.00 are owed, can be claimed until 30 days after the quarter, and the period is over."""
    folder = ended(by_file=by_file)
    report = evaluate(folder, JUNE_3)
    (credit,) = report.evaluation.credits_of("c1")
    assert (credit.state, credit.amount, credit.low, credit.high) == ("owed", 100, 100, 100)
    (one,) = claimable(folder, report)
    assert (one.why, one.standing, one.until_at) == ("owed", "open", parse_instant("2026-07-31T00:00:00Z"))
    record = statement(folder, "c1", "2026-Q2", JUNE_3).record
    assert record["is_over"] is True


@pytest.mark.parametrize(("down", "told"), [(True, [("owed", 10000, 10000)]), (False, [])])
def test_the_month_end_counts_no_chance_of_what_can_not_fail(
    down: bool, told: list[tuple[str, int, int | None]]
) -> None:
    """What is owed is expected whole; of a quarter that was kept nothing is."""
    folder = ended(by_file=False, down=down)
    found = accruals(folder, memos(folder, evaluate(folder, JUNE_3)), "2026-06", None, 100, 1)
    assert [(one.method, one.most_minor, one.expected_minor) for one in found] == told
