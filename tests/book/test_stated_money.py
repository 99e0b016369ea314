"""What a statement says of the money and of claims: what was set off, what waits, and whose turn it was.

600 EUR are owed for June, in three parts on the invoices after the decision.
"""

from __future__ import annotations

import pytest

from tests.book.claimed import Books, on
from tests.book.stated import outage
from upheld.book.claims import claims
from upheld.book.evaluate import evaluate
from upheld.book.memos import ageing
from upheld.book.statement import statement
from upheld.core.stating.canonical import Record
from upheld.core.stating.statement import Statement, read_statement
from upheld.core.stating.waiting import waiting as waiting_of
from upheld.core.timeline.instant import format_instant
from upheld.core.verdicts.condition import is_of_customer, is_promise
from upheld.render.blocks import lines_of
from upheld.render.credits import NumberedCredit, in_short
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.page import document
from upheld.render.statement.text import text
from upheld.render.summary import Numbered, summary

pytestmark = pytest.mark.slow

DEADLINES = """\
  claim filing: {of: claim, until: filed, due: about.end + 1d, modality: objective}
  claim answer: {of: claim, until: determined, due: filed + 10d}
"""


def june(books: Books, day: str) -> Statement:
    """The statement of June as of noon of a day."""
    return statement(books.folder(), "c1", "2026-06", on(day))


def told(found: Statement, language: str = "en") -> str:
    """It as text, its blanks made one, from the record alone."""
    return " ".join(text(document(read_statement(found.text), Tongue(language))).split())


def half_set_off() -> Books:
    """The 200 on the invoice of July were set off, those on that of August are to be."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.invoice("08", "09-01")
    return books


def test_what_was_set_off_stands_apart_from_what_is_scheduled() -> None:
    """In the record: a row of each, and sums that add up to what is owed."""
    record = june(half_set_off(), "09-03").record
    (owed,) = record["money"]["owed"]
    assert [owed[name] for name in ("minor", "set_off_minor", "scheduled_minor", "left_minor")] == [
        60000, 20000, 20000, 20000,
    ]  # fmt: skip
    (credit,) = record["money"]["credits"]
    names = "number", "minor", "invoice", "is_set_off"
    assert [tuple(one[name] for name in names) for one in credit["instalments"]] == [
        (1, 20000, "R-07", True),
        (2, 20000, "R-08", False),
        (3, 20000, "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("Of €600.00 owed, €200.00 is set off, €200.00 is scheduled on an invoice that is issued",
                "issued, and €200.00 is left.",
                "1 R-07 Sat 1 Aug 2026 12:00 set off €200.00",
                "2 R-08 Tue 1 Sept 2026 12:00 scheduled on the invoice €200.00",
                "Set off €200.00 Scheduled on an invoice €200.00 Left €200.00",
                "Sun 2 Aug 2026 12:00 000001 R-07 €200.00",
                "Tue 1 Sept 2026 12:00 setting off 000001 (credit, 2026-06) on R-08 €200.00")),
        ("nl", ("Van de verschuldigde € 600,00 is € 200,00 verrekend, staat € 200,00 gepland op een",
                "gepland op een uitgereikte factuur en rest € 200,00.",
                "1 R-07 za 1 aug 2026 12:00 verrekend € 200,00",
                "di 1 sep 2026 12:00 verrekenen 000001 (credit, 2026-06) op R-08 € 200,00")),
    ],
)  # fmt: skip
def test_a_statement_says_where_the_money_is(language: str, texts: tuple[str, ...]) -> None:
    """What was set off when, what is scheduled where, and what is left, of each credit and in all."""
    found = told(june(half_set_off(), "09-03"), language)
    for one in texts:
        assert one in found


def test_the_invoices_of_a_period_say_what_of_other_periods_stands_on_them() -> None:
    """August, whose invoices have nothing of its own."""
    found = told(statement(half_set_off().folder(), "c1", "2026-08", on("09-03")))
    assert "On invoices of this period, for other periods, €200.00 is set off." in found


def test_where_nothing_is_of_the_money_is_not_told() -> None:
    """Neither 0.00 scheduled, nor 0.00 set off, nor 0.00 left."""
    books = Books(parts=2)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert (
        "Of €600.00 owed, €300.00 is scheduled on an invoice that is issued, and €300.00 is left."
    ) in told(june(books, "08-02"))
    books.apply("08-02", 1, "R-07")
    assert "Of €600.00 owed, €300.00 is set off, and €300.00 is left." in told(june(books, "08-03"))
    books.invoice("08", "09-01")
    assert (
        "Of €600.00 owed, €300.00 is set off, and €300.00 is scheduled on an invoice that is issued."
    ) in told(june(books, "09-02"))


def test_a_restatement_says_that_what_was_set_off_moved_the_money() -> None:
    """Not that it is asked as of another instant."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    first = june(books, "08-02")
    books.apply("08-02", 1, "R-07")
    restates = statement(books.folder(), "c1", "2026-06", on("08-03"), previous=first).record["restates"]
    (credit,) = (one for one in restates["changes"] if one["section"] == "credits")
    assert credit["fields"] == ["instalments"]
    assert [restates["why"][n]["type"] for n in credit["why"]] == ["credit.applied"]


