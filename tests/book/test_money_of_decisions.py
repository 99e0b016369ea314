"""Where the money is after a claim was decided more than once: what was set off stays, the rest follows.

600 EUR are owed for June, in three parts on the invoices after the decision.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.book.claimed import Books, on
from tests.book.stated import outage
from upheld.book.claims import claimable, claims
from upheld.book.evaluate import evaluate
from upheld.book.memos import accruals
from upheld.book.statement import statement
from upheld.core.accounting.booking import apply, issue, void
from upheld.core.stating.restating import owed_minor
from upheld.render.credits import NumberedCredit, in_short

pytestmark = pytest.mark.slow


def test_what_is_lowered_comes_off_the_document_that_has_the_last_parts() -> None:
    """300 issued, then all of 600, then 450: the second document loses 150, and all of 450 is given."""
    books = Books()
    for day, outcome, amount in (
        ("07-03", "partly", 300),
        ("07-04", "accepted", None),
        ("07-05", "partly", 450),
    ):
        books.decide(day, outcome, amount)
        books.issue(day)
    assert books.euros("07-06") == [("issued", 300), ("issued", 300), ("settled", -150)]
    assert [one.open_minor for one in books.memos("07-06")] == [30000, 15000, 0]
    given = []
    for month in ("07", "08", "09"):
        books.invoice(month, f"{int(month) + 1:02}-01")
        given += [books.apply(f"{int(month) + 1:02}-02", revision, f"R-{month}") for revision in (1, 2)]
    assert given == [100, 100, 100, 50, 100, 0]
    assert books.euros("10-05") == [("applied", 300), ("settled", 300), ("settled", -150)]


@pytest.mark.parametrize("is_issued", [False, True])
def test_what_is_due_is_the_same_before_and_after_a_difference_is_issued(is_issued: bool) -> None:
    """300 and 300 are issued and lowered to 450: what is due does not hang on whether the -150 are, too."""
    books = Books()
    for day, outcome, amount in (("07-03", "partly", 300), ("07-04", "accepted", None)):
        books.decide(day, outcome, amount)
        books.issue(day)
    books.decide("07-05", "partly", 450)
    if is_issued:
        books.issue("07-05")
    books.invoice("07", "08-01")
    books.invoice("08", "09-01")
    assert books.due("09-02", "R-07", "R-08") == {1: [100, 100], 2: [100, 50], 3: [0, 0]}


def test_an_amount_that_is_not_known_takes_nothing_back() -> None:
    """300, then all of 600 issued; the invoice of June is withdrawn, and another comes: 540 are owed."""
    books = Books()
    books.decide("07-03", "partly", 300)
    books.issue("07-03")
    books.decide("07-04", "accepted")
    books.issue("07-04")
    books.invoice("07", "08-01")
    before = books.due("08-02", "R-07")
    books.withdraw("08-02", "contract.invoice_issued", invoice="R-06")
    assert books.credit("08-03").state == "open"
    assert books.euros("08-03") == [("issued", 300), ("issued", 300)]
    assert books.due("08-03", "R-07") == before == {1: [100], 2: [100]}
    told = {"invoice": "R-06b", "amount": 900, "currency": "EUR", "month": "2026-06"}
    books.tell("contract.invoice_issued", "07-01", "c1", **told)
    assert books.euros("08-03")[2:] == [("proposed", -60)]


@pytest.mark.parametrize(
    ("more", "parts"), [(450, [200, 200, 50]), (900, [200, 200, 200, 100, 100, 100]), (None, [200] * 3)]
)
def test_an_amount_that_is_not_known_leaves_its_instalments(more: int | None, parts: list[int]) -> None:
    """600, then less or more, is issued; the invoice of June is withdrawn: no instalment is another."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    if more is not None:
        books.decide("07-04", "partly", more)
        books.issue("07-04")
    books.invoice("07", "08-01")
    before = books.credit("08-02").instalments
    assert [int(one.amount) for one in before] == parts
    books.withdraw("08-02", "contract.invoice_issued", invoice="R-06")
    assert books.credit("08-03").state == "open"
    assert books.credit("08-03").instalments == before


