"""A right to terminate in the statement: owed as long as it may be used, then only among the rights."""

from __future__ import annotations

import pytest

from tests.book.stated import OUTAGES, book, outage
from upheld.book.statement import statement
from upheld.core.timeline.instant import parse_instant
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.page import document
from upheld.render.statement.text import text

AGREEMENT = (
    OUTAGES
    + """
commit:
  uptime: {level: ">= 99.9 %", per: calendar month}
remedy:
  leave: {of: uptime, unit: termination, exercise: {within: 30d, notice: 14d}}
"""
)
CONTRACT = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, currency: EUR}\n"


@pytest.mark.parametrize(
    ("day", "told", "right"),
    [
        ("2026-07-20", "leave for 2026-06: owed", "may be used"),
        ("2026-08-20", "Nothing: the right to terminate lapsed.", "lapsed"),
    ],
)
def test_a_right_that_lapsed_is_owed_no_more(day: str, told: str, right: str) -> None:
    """Of June, to be used within 30 days: owed on 20 July, and on 20 August only told as lapsed."""
    folder = book(outage(1, "Mon 06-15 00:00", "Mon 06-15 15:00"), AGREEMENT, CONTRACT)
    found = statement(folder, "c1", "2026-06", parse_instant(f"{day}T00:00:00Z"))
    shown = text(document(found, Tongue("en")))
    assert told in shown
    assert ("leave for 2026-06: owed" in shown) == (right == "may be used")
    assert right in shown