def test_what_is_all_set_off_is_said_so() -> None:
    """600 in one part."""
    books = Books(parts=1)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07") == 600
    assert "All of the €600.00 owed is set off." in told(june(books, "08-03"))


def waiting(books: Books, day: str) -> list[tuple[str, str, int | None]]:
    """What waits on a day: what, whose, and how much."""
    return [(one["what"], one["subject"], one["minor"]) for one in june(books, day).record["waiting"]]


def test_what_waits_is_what_is_past_its_time() -> None:
    """An answer after its deadline, a grant without a document, a document whose invoice is there."""
    books = Books(deadlines=DEADLINES)
    assert waiting(books, "07-12") == []
    assert waiting(books, "07-13") == [("answer", "C-1", None)]
    books.decide("07-14", "accepted")
    assert waiting(books, "07-15") == [("issue", "2026-06", 60000)]
    books.issue("07-15")
    assert waiting(books, "07-20") == []
    books.invoice("07", "08-01")
    assert waiting(books, "08-01") == []
    assert waiting(books, "08-02") == [("set off", "2026-06", 20000)]
    books.apply("08-02", 1, "R-07")
    assert waiting(books, "08-03") == []


def test_what_no_invoice_carries_waits_to_be_paid_out() -> None:
    """The contract ended: the credit note is paid, and until then it waits."""
    books = Books()
    books.decide("07-03", "accepted")
    books.tell("contract.ended", "07-10", "c1", on="2026-07-11")
    books.issue("07-12")
    assert waiting(books, "07-13") == [("pay out", "2026-06", 60000)]


def test_what_is_lost_with_the_end_of_the_contract_waits_for_nobody() -> None:
    """Of 600, 200 were set off; what no invoice comes for is lost, not overdue, and not in what is owed."""
    books = Books(after_end="lost")
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.tell("contract.ended", "08-20", "c1", on="2026-08-21")
    assert waiting(books, "09-03") == []
    (owed,) = june(books, "09-03").record["money"]["owed"]
    assert [owed[name] for name in ("minor", "set_off_minor", "left_minor")] == [20000, 20000, 0]
    assert "Lost €400.00" in told(june(books, "09-03"))


def since(books: Books, day: str) -> list[tuple[str, str, int | None]]:
    """What waits on a day: since which date, what, and how much."""
    return [
        (format_instant(one["since_at"])[:10], one["what"], one["minor"])
        for one in june(books, day).record["waiting"]
    ]


