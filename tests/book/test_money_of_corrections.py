"""Where the money is after what was computed was corrected: every document has its part of each instalment.

600 EUR are owed for June, 60 % of the invoice, in three parts of 200 on the invoices after the decision.
"""

from __future__ import annotations

import pytest

from tests.book.claimed import Books
from upheld.core.values.frozen import replace


def _corrected(*, is_old: bool = False) -> Books:
    """600 are issued, then the invoice of June is 2,000: 1,200 are owed, and 600 more are issued.

    `is_old`: by a version whose document says that this is one part, on the next invoice.
    """
    books = Books()
    books.decide("07-03", "accepted")
    books.issue("07-03")
    books.tell("contract.invoice_corrected", "07-10", "c1", invoice="R-06", amount=2000)
    books.issue("07-11")
    if is_old:
        last = books.facts[-1]
        plan = [{"number": 1, "amount_minor": 60000, "invoice": ""}]
        document = {**last.data["document"], "plan": plan}  # type: ignore[dict-item]  # it is an object
        books.facts[-1] = replace(last, data={**last.data, "document": document})
    return books


def test_a_correction_has_its_part_of_each_instalment() -> None:
    """1,200 in three parts of 400, of which the first document has 200 each: so has the second."""
    plans = [[(one.number, one.amount_minor) for one in memo.plan] for memo in _corrected().memos("07-12")]
    assert plans == [[(1, 20000), (2, 20000), (3, 20000)]] * 2


def test_a_correction_downwards_takes_of_each_instalment() -> None:
    """1,200 become 300, three parts of 100: of the 400 of each instalment 300 are taken off."""
    books = _corrected()
    books.tell("contract.invoice_corrected", "07-12", "c1", invoice="R-06", amount=500)
    (_, _, memo) = books.memos("07-13")
    assert [(one.number, one.amount_minor) for one in memo.plan] == [(1, -30000), (2, -30000), (3, -30000)]
    books.invoice("07", "08-01")
    assert sum(each[0] for each in books.due("08-02", "R-07").values()) == 100


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("is_decided_again", [False, True])
def test_an_amount_that_is_not_known_leaves_a_correction_spread(is_decided_again: bool, is_old: bool) -> None:
    """The invoice of June is withdrawn: be it decided once or twice, 400 of 1,200 are on each invoice."""
    books = _corrected(is_old=is_old)
    if is_decided_again:
        books.decide("07-15", "accepted")
    books.withdraw("07-20", "contract.invoice_issued", invoice="R-06")
    books.invoice("07", "08-01", 2000)
    assert books.credit("08-02").state == "open"
    assert books.parts("08-02") == [(1, 400, "R-07"), (2, 400, ""), (3, 400, "")]
    assert books.due("08-02", "R-07") == {1: [200], 2: [200]}


def _used_for_less(*, is_old: bool) -> Books:
    """On R-07 all is set off; on R-08 the 200 of the first document, and 40 of the 200 of the second."""
    books = _corrected(is_old=is_old)
    books.invoice("07", "08-01", 2000)
    assert [books.apply("08-02", 1, "R-07"), books.apply("08-02", 2, "R-07")] == [200, 200]
    books.invoice("08", "09-01", 2000)
    assert [books.apply("09-02", 1, "R-08"), books.apply("09-02", 2, "R-08", 40)] == [200, 40]
    return books


@pytest.mark.parametrize("is_old", [False, True])
def test_a_correction_that_was_used_for_less_carries_over(is_old: bool) -> None:
    """160 are left of the second document on R-08, and come with its 200 of R-09; the first has 200 there."""
    books = _used_for_less(is_old=is_old)
    assert books.parts("09-03") == [
        (1, 200, "R-07"),
        (1, 200, "R-07"),
        (2, 200, "R-08"),
        (2, 40, "R-08"),
        (2, 160, ""),
        (3, 400, ""),
    ]
    books.invoice("09", "10-01", 2000)
    assert books.due("10-02", "R-08", "R-09") == {1: [0, 200], 2: [0, 360]}
    assert [books.apply("10-03", 1, "R-09"), books.apply("10-03", 2, "R-09")] == [200, 360]
    assert books.euros("10-05") == [("applied", 600), ("applied", 600)]


@pytest.mark.parametrize("is_old", [False, True])
def test_what_an_invoice_had_room_for_of_a_correction_is_paid_out_with_the_end(is_old: bool) -> None:
    """The contract ends after R-08: 160 that were left there and the 400 of the third part are paid out."""
    books = _used_for_less(is_old=is_old)
    books.tell("contract.ended", "09-20", "c1", on="2026-09-21")
    left = [(one.amount, one.state) for one in books.credit("10-03").instalments if not one.is_set_off]
    assert left == [(160, "outstanding"), (400, "outstanding")]
    assert books.due("10-03", "") == {1: [200], 2: [360]}
