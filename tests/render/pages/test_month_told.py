"""What a page says of a month agrees with itself: one rule for every count on it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.core.worlds import CONTRACT, DESK, at, bound, fact
from tests.render.pages.test_markup import read
from upheld.book.evaluate import evaluate
from upheld.book.pages import pages
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.files.folder import Folder
from upheld.render.pages.contract import contract_page
from upheld.render.pages.month import ContractPage

pytestmark = pytest.mark.slow

AGREEMENT = (
    DESK
    + """
deadline:
  answer: {of: incident, from: declared, until: resolved, on: always, within: 4h}
every:
  updates: {of: incident, from: declared, again: informed, until: resolved, each: 30m, on: always}
quota:
  urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary}
"""
)


def pages_of(
    facts: Sequence[Fact], when: str, agreement: str = AGREEMENT, contract: str = CONTRACT
) -> dict[str, ContractPage]:
    """The pages of a contract by month."""
    book = Folder(terms=(bound(agreement, contract),), log=FactLog(facts))
    return {one.month.label: one for one in pages(book, evaluate(book, at(when)))}


def told(one: ContractPage) -> str:
    """The texts of a page."""
    return " ".join(" ".join(read(contract_page(one)).texts).split())


def an_incident(until: str = "Mon 06-08 15:00") -> list[Fact]:
    """Declared at ten with an update in time and one an hour late; resolved an hour after its deadline."""
    return [
        fact("incident.declared", "Mon 06-08 10:00", "I-1", "f1", severity="S1", contract="c1"),
        fact("incident.updated", "Mon 06-08 10:30", "I-1", "f2", by="human", visibility="public"),
        fact("incident.updated", "Mon 06-08 12:00", "I-1", "f3", by="human", visibility="public"),
        fact("incident.resolved", until, "I-1", "f4"),
    ]


def test_the_heat_map_counts_what_the_page_says_was_not_kept() -> None:
    """Deadlines that were missed, and rounds of a cadence: two late rounds and an answer."""
    one = pages_of(an_incident(), "Wed 07-01 00:00")["2026-06"]
    assert "3 promises not kept" in told(one)
    (heat,) = (drawing for drawing in one.overview if drawing.name == "heat-map")
    assert heat.table.rows == (
        ("Monday", "11:00 to 12:00", "1"),
        ("Monday", "12:00 to 13:00", "1"),
        ("Monday", "14:00 to 15:00", "1"),
    )


def test_where_nothing_was_judged_nothing_is_called_kept() -> None:
    """A month in which only an allowance ended, and one in which a clock still runs."""
    idle = pages_of([], "Wed 07-01 00:00")["2026-06"]
    assert "Nothing judged yet." in told(idle)
    assert "every promise" not in told(idle)
    running = pages_of(an_incident()[:1], "Mon 06-08 10:10")["2026-06"]
    assert "every promise" not in told(running)


def test_every_promise_was_kept_only_where_every_one_is_judged() -> None:
    """One round was kept and the next one runs; or all are over."""
    running = pages_of(an_incident()[:2], "Mon 06-08 10:40")["2026-06"]
    assert "Nothing: every promise that is judged was kept." in told(running)
    resolved = [*an_incident()[:2], fact("incident.resolved", "Mon 06-08 10:50", "I-1", "f4")]
    assert "Nothing: every promise was kept." in told(pages_of(resolved, "Wed 07-01 00:00")["2026-06"])


def test_an_allowance_is_used_and_not_kept() -> None:
    """The column of what was kept adds up to the sentence above; an allowance has its own table."""
    facts = [*an_incident(), fact("ticket.opened", "Tue 06-09 10:00", id_="t1", priority="P1")]
    text = told(pages_of(facts, "Wed 07-01 00:00")["2026-06"])
    assert "1 of 4 promises kept" in text
    how_often, _, allowances = text.partition("How much of each allowance was used")
    assert "answer 1 0 1 0 0" in how_often
    assert "updates 3 1 2 0 0" in how_often
    assert "2026-06 1 of 1 Tue 2026-06-30 24:00" in allowances


def test_there_is_no_page_of_a_month_outside_the_contract() -> None:
    """A quarter's allowance begins in April and ends in June: the contract holds from May to mid-June."""
    quarterly = AGREEMENT.replace("per: calendar month", "per: calendar quarter")
    contract = CONTRACT.replace("2026-01-01", "2026-05-01, until: 2026-06-15")
    assert list(pages_of([], "Sat 08-01 00:00", quarterly, contract)) == ["2026-05", "2026-06"]
    ended = contract.replace("2026-06-15", "2026-06-01")
    assert list(pages_of([], "Sat 08-01 00:00", quarterly, ended)) == ["2026-05"]