def test_what_is_granted_while_its_amount_is_not_known_is_issued_when_it_is() -> None:
    """300 granted and never issued; then all of it, while the invoice is not known: nothing is proposed."""
    books = Books()
    books.decide("07-03", "partly", 300)
    books.decide("07-04", "accepted")
    books.withdraw("07-05", "contract.invoice_issued", invoice="R-06")
    assert books.euros("07-06") == []
    assert sum(one.amount for one in books.credit("07-06").instalments) == 300


def test_what_takes_the_place_of_the_amount_moves_nothing_that_was_set_off() -> None:
    """JUST/J12: all of 600, 200 of it set off, then 500: 300 are left, and what was on the invoice stays."""
    books = Books(decision="final")
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07") == 200
    books.decide("08-10", "partly", 500)
    assert books.credit("08-11").amount == 500
    assert books.parts("08-11") == [(1, 200, "R-07"), (2, 200, ""), (3, 100, "")]
    assert books.euros("08-11") == [("issued", 600), ("proposed", -100)]
    assert [(one.number, one.amount_minor) for one in books.memos("08-11")[1].plan] == [(3, -10000)]


def test_a_correction_after_a_decision_leaves_no_part_without_a_document() -> None:
    """600 are issued and lowered to 300; then the invoice is 1,500: 300 are given, by the same memo."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.decide("07-04", "partly", 300)
    books.issue("07-04")
    books.tell("contract.invoice_corrected", "07-05", "c1", invoice="R-06", amount=1500)
    books.invoice("07", "08-01")
    books.invoice("08", "09-01")
    assert books.euros("09-02") == [("issued", 600), ("settled", -300)]
    assert books.parts("09-02") == [(1, 300, "R-07")]
    assert books.due("09-02", "R-07", "R-08") == {1: [300, 0], 2: [0, 0]}


def test_parts_that_no_document_names_are_of_the_oldest_that_is_open() -> None:
    """200 of 600 are set off, 500 are granted instead; then 450 were computed: nothing is stuck."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.decide("08-03", "partly", 500)
    books.issue("08-03")
    books.tell("contract.invoice_corrected", "08-04", "c1", invoice="R-06", amount=750)
    for month in ("08", "09", "10", "11"):
        books.invoice(month, f"{int(month) + 1:02}-01")
        day = f"{int(month) + 1:02}-02"
        for memo in books.memos(day):
            books.apply(day, memo.revision, f"R-{month}")
    assert sum(one.applied_minor for one in books.memos("12-20")) == 50000
    assert {one.open_minor for one in books.memos("12-20")} == {0}


@pytest.mark.parametrize(("is_issued", "memos"), [(False, []), (True, [("issued", 600), ("proposed", -600)])])
def test_what_is_only_scheduled_was_not_given(is_issued: bool, memos: list[tuple[str, int]]) -> None:
    """All of 600, an invoice on which 200 were to stand, and then it is rejected: nobody set anything off."""
    books = Books()
    books.decide("07-03", "accepted")
    if is_issued:
        books.issue("07-03")
    books.invoice("07", "08-01")
    books.decide("08-10", "rejected")
    assert books.euros("08-11") == memos
    assert books.parts("08-11") == []


def test_only_what_was_really_set_off_stays() -> None:
    """Of 600 in one part 300 are set off on the first invoice; lowered to 200: 300 stay, no cent more."""
    books = Books(parts=1)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07", 300) == 300
    books.decide("08-10", "partly", 200)
    said = "lowered to 200.00 EUR, and the 300.00 EUR given before is not reclaimed"
    assert said in books.credit("08-11").reasons
    assert books.euros("08-11") == [("issued", 600), ("proposed", -300)]
    books.invoice("08", "09-01")
    assert books.due("09-02", "", "R-08")[1] == [0, 0]
    books.issue("09-02")
    assert {one.open_minor for one in books.memos("09-03")} == {0}


