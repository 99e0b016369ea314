"""One thing decides which facts about credits count: of where the money is, schedule and ledger agree."""

from __future__ import annotations

from decimal import Decimal

from tests.book.claimed import Books, on
from upheld.core.accounting.booking import apply, close, void
from upheld.core.accounting.memo import CreditMemo
from upheld.core.terms.remedy import Pay
from upheld.core.values.frozen import replace
from upheld.render.blocks import lines_of
from upheld.render.memos import memo_in_full


def _issued() -> tuple[Books, CreditMemo]:
    """600 EUR granted and issued in July, in three parts, and the invoice of July."""
    books = Books()
    books.decide("07-03", "accepted")
    (memo,) = books.issue("07-03")
    books.invoice("07", "08-01")
    return books, memo


def _set_off(books: Books, day: str) -> tuple[int, Decimal]:
    """How much was set off by the ledger, in euros, and by the schedule."""
    given = (one.amount for one in books.credit(day).instalments if one.is_set_off)
    return sum(memo.applied_minor for memo in books.memos(day)) // 100, sum(given, Decimal(0))


def _findings(books: Books, day: str) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in books.found(day).ledger.findings]


def test_what_is_taken_back_after_its_month_was_closed_stands_for_both() -> None:
    """July is closed, then the memo is void: refused and told; what is set off of it counts in both."""
    books, memo = _issued()
    books.facts += [close(memo.entity, "2026-07", on("08-02")), void(memo, "a slip", on("08-03"))]
    books.facts.append(apply(memo, 20000, "R-07", on("08-04")))
    assert [code for code, _ in _findings(books, "08-05")] == ["closed-month"]
    assert _set_off(books, "08-05") == (200, 200)


def test_what_is_taken_back_before_its_month_was_closed_is_void_for_both() -> None:
    """The memo is void, and then July is closed: nothing of it can be set off any more."""
    books, memo = _issued()
    books.facts += [void(memo, "a slip", on("08-02")), close(memo.entity, "2026-07", on("08-03"))]
    books.facts.append(apply(memo, 20000, "R-07", on("08-04")))
    assert [code for code, _ in _findings(books, "08-05")] == ["bad-credit"]
    assert _set_off(books, "08-05") == (0, 0)


def test_a_fact_that_names_another_contract_counts_for_neither() -> None:
    """Set off and taken back in the name of another contract: both are refused, it is told whose it is."""
    books, memo = _issued()
    other = replace(memo, contract="c2")
    books.facts += [apply(other, 20000, "R-07", on("08-02")), void(other, "a slip", on("08-03"))]
    told = "credit `c1/credit/2026-06/1` is one of contract `c1`, not of `c2`"
    assert _findings(books, "08-05") == [("bad-credit", told)] * 2
    assert _set_off(books, "08-05") == (0, 0)
    assert books.euros("08-05") == [("issued", 600)]


def test_no_document_is_issued_under_the_id_of_another() -> None:
    """A document of one contract that is told under the id of another's: it does not take its place."""
    books, memo = _issued()
    (fact,) = (one for one in books.facts if one.type == "credit.issued")
    document = {**fact.data["document"], "contract": "c2"}  # type: ignore[dict-item]  # it is an object
    data = {**fact.data, "contract": "c2", "document": document}
    books.facts.append(replace(fact, id="other", at=fact.at - 1, recorded_at=fact.at - 1, data=data))
    told = f"credit `{memo.id}`: it is not the one of its document: id"
    assert _findings(books, "08-05") == [("bad-credit", told)]
    assert books.euros("08-05") == [("issued", 600)]


def test_a_memo_says_which_invoices_really_carry_it() -> None:
    """Issued when three invoices of 150 were full: what has no room any more is on none of these."""
    books = Books()
    books.decide("07-03", "accepted")
    for month, day in (("07", "08-01"), ("08", "09-01"), ("09", "10-01")):
        books.invoice(month, day, 150)
    books.issue("10-02")
    books.apply("10-03", 1, "R-07")
    found = books.found("10-04")
    (memo,) = books.memos("10-04")
    told = [" ".join(line.split()) for line in lines_of(memo_in_full(memo, Pay(3), found.credit_of(memo)))]
    assert told[told.index("Payment, without tax") + 1 :][:8] == [
        "instalment 1: set against invoice R-07 150.00 EUR",
        "instalment 1: on invoice R-08, carried over 50.00 EUR",
        "instalment 2: scheduled on invoice R-08 100.00 EUR",
        "instalment 2: on invoice R-09, carried over 100.00 EUR",
        "instalment 3: scheduled on invoice R-09 50.00 EUR",
        "instalment 3: on the next invoice that has room 150.00 EUR",
        "applied to R-07 on 2026-10-03T12:00:00Z 150.00 EUR",
        "open 450.00 EUR",
    ]
