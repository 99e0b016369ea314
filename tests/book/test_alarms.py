"""The stages of a book: the provider is told by the strictest reading, the customer by the one that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.worlds import at, shown
from upheld.book.alarms import alarms, stricter
from upheld.book.evaluate import evaluate
from upheld.files.folder import Folder, read_book

AGREEMENT = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  hours: {issue: which hours, options: [support, all day], take: support, because: they are staffed}
  other: {issue: what else, options: [this, that], take: this, because: it is}
calendar:
  support: {open: Mon-Fri 09:00-17:00, holidays: none, business day: 8h}
deadline:
  response:
    {from: opened, until: answered, on: {by hours: {support: support, all day: always}}, within: 2h}
  unwatched: {from: opened, until: resolved, within: {by other: {this: 8h, that: 4h}}}
escalate:
  ahead: {of: response, at: [75 %, limit], tell: lead}
  told: {of: response, at: limit, tell: all, audience: customer}
"""
CONTRACT = "contract: {id: c-ID, customer: Acme, agreement: acme, from: 2026-01-01}\n"
FACT = (
    '{"specversion": "1.0", "id": "ID", "source": "desk", "type": "ticket.opened", "subject": "T-ID", '
    '"time": "2026-06-05T16:30:00Z", "data": {"contract": "c-ID"}}\n'
)


@pytest.fixture
def book(tmp_path: Path) -> Folder:
    """Two contracts with a ticket each, opened on Friday at 16:30."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    for one in "12":
        (tmp_path / f"c{one}.yaml").write_text(CONTRACT.replace("ID", one), encoding="utf-8")
    (tmp_path / "facts.jsonl").write_text("".join(FACT.replace("ID", one) for one in "12"), encoding="utf-8")
    return read_book([tmp_path])


def test_only_readings_behind_watched_clocks_are_asked(book: Folder) -> None:
    """Each other option once, by name; what nobody watches costs nothing."""
    assert [one.reading for one in stricter(book.terms_under, book.terms[0])] == ["hours: all day"]


def test_the_provider_is_told_sooner_and_knows_by_which_reading(book: Folder) -> None:
    """Around the clock it would be late on Friday evening; the customer hears on Monday."""
    report = evaluate(book, at("Fri 06-05 16:31"))
    assert [
        (one.rule, one.name, shown(one.at), one.about.reading) for one in alarms(book, report, "c-1")
    ] == [
        ("ahead", "75 %", "Fri 06-05 18:00", "hours: all day"),
        ("ahead", "limit", "Fri 06-05 18:30:00.000001", "hours: all day"),
        ("told", "limit", "Mon 06-08 10:30:00.000001", ""),
    ]


def test_all_contracts_are_in_one_order_and_an_unknown_one_is_told(book: Folder) -> None:
    """By instant, then by rule and cause."""
    report = evaluate(book, at("Fri 06-05 16:31"))
    found = alarms(book, report)
    assert [one.about.contract for one in found] == ["c-1", "c-2"] * 3
    assert [one.at for one in found] == sorted(one.at for one in found)
    with pytest.raises(KeyError):
        alarms(book, report, "c-3")