def test_what_was_paid_out_is_no_part_of_an_invoice_any_more() -> None:
    """Of 600 all is paid out before the first invoice: nothing is due on it."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    assert books.apply("07-10", 1, "") == 600
    books.invoice("07", "08-01")
    assert [one.state for one in books.credit("08-02").instalments] == ["paid out"] * 3
    assert books.due("08-02", "R-07") == {1: [0]}


@pytest.mark.parametrize("after_end", ["paid out", "lost"])
def test_what_a_final_decision_rejects_is_neither_planned_nor_lost(after_end: str) -> None:
    """JUST/J12: 600 by the numbers, of which the final decision leaves nothing: nothing is to come of it."""
    books = Books(decision="final", after_end=after_end)
    books.decide("07-05", "rejected")
    told = "not owed", 0, (), ("the decision of the provider is final: rejected",)
    credit = books.credit("07-06")
    assert (credit.state, credit.amount, credit.instalments, credit.reasons) == told
    books.tell("contract.ended", "08-20", "c1", on="2026-08-21")
    credit = books.credit("09-03")
    assert (credit.state, credit.amount, credit.instalments, credit.reasons) == told


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        ((300, 300), ("only 300.00 EUR is granted now, and the 400.00 EUR given before is not reclaimed",)),
        ((0, 0), ("nothing more of it is owed, and the 400.00 EUR given before is not reclaimed",)),
        ((300, 400), ()),
        ((500, 500), ()),
        ((500, 300), ("lowered to 300.00 EUR, and the 400.00 EUR given before is not reclaimed",)),
    ],
)
def test_only_what_the_last_decision_lowered_is_told(
    decisions: tuple[int, int], told: tuple[str, ...]
) -> None:
    """400 of 600 are given when less is decided, twice: what the first said of it holds no more."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    for month in ("07", "08"):
        books.invoice(month, f"{int(month) + 1:02}-01")
        assert books.apply(f"{int(month) + 1:02}-02", 1, f"R-{month}") == 200
    for day, amount in zip(("09-10", "09-15"), decisions, strict=True):
        books.decide(day, "partly" if amount else "rejected", amount or None)
    assert books.credit("09-16").reasons == told


@pytest.mark.parametrize(
    ("decisions", "is_given", "owed"),
    [
        ([("07-03", "partly", 900)], False, "0.00"),
        ([("07-03", "partly", 900)], True, "300.00"),
        ([("07-03", "partly", 300)], False, "0.00"),
        ([("07-03", "accepted", None), ("07-08", "partly", 300)], True, "200.00"),
        ([("07-03", "accepted", None), ("07-08", "rejected", None)], True, "200.00"),
        ([("07-03", "rejected", None)], False, "0.00"),
    ],
)
def test_what_is_lost_is_lost_of_what_was_granted(
    decisions: list[tuple[str, str, int | None]], is_given: bool, owed: str
) -> None:
    """The contract ends before the parts had their turn: only what was set off by then is owed, of any grant.

    600 are owed by the numbers; 300 are of the first of three parts of 900, 200 of those of 600.
    """
    books = Books(after_end="lost")
    books.decide(*decisions[0])
    if is_given:
        books.invoice("07", "07-05")
        books.issue("07-05")
        books.apply("07-06", 1, "R-07")
    for later in decisions[1:]:
        books.decide(*later)
    books.tell("contract.ended", "07-10", "c1", on="2026-07-15")
    assert _owed(books, "07-20") == owed
    lost = sum(one.amount for one in books.credit("07-20").instalments if one.state == "lost")
    told = f"the contract has ended and no invoice comes any more, so {lost} EUR is lost"
    assert (told in books.credit("07-20").reasons) is bool(lost)


@pytest.mark.parametrize(
    ("outcome", "amount", "owed"),
    [
        ("accepted", None, "600.00"),
        ("partly", 300, "300.00"),
        ("partly", 900, "900.00"),
        ("rejected", None, "600.00"),
    ],
)
def test_what_was_granted_is_owed(outcome: str, amount: int | None, owed: str) -> None:
    """More or less than the 600 that the numbers give; a claim that was rejected leaves these owed."""
    books = Books()
    books.decide("07-03", outcome, amount)
    assert _owed(books, "07-20") == owed


