"""Stripe: the fields that the pinned reference asks for, in the units in which Stripe counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.accounting.world import FACTS, INVOICED, credit, issued, memos, terms
from tests.export.test_ubl import AUGUST_3
from upheld.core.accounting.memo import CreditMemo, PlannedPart
from upheld.core.facts.fact import Data, Fact
from upheld.export.stripe import faults, payload, text

PINNED = json.loads((Path(__file__).parent / "stripe" / "credit_note_create.json").read_text("utf-8"))
PAID = replace(INVOICED, id="in-1-paid", type="contract.invoice_paid", data=Data({"invoice": "NW-2026-06"}))


def memo_in(currency: str = "EUR", amount: str = "49.90", facts: tuple[Fact, ...] = FACTS) -> CreditMemo:
    """An issued memo."""
    owed, under = credit(amount, currency=currency), terms(currency=currency)
    invoice = replace(INVOICED, data=Data({**INVOICED.data, "currency": currency}))
    all_of = (invoice, *(fact for fact in facts if fact is not INVOICED))
    return memos([owed], (*all_of, *issued(memos([owed], all_of, under=under))), AUGUST_3, under)[0]


def faults_of(given: Mapping[str, Any]) -> Iterator[str]:
    """What the pinned reference does not allow."""
    yield from _faults(given, PINNED["fields"])
    if not any(name in given for name in PINNED["one of"]):
        yield "neither of those of which one must be there"
    for line in given.get("lines", []):
        yield from _faults(line, PINNED["line"])


def _faults(given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"unknown {name}" for name in given if name not in known)
    for name, field in known.items():
        if name not in given:
            if field.get("required"):
                yield f"missing {name}"
            continue
        value, kind = given[name], field["kind"]
        is_so = {
            "text": isinstance(value, str) and value != "",
            "integer": type(value) is int and value >= 0,
            "list of lines": isinstance(value, list) and value != [],
            "map of text": isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
        }[kind]
        if not is_so or value not in field.get("choices", [value]):
            yield f"bad {name}"


def test_the_payload_is_one_of_the_reference() -> None:
    """Required fields, known names and kinds; the lines and the tax come to the total."""
    found = json.loads(text([memo_in(facts=(*FACTS, PAID))]))
    assert list(faults_of(found)) == []
    assert found["invoice"] == "NW-2026-06"
    assert [line["unit_amount"] for line in found["lines"]] == [4990, 1048]
    assert found["credit_amount"] == 6038
    assert found["metadata"]["upheld_id"] == "c-1/credit/2026-06/1"


@pytest.mark.parametrize("name", ["invoice", "lines"])
def test_a_payload_without_what_is_required_is_told(name: str) -> None:
    """The check itself fails where a field is missing, unknown, or of another kind."""
    found = payload(memo_in())
    assert list(faults_of(found)) == []
    assert list(faults_of({key: value for key, value in found.items() if key != name})) != []
    assert list(faults_of({**found, "total": 1})) == ["unknown total"]
    assert list(faults_of({**found, "effective_at": 1.5})) == ["bad effective_at"]
    assert list(faults_of({**found, "reason": "late"})) == ["bad reason"]


def test_a_correction_is_one_line_of_the_difference() -> None:
    """From 49.90 to 99.80: no line is negative, and net and tax come to the total."""
    facts = (*FACTS, *issued(memos([credit()])))
    facts = (*facts, *issued(memos([credit("99.80")], facts, AUGUST_3)))
    found = payload(memos([credit("99.80")], facts, AUGUST_3)[1])
    assert list(faults_of(found)) == []
    lines: Any = found["lines"]
    assert [line["unit_amount"] for line in lines] == [4990, 1048]
    assert lines[0]["description"].endswith("2026-06, less what was issued before in NW-CN-000001")


def test_an_unpaid_invoice_is_lowered_and_a_paid_one_credited() -> None:
    """Of an open invoice Stripe takes the amount off; of a paid one it says where the money goes."""
    assert "credit_amount" not in payload(memo_in())
    paid_out = replace(memo_in(facts=(*FACTS, PAID)), settlement="payment")
    assert payload(paid_out)["out_of_band_amount"] == 6038
    assert "credit_amount" not in payload(paid_out)


@pytest.mark.parametrize(
    ("currency", "amount", "units"),
    [
        ("JPY", "1200", 1200),  # no decimals, and counted so
        ("ISK", "1200", 120000),  # no decimals, and counted in hundredths
        ("UGX", "1200", 120000),
        ("MGA", "1200.00", 1200),  # two decimals, and counted in whole ones
        ("KWD", "12.340", 12340),  # three, of which the last is 0
        ("EUR", "0.01", 1),
    ],
)
def test_currencies_are_counted_as_stripe_counts_them(currency: str, amount: str, units: int) -> None:
    """Whole units, hundredths or thousandths."""
    memo = replace(memo_in(currency, amount), taxes=())
    assert faults(memo) == ()
    assert payload(memo)["lines"][0]["unit_amount"] == units  # type: ignore[index]


@pytest.mark.parametrize(("currency", "amount"), [("KWD", "12.345"), ("MGA", "12.50"), ("IQD", "12.500")])
def test_what_stripe_cannot_count_is_refused(currency: str, amount: str) -> None:
    """Nothing is rounded a second time."""
    assert len(faults(replace(memo_in(currency, amount), taxes=()))) == 1


def test_what_stripe_has_no_form_for_says_why() -> None:
    """Without a number, an invoice or a positive amount, and for days of service."""
    memo = memo_in()
    assert "issue it first" in faults(replace(memo, number=""))[0]
    assert "invoice" in faults(replace(memo, invoices=()))[0]
    assert "debit note" in faults(replace(memo, lines=(memo.lines[0]._replace(amount_minor=-4990),)))[0]
    in_part = replace(memo, settlement="payment", plan=(PlannedPart(1, 2000, "I-1"), PlannedPart(2, 2990)))
    assert "one of both" in faults(in_part)[0]
    assert "days of service" in faults(replace(memo, currency=""))[0]