def test_what_is_to_be_paid_out_waits_since_the_end_of_the_contract() -> None:
    """Issued on 3 July, 200 of 600 set off in August, and the contract ended with 20 August."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.tell("contract.ended", "08-20", "c1", on="2026-08-21")
    assert since(books, "09-03") == [("2026-08-21", "pay out", 40000)]


@pytest.mark.parametrize("decision", ["beside the verdict", "final"])
@pytest.mark.parametrize("amount", [300, 700])
def test_the_lines_of_a_credit_come_to_what_is_granted(amount: int, decision: str) -> None:
    """600 by the numbers: what was decided otherwise is a line, and the last one is what is paid."""
    books = Books(decision=decision)
    books.decide("07-03", "partly accepted", amount)
    credit = books.credit("07-04")
    computed, otherwise, granted = credit.lines[-3:]
    assert [computed.low, otherwise.low, granted.low] == [600, amount - 600, amount]
    assert computed.low + otherwise.low == granted.low == sum(one.amount for one in credit.instalments)
    sign = "-" if amount < 600 else ""
    shown = told(june(books, "07-04"))
    assert f"amount €600.00 decided otherwise {sign}€{abs(amount - 600)}.00 granted €{amount}.00" in shown
    assert ("Granted €" in shown) == (decision == "beside the verdict")


def test_what_a_final_decision_left_nothing_of_says_so_in_its_lines() -> None:
    """Rejected, and the provider has the last word; without that, what was computed stands."""
    books = Books(decision="final")
    books.decide("07-03", "rejected")
    assert [line.what for line in books.credit("07-04").lines[-2:]] == ["decided otherwise", "granted"]
    assert "decided otherwise -€600.00 granted €0.00" in told(june(books, "07-04"))
    books = Books()
    books.decide("07-03", "rejected")
    assert books.credit("07-04").lines[-1].what == "amount"


def granted_of(name: str) -> Books:
    """200 granted for June, of which the base is not known, or which was kept."""
    books = Books()
    if name == "not known":
        books.withdraw("07-02", "contract.invoice_issued")
    else:
        books.withdraw("07-02", "incident.declared")
    books.decide("07-03", "partly accepted", 200)
    return books


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("not known", "On C-1 €200.00 is granted, where the numbers do not tell what is owed."),
        ("not owed", "On C-1 €200.00 is granted, where €0.00 is owed by the numbers."),
    ],
)
def test_what_is_granted_is_owed_whatever_the_numbers_say(name: str, sentence: str) -> None:
    """On the first page, in `evaluate` and in what a restatement changes; and nothing of it is undecided."""
    books = granted_of(name)
    before, after = june(books, "07-02"), june(books, "07-05")
    (owed,) = (one for one in after.record["money"]["owed"] if one["currency"] == "EUR")
    assert [owed[name] for name in ("minor", "left_minor", "credits", "undecided")] == [20000, 20000, 1, 0]
    assert (owed["low"], owed["high"]) == ("200", "200")
    shown = told(after)
    assert sentence in shown
    assert "€200.00 owed" in shown
    assert "How it is paid: Instalment Invoice Issued State Amount 1 one that is not issued yet" in shown
    restates = statement(books.folder(), "c1", "2026-06", on("07-05"), previous=before).record["restates"]
    moved = [one["difference_minor"] for one in restates["changes"] if one["section"] == "credits"]
    assert moved == [one["difference"] for one in restates["money"] if one["difference"]] == [20000]
    report = evaluate(books.folder(), on("07-05"))
    own = [NumberedCredit(*one) for one in report.numbered_credits() if one[2].key.subject == "2026-06"]
    assert in_short(own, promises_money=True) == "Owed: 200.00 EUR"


def test_what_was_given_before_a_decision_stays_owed_though_the_numbers_give_nothing() -> None:
    """600 set off, rejected and accepted again, then June turns out to be kept: nothing is taken back."""
    books = Books(parts=1)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07") == 600
    books.decide("08-10", "rejected")
    books.decide("08-20", "accepted")
    before = june(books, "08-21")
    books.withdraw("09-01", "incident.declared")
    record = statement(books.folder(), "c1", "2026-06", on("09-02"), previous=before).record
    assert books.euros("09-02") == [("applied", 600)]
    assert [one["minor"] for one in record["money"]["owed"]] == [60000]
    assert [one["difference"] for one in record["restates"]["money"]] == [0]
    assert [one.get("difference_minor", 0) for one in record["restates"]["changes"]].count(0) == len(
        record["restates"]["changes"]
    )


def test_what_is_granted_of_what_is_not_known_is_the_last_line() -> None:
    """The invoice of June is not there: no base, no amount, and 200 were granted all the same."""
    books = Books()
    books.withdraw("07-02", "contract.invoice_issued")
    books.decide("07-03", "partly accepted", 200)
    assert [(line.what, line.low) for line in books.credit("07-04").lines[-1:]] == [("granted", 200)]


def beyond() -> Books:
    """Of 600, 200 each were set off on R-07 and R-08; then the invoice of June is 500, and 300 are owed."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    for month, issued, applied in (("07", "08-01", "08-02"), ("08", "09-01", "09-02")):
        books.invoice(month, issued)
        assert books.apply(applied, 1, f"R-{month}") == 200
    books.tell("contract.invoice_corrected", "09-10", "c1", invoice="R-06", amount=500)
    return books


def test_what_was_set_off_beyond_what_is_owed_is_told_and_how_it_is_taken_back() -> None:
    """400 of 300: by a memo that is to be issued, then by its number, until that stands on an invoice."""
    books = beyond()
    (credit,) = june(books, "09-11").record["money"]["credits"]
    assert credit["beyond_minor"] == 10000
    shown = told(june(books, "09-11"))
    assert (
        "All of the €300.00 owed is set off. €400.00 was set off for credit, 2026-06, €100.00 more than "
        "is owed by now. A credit memo that takes it back is to be issued."
    ) in shown
    assert "Set off beyond what is owed €100.00" in shown
    assert "Nothing is to be done" not in shown
    books.issue("09-12")
    assert "owed by now. 000002 takes it back, on an invoice to come." in told(june(books, "09-13"))
    assert "000002 neemt het terug, op een volgende factuur." in told(june(books, "09-13"), "nl")
    (claim,) = claims(books.folder(), evaluate(books.folder(), on("09-13")))
    assert claim.next.what == "take back what was given beyond what is owed"
    books.invoice("09", "10-01")
    assert books.apply("10-02", 2, "R-09") == -100
    assert books.credit("10-03").beyond == 0
    assert "more than is owed" not in told(june(books, "10-03"))