def _owed(books: Books, day: str) -> str:
    """What is owed for June, which the statement, what it changes, and the first screen all say."""
    record = statement(books.folder(), "c1", "2026-06", on(day)).record
    (told,) = record["money"]["owed"]
    assert told["minor"] == sum(map(owed_minor, record["money"]["credits"]))
    assert told["low"] == told["high"] == f"{told['minor'] // 100}"
    report = evaluate(books.folder(), on(day))
    numbered = [NumberedCredit(*one) for one in report.numbered_credits()]
    said = "nothing" if not told["minor"] else f"{told['amount']} EUR"
    assert in_short(numbered, promises_money=True).partition(". ")[0] == f"Owed: {said}"
    return str(told["amount"])


@pytest.mark.parametrize(("outcome", "amount"), [("accepted", None), ("partly", 300)])
@pytest.mark.parametrize(
    ("is_taken_back", "parts", "memos"),
    [
        (True, [300], [("applied", 600), ("issued", -300)]),
        (False, [300, 300], [("applied", 600)]),
    ],
)
def test_a_decision_of_what_is_computed_comes_to_the_same_in_whatever_words(
    is_taken_back: bool, parts: list[int], memos: list[tuple[str, int]], outcome: str, amount: int | None
) -> None:
    """600 are given, then corrected to 300, and that is decided: what no document took back stays."""
    books = Books(parts=1)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.tell("contract.invoice_corrected", "08-10", "c1", invoice="R-06", amount=500)
    if is_taken_back:
        books.issue("08-11")
    books.decide("08-12", outcome, amount)
    assert books.euros("08-13") == memos
    assert [int(one.amount) for one in books.credit("08-13").instalments] == parts


def test_a_void_memo_does_not_make_what_was_given_less() -> None:
    """300 are given, 500 issued, taken back to 300; then the memo of what was more is voided.

    Its correction is left of it. By the decisions after it the 300 stay given, and nothing is added.
    """
    books = Books(parts=1)
    books.decide("07-03", "partly", 300)
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07") == 300
    books.decide("08-03", "partly", 500)
    books.issue("08-03")
    books.decide("08-04", "partly", 100)
    books.issue("08-04")
    assert books.euros("08-05") == [("applied", 300), ("settled", 200), ("settled", -200)]
    books.facts.append(void(books.memos("08-05")[1], "a slip", on("08-05")))
    books.decide("08-06", "partly", 50)
    books.issue("08-06")
    books.decide("08-07", "partly", 40)
    after = [("applied", 300), ("voided", 200), ("settled", -200), ("settled", 200)]
    assert books.euros("08-08") == after
    assert books.parts("08-08") == [(1, 300, "R-07")]


def test_what_is_in_one_part_is_due_where_the_schedule_puts_it() -> None:
    """Of 600 there is room for 250 on the first invoice; the other 350 are due on the second, no more."""
    books = Books(parts=1)
    books.decide("07-03", "accepted")
    books.issue("07-03")
    assert books.due("07-04", "R-06") == {1: [0]}, "it was issued before the decision"
    books.invoice("07", "08-01", 250)
    books.invoice("08", "09-01")
    assert books.parts("09-02") == [(1, 250, "R-07"), (1, 350, "R-08")]
    assert books.due("09-02", "R-06", "R-07", "R-08") == {1: [0, 250, 350]}
    assert [books.apply("09-02", 1, "R-08"), books.apply("09-03", 1, "R-07")] == [350, 250]


