"""`breaches` as a bound: while a month runs, a row of breaches is told as far as the months before allow."""

from __future__ import annotations

from decimal import Decimal

import pytest

from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.verdicts.credit import Credit

from .checked import Checked
from .worlds import DESK, DOCUMENT, at, bound, fact, in_order

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
indicator:
  share: {count: outcomes of response}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
remedy:
  streak: {of: month, when: breaches >= 3, formula: "20 %", base: {fee: month}}
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, fees: {month: 1000.00 EUR}}\n"
)
_MONDAYS = {"01": "Mon 01-12", "02": "Mon 02-09", "03": "Mon 03-09", "04": "Mon 04-13", "05": "Mon 05-11"}


def june(late: str, when: str) -> Credit:
    """June's credit as of an instant in it, after late tickets in the months named, and none in others."""
    facts: list[Fact] = []
    for month in late.split():
        facts.append(fact("ticket.opened", f"{_MONDAYS[month]} 08:00", f"T-{month}", contract="c1"))
        facts.append(fact("ticket.replied", f"{_MONDAYS[month]} 12:00", f"T-{month}"))
    found = evaluate((bound(AGREEMENT, CONTRACT),), in_order(facts), at(when), Checked())
    return next(one for one in found.credits_of("c1") if one.key.subject == "2026-06")


@pytest.mark.parametrize(
    ("late", "most"),
    [
        ("01 02 03", 0),  # May was kept: June is the first of a row, at most
        ("05", 0),  # the second
        ("04 05", 200),  # the third
        ("03 04 05", 200),
    ],
)
def test_a_month_that_runs_gives_no_more_than_the_row_before_it_allows(late: str, most: int) -> None:
    """It needs three in a row; what cannot come any more is not in the bound."""
    credit = june(late, "Mon 06-15 00:00")
    assert (credit.low, credit.high) == (0, most)
    assert (credit.amount or Decimal(0)) == 0
