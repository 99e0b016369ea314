"""What later decisions make of a schedule: what was really set off stays, only what they change moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.owing.bill import Invoice
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.owing.parts import Booked, Issued, SetOff
from upheld.core.terms.remedy import Pay
from upheld.core.timeline.instant import DAY, parse_instant
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Grant

from .remedies import invoices
from .test_amounts_instalments import ENDED_AT, JUNE, RULE, THOUSANDS, due, short, total

MORE = invoices(
    *((f"{year}-{month:02}", f"{year + month // 12}-{month % 12 + 1:02}-01", "1000")
      for year, month in [(2026, n) for n in range(7, 13)] + [(2027, n) for n in range(1, 4)])
)  # fmt: skip
CENT = Decimal("0.01")
NOT_RECLAIMED = "and the 400.00 EUR given before is not reclaimed"


def on(day: str) -> int:
    """Noon of a day."""
    return parse_instant(f"{day}T12:00:00Z")


def decided(
    *grants: tuple[str, str | None],
    pay: Pay | None = None,
    base: str = "1000",
    set_off: tuple[tuple[str, str, str], ...] = (),
    issued: str = "0",
) -> Owed:
    """What is owed for June: 60 % of the invoice, decided on each day; None: as it was computed.

    `set_off` is what really was: day, amount, month of the invoice (none: paid out).
    """
    told = tuple(Grant(on(day), None if amount is None else Decimal(amount)) for day, amount in grants)
    given = [
        SetOff(on(day), Decimal(amount).quantize(CENT), month and f"I-2026-{month}")
        for day, amount, month in set_off
    ]
    documents = (Issued(JUNE.end_at, Decimal(issued)),) if Decimal(issued) else ()
    books = Booked(documents, tuple(given))
    return due(base)._replace(remedy=replace(RULE, pay=pay or Pay(3)), grants=told, booked=books)


TWO_OF_THREE = (("2026-08-02", "200", "07"), ("2026-09-02", "200", "08"))
"""The first two of three instalments, each set against the invoice that it stood on."""


def planned(owed: Owed, until: str = "2027-12-31", *, ended: bool = False) -> Credit:
    """The credit with its instalments on the invoices until a day."""
    issued = [one for one in MORE if one.at <= on(until)]
    (credit,) = scheduled([owed], issued, ENDED_AT if ended else None)
    return credit


def test_what_stood_on_earlier_invoices_stays() -> None:
    """JUST: 300 of 600 granted, disputed, all of it accepted later: the further 300 come later."""
    partly = planned(decided(("2026-07-15", "300")), "2026-09-10")
    assert short(partly) == [
        (1, "100.00", "2026-07", "applied"), (2, "100.00", "2026-08", "applied"),
        (3, "100.00", "", "planned"),
    ]  # fmt: skip
    whole = decided(("2026-07-15", "300"), ("2026-09-15", None))
    credit = planned(whole)
    assert short(credit) == [
        (1, "100.00", "2026-07", "applied"), (2, "100.00", "2026-08", "applied"),
        (3, "100.00", "2026-09", "applied"), (4, "100.00", "2026-09", "applied"),
        (5, "100.00", "2026-10", "applied"), (6, "100.00", "2026-11", "applied"),
    ]  # fmt: skip
    assert (credit.granted_at, credit.grants) == (on("2026-09-15"), whole.grants)
    assert partly.granted_at == on("2026-07-15")


def test_one_at_a_time_the_further_part_waits() -> None:
    """J8: what is added begins when what was there is paid."""
    credit = planned(decided(("2026-07-15", "300"), ("2026-08-15", "600"), pay=Pay(3, one_at_a_time=True)))
    assert [one.invoice[2:] for one in credit.instalments] == [f"2026-{n:02}" for n in range(7, 13)]


@pytest.mark.parametrize(
    ("lowered", "left", "told"),
    [
        ("450", ["200.00", "200.00", "50.00"], "lowered to 450 EUR, of which 400.00 EUR was given before"),
        ("400", ["200.00", "200.00"], "lowered to 400 EUR, all of which was given before"),
        ("300", ["200.00", "200.00"], f"lowered to 300 EUR, {NOT_RECLAIMED}"),
        ("0", ["200.00", "200.00"], f"nothing more of it is owed, {NOT_RECLAIMED}"),
    ],
)
def test_what_is_taken_comes_off_the_last_instalments(lowered: str, left: list[str], told: str) -> None:
    """What was given by then stays given, and the credit says how much that was."""
    credit = planned(decided(("2026-07-15", None), ("2026-09-15", lowered), set_off=TWO_OF_THREE))
    assert [str(one.amount) for one in credit.instalments] == left
    assert told in credit.reasons
    assert credit.granted_at == on("2026-07-15")


@pytest.mark.parametrize(
    ("lower", "told"), [("300", "only 300 EUR is granted now"), ("0", "nothing more of it is owed")]
)
def test_where_all_was_given_nothing_is_lowered(lower: str, told: str) -> None:
    """600 were paid out, on no invoice: it stays, and nobody says that anything was lowered."""
    paid = (("2026-08-02", "600", ""),)
    credit = planned(decided(("2026-07-15", None), ("2026-09-15", lower), set_off=paid))
    assert total(one.amount for one in credit.instalments) == 600
    assert f"{told}, and the 600.00 EUR given before is not reclaimed" in credit.reasons


@pytest.mark.parametrize(
    ("set_off", "left", "told"),
    [
        ((), ["200.00", "50.00"], ()),
        (
            TWO_OF_THREE[:1],
            ["200.00", "50.00"],
            ("lowered to 250 EUR, of which 200.00 EUR was given before",),
        ),
        (
            (("2026-08-02", "300", "07"),),
            ["200.00", "100.00"],
            ("lowered to 250 EUR, and the 300.00 EUR given before is not reclaimed",),
        ),
        ((("2026-09-16", "200", "08"),), ["150.00", "50.00", "50.00"], ()),
    ],
)
def test_what_is_only_scheduled_was_not_given(
    set_off: tuple[tuple[str, str, str], ...], left: list[str], told: tuple[str, ...]
) -> None:
    """Of 600 two parts of 200 are to stand on invoices when 250 is decided: what was set off stays."""
    credit = planned(decided(("2026-07-15", None), ("2026-09-15", "250"), set_off=set_off))
    assert [str(one.amount) for one in credit.instalments] == left
    assert credit.reasons[len(credit.reasons) - len(told) :] == told


def test_money_is_where_it_was_set_off() -> None:
    """300 are set against the first invoice, where 200 were to stand, and 50 are paid out."""
    set_off = (("2026-08-02", "300", "07"), ("2026-08-20", "50", ""))
    credit = planned(decided(("2026-07-15", None), set_off=set_off), "2026-09-10")
    assert [(*each, one.is_set_off) for each, one in zip(short(credit), credit.instalments, strict=True)] == [
        (1, "200.00", "2026-07", "applied", True), (2, "100.00", "2026-07", "applied", True),
        (2, "50.00", "", "paid out", True), (2, "50.00", "2026-08", "applied", False),
        (3, "200.00", "", "planned", False),
    ]  # fmt: skip


def test_what_is_taken_back_of_what_was_given_is_to_be_given_anew() -> None:
    """200 of 600 were set off, and 50 taken back again: they come on the next invoice."""
    set_off = (("2026-08-02", "200", "07"), ("2026-08-10", "-50", "07"))
    credit = planned(decided(("2026-07-15", None), set_off=set_off), "2026-09-10")
    assert short(credit)[:3] == [
        (1, "150.00", "2026-07", "applied"), (1, "50.00", "2026-08", "carried over"),
        (2, "200.00", "2026-08", "applied"),
    ]  # fmt: skip


def test_what_was_set_off_beyond_what_is_owed_counts_when_that_is_decided() -> None:
    """500 were set off of 300; of the 450 decided later nothing is left to give, and 50 stay given."""
    set_off = (("2026-08-02", "500", "07"),)
    partly = planned(decided(("2026-07-15", "300"), set_off=set_off))
    assert total(one.amount for one in partly.instalments) == 300
    more = planned(decided(("2026-07-15", "300"), ("2026-09-15", "450"), set_off=set_off))
    assert total(one.amount for one in more.instalments) == 500
    assert all(one.is_set_off for one in more.instalments)
    told = "only 450 EUR is granted now, and the 500.00 EUR given before is not reclaimed"
    assert told in more.reasons


def test_what_is_not_known_takes_nothing_back() -> None:
    """300 granted, then all of it: 600 issued. The invoice is withdrawn: 600 stay, in their parts."""
    owed = decided(("2026-07-15", "300"), ("2026-09-15", None), issued="600")
    unknown = replace(owed.credit, state="open", exact=None, amount=None, high=None)
    known, untold = planned(owed), planned(owed._replace(credit=unknown))
    assert short(untold) == short(known)
    first = planned(owed._replace(credit=unknown, booked=Booked()))
    assert total(one.amount for one in first.instalments) == 300


def test_a_decision_that_takes_the_place_of_the_amount_moves_nothing_before_it() -> None:
    """JUST/J12: all of 600, of which 400 are set off, then 500 instead of it: 100 are left, on the next."""
    owed = decided(("2026-07-15", None), ("2026-09-15", "500"), set_off=TWO_OF_THREE)
    told = replace(owed.credit, amount=Decimal(500), exact=Fraction(500))
    credit = planned(owed._replace(credit=told, computed=owed.credit))
    assert [(str(one.amount), one.invoice[2:]) for one in credit.instalments] == [
        ("200.00", "2026-07"), ("200.00", "2026-08"), ("100.00", "2026-09"),
    ]  # fmt: skip


def test_what_is_taken_before_any_invoice_is_gone() -> None:
    """And nothing stands granted any more; a part of it leaves the first instalments."""
    credit = planned(decided(("2026-07-15", None), ("2026-07-20", "0")))
    assert (credit.instalments, credit.granted_at, credit.reasons[1:]) == ((), None, ())
    credit = planned(decided(("2026-07-15", None), ("2026-07-20", "250")))
    assert [str(one.amount) for one in credit.instalments] == ["200.00", "50.00"]


def test_what_was_given_too_much_counts_when_it_is_raised_again() -> None:
    """Lowered to 300 with 400 given, then raised to 700: 300 more are to come, under numbers of their own."""
    grants = ("2026-07-15", None), ("2026-09-15", "300"), ("2026-10-15", "700")
    credit = planned(decided(*grants, set_off=TWO_OF_THREE))
    assert [(one.number, str(one.amount), one.invoice[2:]) for one in credit.instalments] == [
        (1, "200.00", "2026-07"), (2, "200.00", "2026-08"),
        (4, "100.00", "2026-10"), (5, "100.00", "2026-11"), (6, "100.00", "2026-12"),
    ]  # fmt: skip
    assert not [reason for reason in credit.reasons if reason.startswith("lowered to")]
    lowered = planned(decided(*grants[:2], set_off=TWO_OF_THREE))
    assert [reason for reason in lowered.reasons if reason.startswith("lowered to")]


def test_what_waits_for_room_is_taken_first_if_nothing_else_is_left() -> None:
    """An invoice of 50 took 50 of 600; lowered to 100, 50 of what is carried over are left."""
    small = invoices(("2026-07", "2026-08-01", "50"), ("2026-08", "2026-09-01", "1000"))
    owed = decided(("2026-07-15", None), ("2026-08-15", "100"), pay=Pay())
    (credit,) = scheduled([owed], small, None)
    assert short(credit) == [(1, "50.00", "2026-07", "applied"), (1, "50.00", "2026-08", "carried over")]


def test_the_same_again_changes_nothing() -> None:
    """A second decision that says as much as the first leaves every instalment, and when it was granted."""
    once, twice = (
        planned(decided(("2026-07-15", "300"))),
        planned(decided(("2026-07-15", "300"), ("2026-09-15", "300"))),
    )
    assert (once.instalments, once.granted_at) == (twice.instalments, twice.granted_at)


def test_instalments_of_each_invoice_grow_by_their_share() -> None:
    """300 of 600 is 10 % of each of three invoices; the further 300 are 10 % of each of three more."""
    pay = Pay(3, of_each=True)
    credit = planned(decided(("2026-07-15", "300"), ("2026-09-15", "600"), pay=pay))
    assert [str(one.amount) for one in credit.instalments] == ["100.00"] * 6
    lowered = planned(decided(("2026-07-15", "300"), ("2026-09-15", "250"), pay=pay))
    assert [str(one.amount) for one in lowered.instalments] == ["100.00", "100.00", "50.00"]


def test_what_is_left_when_the_contract_ends_is_outstanding_of_every_decision() -> None:
    """Parts of the first and of the second decision that no invoice takes any more."""
    credit = planned(decided(("2026-07-15", "300"), ("2026-08-15", "600")), "2026-08-10", ended=True)
    assert [one.state for one in credit.instalments] == ["applied"] + ["outstanding"] * 5


MONEY = st.integers(0, 150_000).map(lambda cents: Decimal(cents).scaleb(-2))


@given(
    st.lists(st.tuples(MONEY, st.integers(1, 100)), min_size=1, max_size=4),
    st.lists(st.tuples(MONEY, st.integers(1, 60)), max_size=8),
    st.lists(st.tuples(MONEY, st.integers(1, 300), st.none() | st.integers(0, 7)), max_size=4),
    st.integers(1, 4),
)
def test_whatever_is_decided_later_nothing_moves_that_was_set_off_before(
    decisions: list[tuple[Decimal, int]],
    issued: list[tuple[Decimal, int]],
    given: list[tuple[Decimal, int, int | None]],
    count: int,
) -> None:
    """And in all it comes to the last decision, or to what had been given if that was more."""
    at, grants, bills = JUNE.end_at, [], []
    for amount, days in decisions:
        grants.append(Grant(at := at + days * DAY, amount))
    at = JUNE.end_at
    for number, (amount, days) in enumerate(issued):
        at += days * DAY
        bills.append(Invoice(f"I-{number}", at, amount, "EUR", "2026-09", FactRef("b", str(number))))
    issued_at = {one.id: one.at for one in bills}
    parts = [
        SetOff(JUNE.end_at + days * DAY, amount, "" if bill is None else f"I-{bill}")
        for amount, days, bill in sorted(given, key=lambda one: one[1])
        if amount
    ]
    for upto in range(1, len(grants) + 1):
        owed = decided(pay=Pay(count))._replace(
            grants=tuple(grants[:upto]), booked=Booked(set_off=tuple(parts))
        )
        before = owed._replace(grants=owed.grants[:-1])
        (now,), (then,) = scheduled([owed], bills, None), scheduled([before], bills, None)
        by_then = [one for one in parts if max(one.at, issued_at.get(one.invoice, 0)) <= grants[upto - 1].at]
        until = owed._replace(grants=owed.grants[:-1], booked=Booked(set_off=tuple(by_then)))
        (stood,) = scheduled([until], bills, None)
        for one in (one for one in stood.instalments if one.is_set_off):
            of_it = [each for each in now.instalments if each.is_set_off and each[2:4] == one[2:4]]
            assert total(each.amount for each in of_it) >= one.amount
        target = grants[upto - 1].amount
        assert target is not None
        assert total(one.amount for one in now.instalments) == max(
            target, total(one.amount for one in by_then)
        )
        if target >= total(one.amount for one in then.instalments) and not parts:
            assert set(then.instalments) - {one for one in then.instalments if not one.invoice} <= set(
                now.instalments
            )
    for bill in bills:
        stands = [one.amount for one in now.instalments if one.invoice == bill.id and not one.is_set_off]
        full = total(one.amount for one in parts if one.invoice == bill.id)
        assert Fraction(total(stands)) <= max(bill.amount - full, 0)


def test_the_worlds_here_are_those_of_the_schedule() -> None:
    """One decision alone gives what the schedule gave ever since."""
    assert planned(decided(("2026-07-15", None)), "2026-12-02") == scheduled([due()], THOUSANDS, None)[0]