def test_what_is_left_of_a_part_is_due_on_the_next_invoice() -> None:
    """Of 200 due on the first 50 are set off: 150 are due with the 200 of the next one, and none is stuck."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    assert books.apply("08-02", 1, "R-07", 50) == 50
    assert books.due("08-03", "R-07") == {1: [0]}
    assert [(one.amount, one.state) for one in books.credit("08-03").instalments[:2]] == [
        (50, "applied"),
        (150, "due"),
    ]
    books.invoice("08", "09-01")
    assert books.apply("09-02", 1, "R-08") == 350
    books.invoice("09", "10-01", 120)
    assert books.apply("10-02", 1, "R-09") == 120
    books.invoice("10", "11-01")
    assert books.apply("11-02", 1, "R-10") == 80
    assert books.euros("11-05") == [("applied", 600)]


def test_what_has_no_room_left_on_an_invoice_is_due_on_the_next() -> None:
    """July comes off the same invoice with more than was to stand there: June has room for 400 of its 600."""
    books = Books(parts=1)
    books.facts += outage(9, "Mon 07-13 00:00", "Mon 07-13 15:00")
    books.decide("07-03", "accepted")
    books.invoice("07", "08-01", 900)
    books.tell("claim.filed", "08-02", "C-2", about="2026-07")
    books.decide("08-03", "accepted", claim="C-2")
    books.facts += [issue(one) for one in books.found("08-03").memos if one.status == "proposed"]
    june, july = (one for one in books.found("08-04").memos if one.status == "issued")
    assert (june.subject, july.subject, july.net_minor) == ("2026-06", "2026-07", 54000)
    assert books.parts("08-04") == [(1, 600, "R-07")]
    books.facts.append(apply(july, 50000, "R-07", on("08-04")))
    assert books.parts("08-05") == [(1, 400, "R-07"), (1, 200, "")]
    books.invoice("08", "09-01")
    assert books.due("09-02", "R-07", "R-08") == {1: [400, 200]}


def test_documents_of_one_credit_share_an_invoice_and_each_carries_its_own_over() -> None:
    """200 and 100 of two documents are due on each invoice: of the first 50 are set off, of the other all."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.tell("contract.invoice_corrected", "07-10", "c1", invoice="R-06", amount=1500)
    books.issue("07-11")
    books.invoice("07", "08-01")
    assert [books.apply("08-02", 1, "R-07", 50), books.apply("08-03", 2, "R-07")] == [50, 100]
    books.invoice("08", "09-01")
    assert books.due("09-02", "R-07", "R-08") == {1: [0, 350], 2: [0, 100]}


def test_what_an_invoice_had_room_for_is_not_lost_with_the_end() -> None:
    """`after end: lost`: 50 of the 200 due on the last invoice are set off; the other 150 are still owed."""
    books = Books(after_end="lost")
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07", 50)
    books.tell("contract.ended", "08-10", "c1")
    parts = [(one.amount, one.state) for one in books.credit("08-11").instalments]
    assert parts == [(50, "applied"), (150, "outstanding"), (200, "lost"), (200, "lost")]


def test_no_part_is_due_on_an_invoice_of_a_month_that_it_is_not_for() -> None:
    """`starts: following month`: an invoice of May that comes late takes nothing, that of July does."""
    books = Books(parts=1, starts="following month")
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.invoice("05", "07-05")
    assert books.due("07-06", "R-06", "R-05") == {1: [0, 0]}
    books.invoice("07", "08-01")
    assert books.due("08-02", "R-05", "R-07") == {1: [0, 600]}


def test_what_a_correction_adds_is_due_with_the_parts_it_is_spread_over() -> None:
    """600 in three parts are issued, then 900 are owed: 300 are due on each invoice, of both documents."""
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.tell("contract.invoice_corrected", "07-10", "c1", invoice="R-06", amount=1500)
    books.issue("07-11")
    given = []
    for month in ("07", "08", "09"):
        books.invoice(month, f"{int(month) + 1:02}-01")
        day = f"{int(month) + 1:02}-02"
        assert sum(each[0] for each in books.due(day, f"R-{month}").values()) == 300
        given.append([books.apply(day, revision, f"R-{month}") for revision in (1, 2)])
    assert given == [[200, 100], [200, 100], [200, 100]]
    assert books.euros("10-05") == [("applied", 600), ("applied", 300)]


