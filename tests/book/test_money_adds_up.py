"""Whatever happens to a claim, its invoices and what was computed: the figures of a statement agree."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from tests.book.claimed import Books, on
from upheld.book.statement import statement
from upheld.core.stating.canonical import Record
from upheld.core.stating.restating import owed_minor
from upheld.core.stating.statement import Statement

ACTS = ("decide", "decide", "issue", "issue", "invoice", "invoice", "apply", "apply", "correct", "kept")


def act(books: Books, random: Random, day: str, invoices: list[str]) -> None:
    """One thing that happens on a day; nothing where it cannot."""
    match random.choice(ACTS):
        case "decide":
            told = [("accepted", None), ("rejected", None), *(("partly", sum_) for sum_ in (50, 300, 700))]
            books.decide(day, *random.choice(told))
        case "issue":
            books.issue(day)
        case "invoice" if len(invoices) < 5:
            invoices.append(f"{len(invoices) + 7:02}")
            books.invoice(invoices[-1], day, random.choice([100, 250, 1000]))
        case "apply" if invoices:
            places = [n for n, memo in enumerate(books.memos(day), 1) if memo.status == "issued"]
            if places:
                books.apply(day, random.choice(places), f"R-{random.choice(invoices)}")
        case "correct":
            amount = random.choice([0, 300, 500, 3000])
            books.tell("contract.invoice_corrected", day, "c1", invoice="R-06", amount=amount)
        case "kept" if all(one.type != "correction.withdrawn" for one in books.facts):
            books.withdraw(day, "incident.declared")


def faults(record: Record) -> list[str]:
    """What of the money of June does not agree."""
    (credit,) = record["money"]["credits"]
    parts: list[dict[str, Any]] = credit["instalments"]
    owed = [one for one in record["money"]["owed"] if one["currency"] == "EUR"]
    where = ("set_off_minor", "scheduled_minor", "left_minor")
    applied = sum(one["applied_minor"] for one in record["memos"] if one["subject"] == "2026-06")
    set_off = sum(one["minor"] for one in parts if one["is_set_off"]) + credit["beyond_minor"]
    granted = [Fraction(line["low"]) * 100 for line in credit["lines"] if line["what"] == "granted"]
    told = {
        "where the money is": all(one["minor"] == sum(one[name] for name in where) for one in owed),
        "the credit and the sum": sum(one["minor"] for one in owed) == owed_minor(credit),
        "what was set off and the memos": set_off == applied,
        "what is granted and the instalments": granted in ([], [sum(one["minor"] for one in parts)]),
        "what waits": all((one["minor"] or 1) > 0 for one in record["waiting"]),
    }
    return [name for name, holds in told.items() if not holds]


def restated(books: Books, day: str, before: Statement) -> list[str]:
    """What a restatement does not explain."""
    found = statement(books.folder(), "c1", "2026-06", on(day), previous=before).record["restates"]
    moved = sum(one["difference_minor"] for one in found["changes"] if one["section"] == "credits")
    told = {
        "the changes and the difference": moved == sum(one["difference"] for one in found["money"]),
        "every change has a cause": all(one["why"] for one in found["changes"]),
    }
    return [name for name, holds in told.items() if not holds]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_figures_of_a_statement_agree_whatever_happened(seed: int) -> None:
    """After each of ten things: decisions, documents, invoices, corrections, in any order."""
    random, invoices = Random(seed), list[str]()
    decision = random.choice(["beside the verdict", "final"])
    books = Books(parts=random.choice([1, 2, 3]), decision=decision)
    today, before = date(2026, 7, 3), None
    for _ in range(10):
        today += timedelta(days=random.choice([1, 3, 9, 14]))
        day = f"{today:%m-%d}"
        act(books, random, day, invoices)
        found = statement(books.folder(), "c1", "2026-06", on(day))
        assert faults(found.record) == [], day
        assert before is None or restated(books, day, before) == [], day
        before = found