def aged(books: Books, day: str) -> list[int]:
    """How much is open by age, in euros: up to 30, 60 and 90 days, and longer."""
    folder, found = books.folder(), books.found(day)
    (row,) = ageing(folder, found, "c1")
    return [minor // 100 for minor in row.bands]


def test_what_takes_something_back_ages_from_the_correction() -> None:
    """Granted in July, corrected on 10 September: on 5 October 25 days old, issued or not, granted or not."""
    books = beyond()
    before = [aged(books, "09-15"), aged(books, "10-05")]
    assert before == [[-300, 0, 200, 0], [-300, 0, 0, 200]]
    books.issue("09-12")
    assert [aged(books, "09-15"), aged(books, "10-05")] == [[-100, 0, 0, 0]] * 2
    assert aged(books, "10-12") == [0, -100, 0, 0]
    nothing = beyond()
    nothing.withdraw("09-11", "incident.declared")
    nothing.issue("09-20")
    assert aged(nothing, "10-10") == [-400, 0, 0, 0]
    assert aged(nothing, "10-12") == [0, -400, 0, 0]


def test_what_a_withdrawn_fact_had_taken_waits_since_that_was_told() -> None:
    """The invoice of June was made 500 by mistake: 300 issued; withdrawn on 10 August, so 300 wait."""
    books = Books()
    books.tell("contract.invoice_corrected", "07-02", "c1", invoice="R-06", amount=500)
    books.decide("07-03", "accepted")
    assert [one.net_minor for one in books.issue("07-03")] == [30000]
    books.withdraw("08-10", "contract.invoice_corrected")
    assert since(books, "08-20") == [("2026-08-10", "issue", 30000)]


def test_what_was_paid_beyond_what_is_owed_is_paid_back_after_the_end_of_the_contract() -> None:
    """No invoice comes that could take it back; and what is owed is nothing at all."""
    books = beyond()
    books.withdraw("09-11", "incident.declared")
    books.issue("09-12")
    books.tell("contract.ended", "09-20", "c1", on="2026-09-21")
    shown = told(june(books, "09-22"))
    assert "nothing owed" in shown
    assert "€400.00 was set off for credit, 2026-06, €400.00 more than is owed by now." in shown
    assert "000002 takes it back: it is to be paid back, as no invoice comes." in shown


def test_a_further_amount_waits_since_the_decision_that_added_it() -> None:
    """300 of 600 issued; all is granted on 10 September, and again on 15 October."""
    books = Books()
    books.decide("07-03", "partly accepted", 300)
    books.issue("07-03")
    books.decide("09-10", "accepted")
    assert since(books, "10-12") == [("2026-09-10", "issue", 30000)]
    books.decide("10-15", "accepted")
    assert since(books, "10-16") == [("2026-09-10", "issue", 30000)]
    (memo,) = (one for one in books.memos("10-16") if one.status == "proposed")
    assert memo.granted_at == on("09-10")


@pytest.mark.parametrize(("amount", "expected"), [(2000, [("2026-08-10", "issue", 60000)]), (500, [])])
def test_what_a_correction_changes_waits_since_it_was_told(amount: int, expected: list[object]) -> None:
    """The invoice of June had another amount: told on 10 August. What is to be taken back is no duty."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    invoice = next(one for one in books.facts if one.type == "contract.invoice_issued")
    corrects = {"source": invoice.source, "id": invoice.id}
    told = {"corrects": corrects, "by": "Ines", "reason": "misread"}
    replacement = {"data": {**invoice.data, "amount": amount}}
    books.tell("correction.replaced", "08-10", invoice.id, replacement=replacement, **told)
    assert since(books, "08-11") == expected


def test_what_was_issued_by_a_remedy_that_the_terms_have_no_more_waits_too() -> None:
    """No schedule says when: since it was issued, or since the end of the contract it is to be paid out."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    (memo,) = books.memos("07-10")
    row = ("credit", "2026-06", memo.number, "", "EUR", 60000)
    assert waiting_of((), [memo], (), {}, None, on("07-10")) == ((on("07-03"), "set off", *row),)
    ends_at = on("07-08")
    assert waiting_of((), [memo], (), {}, ends_at, on("07-10")) == ((ends_at, "pay out", *row),)


def test_what_waits_rests_on_facts_that_the_record_names() -> None:
    """The statement of August, in which nothing of it happened, has the facts of June's claim and credit."""
    books = Books(deadlines=DEADLINES)
    claim = next(one.id for one in books.facts if one.type == "claim.filed")
    record = statement(books.folder(), "c1", "2026-08", on("09-03")).record
    assert [one["what"] for one in record["waiting"]] == ["answer"]
    assert claim in {one["id"] for one in record["facts"]}
    books.decide("09-04", "accepted")
    record = statement(books.folder(), "c1", "2026-08", on("09-05")).record
    assert [one["what"] for one in record["waiting"]] == ["issue"]
    assert books.facts[-1].id in {one["id"] for one in record["facts"]}


def test_the_first_page_says_what_the_provider_should_have_done() -> None:
    """An answer by the deadline that passed; then it does not say that nothing is to be done."""
    found = told(june(Books(deadlines=DEADLINES), "07-13"))
    first = found.partition("What was not kept, and why")[0]
    assert "What the provider should have done: Since What Of How much " in first
    assert "Sun 12 Jul 2026 12:00 answering the claim C-1 (claim answer)" in first
    assert "Nothing is to be done" not in first


def test_what_was_issued_and_is_not_set_off_is_to_be_done() -> None:
    """Also at the very instant of its issue, and while its invoice is to come: nobody waits for it yet."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    assert june(books, "07-03").record["waiting"] == []
    assert "Nothing is to be done" not in told(june(books, "07-03"))
    assert "Nothing is to be done" not in told(june(books, "07-04"))
    kept = statement(Books().folder(), "c1", "2026-05", on("07-03"))
    assert "Nothing is to be done" in told(kept)


def test_a_late_filing_is_no_broken_promise() -> None:
    """The customer filed a day late: it stands with the claim, and is counted neither here nor there."""
    books = Books(deadlines=DEADLINES)
    books.decide("07-05", "rejected")
    found = june(books, "07-20")
    record: Record = statement(books.folder(), "c1", "2026", on("07-20")).record
    (filing,) = [one for one in record["verdicts"] if one["commitment"] == "claim filing"]
    assert filing["state"] == "missed"
    assert (record["summary"]["missed"], record["summary"]["breached"]) == (0, 1)
    shown = told(Statement.of(record))
    assert "What the customer had to do: Claim Deadline State Due Done C-1 claim filing missed" in shown
    assert "missed claim filing" not in shown.partition("Month by month")[0]
    assert found.record["summary"]["breached"] == 1

    report = evaluate(books.folder(), on("07-20"))
    verdicts = [Numbered(*one) for one in report.numbered()]
    of_customer = [one for one in verdicts if is_of_customer(one.terms, one.verdict)]
    assert [one.verdict.key.commitment for one in of_customer] == ["claim filing"]
    assert not any(is_promise(one.terms, one.verdict) for one in of_customer)
    assert "0 missed" in "\n".join(lines_of(summary(verdicts, [], report.at)))


def test_what_is_not_issued_has_no_number_and_stands_with_its_own_period() -> None:
    """A proposal would get one if it were issued now; the statement of another month knows nothing of it."""
    books = Books()
    books.decide("07-03", "accepted")
    (memo,) = june(books, "07-04").record["memos"]
    assert (memo["status"], memo["number"], memo["issued_on"]) == ("proposed", "", "")
    july = statement(books.folder(), "c1", "2026-07", on("07-04")).record
    assert [one["subject"] for one in july["memos"]] == ["2026-07"]
    assert [one["what"] for one in july["waiting"]] == ["issue"]


def test_what_a_memo_will_be_is_not_known_before_its_base_is() -> None:
    """July runs and its invoice is to come: neither nothing nor an amount."""
    books = Books()
    books.facts += outage(2, "Thu 07-02 00:00", "Thu 07-02 15:00")
    shown = told(statement(books.folder(), "c1", "2026-07", on("07-04")))
    assert "- credit, 2026-07 expected not known the period is not over" in shown
    assert "Bounds not known" in shown


def test_what_is_paid_out_waits_for_no_invoice() -> None:
    """All of 600 is paid out before the first invoice: none carries it any more, in both languages."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    assert books.apply("07-10", 1, "") == 600
    found = june(books, "08-02")
    assert "State Amount 1 none any more" in told(found)
    assert "not issued yet" not in told(found)
    assert "1 geen meer" in told(found, "nl")