@pytest.mark.parametrize(("first", "second"), [("C-1", "C-2"), ("C-2", "C-1")])
def test_the_claim_decided_first_gives_the_credit_and_the_other_nothing(first: str, second: str) -> None:
    """300 of 600 on one claim, then all of it on the other, be it filed before: 300 are given, by the first.

    The other grants nothing, and the document is not its own, until the first is rejected after a dispute.
    """
    books = Books()
    books.tell("claim.filed", "07-02", "C-2", about="2026-06")
    books.decide("07-03", "partly", 300, first)
    books.decide("07-04", "accepted", claim=second)
    assert books.euros("07-05") == [("proposed", 300)]
    books.issue("07-05")
    assert _claims(books, "07-06") == {
        first: ("credited", 300, "", "set the credit off"),
        second: ("accepted", 0, first, "nothing"),
    }
    books.decide("07-07", "rejected", claim=first)
    rest = "issue what differs from what was issued"
    assert _claims(books, "07-08") == {
        first: ("rejected", 0, second, rest),
        second: ("credited", 600, "", rest),
    }
    assert books.euros("07-08") == [("issued", 300), ("proposed", 300)]


def test_what_can_be_claimed_names_the_claim_under_which_it_is_given() -> None:
    """C-1 is rejected, C-2 accepted and issued, then C-1 accepted, too: it stands beside C-2."""
    books = Books()
    books.decide("07-05", "rejected")
    books.tell("claim.filed", "07-07", "C-2", about="2026-06")
    books.decide("07-10", "accepted", claim="C-2")
    books.issue("07-11")
    books.decide("07-20", "accepted")
    assert _claims(books, "07-21")["C-1"] == ("accepted", 0, "C-2", "nothing")
    folder = books.folder()
    found = claimable(folder, evaluate(folder, on("07-21")))
    assert [(one.about, one.standing, one.claim) for one in found] == [("2026-06", "claimed", "C-2")]


def _claims(books: Books, day: str) -> dict[str, tuple[str, Decimal | None, str, str]]:
    """Of each claim its state, what is granted, beside which it stands, and what comes next."""
    found = claims(books.folder(), evaluate(books.folder(), on(day)))
    return {
        one.claim.id: (one.claim.state, one.claim.granted, one.claim.beside, one.next.what) for one in found
    }


def test_what_a_final_word_refused_may_come_as_long_as_that_is_disputed() -> None:
    """Rejected, it is not to come; disputed, it is at most what the numbers give, and no more is said."""
    books = Books(decision="final")
    books.decide("07-03", "rejected")

    def to_come(day: str) -> list[tuple[int, int | None, int | None]]:
        found = accruals(books.folder(), books.found(day), "2026-06", "c1", 10, 1)
        return [(one.least_minor, one.most_minor, one.expected_minor) for one in found]

    assert to_come("07-04") == []
    books.tell("claim.disputed", "07-05", "C-1", actor="Ann")
    assert to_come("07-06") == [(0, 60000, None)]
    (memo,) = books.memos("07-06")
    assert memo.reasons[-1] == "that is disputed"
    books.decide("07-07", "rejected")
    assert to_come("07-08") == []


def test_what_was_granted_of_a_claim_that_is_about_no_credit_any_more_is_money() -> None:
    """The claim is corrected to be about a month of last year: 300 were granted, and no days of service."""
    books = Books()
    books.decide("07-03", "partly", 300)
    filed = next(one for one in books.facts if one.type == "claim.filed")
    corrects = {"source": filed.source, "id": filed.id}
    replacement = {"data": {"about": "2025-06", "contract": "c1"}}
    told = {"corrects": corrects, "by": "Ines", "reason": "a slip", "replacement": replacement}
    books.tell("correction.replaced", "07-05", "C-1", **told)
    (claim,) = claims(books.folder(), evaluate(books.folder(), on("07-06")))
    assert (claim.claim.credits, claim.claim.granted, claim.claim.currency) == ((), 300, "EUR")
