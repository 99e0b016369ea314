"""What later decisions make of a schedule: what stood on an invoice stays, only what they change moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.owing.bill import Invoice
from upheld.core.owing.instalments import Owed, scheduled
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


def on(day: str) -> int:
    """Noon of a day."""
    return parse_instant(f"{day}T12:00:00Z")


def decided(*grants: tuple[str, str | None], pay: Pay | None = None, base: str = "1000") -> Owed:
    """What is owed for June: 60 % of the invoice, decided on each day; None: as it was computed."""
    told = tuple(Grant(on(day), None if amount is None else Decimal(amount)) for day, amount in grants)
    return due(base)._replace(remedy=replace(RULE, pay=pay or Pay(3)), grants=told)


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
        ("450", ["200.00", "200.00", "50.00"], "lowered to 450 EUR when 400.00 EUR of it stood on invoices"),
        ("400", ["200.00", "200.00"], "lowered to 400 EUR when 400.00 EUR of it stood on invoices"),
        ("300", ["200.00", "200.00"], "lowered to 300 EUR when 400.00 EUR of it stood on invoices"),
        ("0", ["200.00", "200.00"], "lowered to 0 EUR when 400.00 EUR of it stood on invoices"),
    ],
)
def test_what_is_taken_comes_off_the_last_instalments(lowered: str, left: list[str], told: str) -> None:
    """What was given by then stays given, and the credit says how much that was."""
    credit = planned(decided(("2026-07-15", None), ("2026-09-15", lowered)))
    assert [str(one.amount) for one in credit.instalments] == left
    assert any(reason.startswith(told) for reason in credit.reasons)
    assert credit.granted_at == on("2026-07-15")


def test_what_is_taken_before_any_invoice_is_gone() -> None:
    """And nothing stands granted any more; a part of it leaves the first instalments."""
    credit = planned(decided(("2026-07-15", None), ("2026-07-20", "0")))
    assert (credit.instalments, credit.granted_at, credit.reasons[1:]) == ((), None, ())
    credit = planned(decided(("2026-07-15", None), ("2026-07-20", "250")))
    assert [str(one.amount) for one in credit.instalments] == ["200.00", "50.00"]


def test_what_was_given_too_much_counts_when_it_is_raised_again() -> None:
    """Lowered to 300 with 400 given, then raised to 700: 300 more are to come, under numbers of their own."""
    credit = planned(decided(("2026-07-15", None), ("2026-09-15", "300"), ("2026-10-15", "700")))
    assert [(one.number, str(one.amount), one.invoice[2:]) for one in credit.instalments] == [
        (1, "200.00", "2026-07"), (2, "200.00", "2026-08"),
        (4, "100.00", "2026-10"), (5, "100.00", "2026-11"), (6, "100.00", "2026-12"),
    ]  # fmt: skip


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
    st.integers(1, 4),
)
def test_whatever_is_decided_later_nothing_moves_that_stood_before(
    decisions: list[tuple[Decimal, int]], issued: list[tuple[Decimal, int]], count: int
) -> None:
    """And in all it comes to the last decision, or to what had been given if that was more."""
    at, grants, bills = JUNE.end_at, [], []
    for amount, days in decisions:
        grants.append(Grant(at := at + days * DAY, amount))
    at = JUNE.end_at
    for number, (amount, days) in enumerate(issued):
        at += days * DAY
        bills.append(Invoice(f"I-{number}", at, amount, "EUR", "2026-09", FactRef("b", str(number))))
    for upto in range(1, len(grants) + 1):
        owed = decided(pay=Pay(count))._replace(grants=tuple(grants[:upto]))
        before = owed._replace(grants=owed.grants[:-1])
        (now,), (then,) = scheduled([owed], bills, None), scheduled([before], bills, None)
        last_at = grants[upto - 1].at
        stood = [one for one in then.instalments if one.at is not None and one.at <= last_at]
        assert [one for one in now.instalments if one.at is not None and one.at <= last_at] == stood
        target = grants[upto - 1].amount
        assert target is not None
        assert total(one.amount for one in now.instalments) == max(target, total(one.amount for one in stood))
    for bill in bills:
        assert Fraction(total(one.amount for one in now.instalments if one.invoice == bill.id)) <= bill.amount


def test_the_worlds_here_are_those_of_the_schedule() -> None:
    """One decision alone gives what the schedule gave ever since."""
    assert planned(decided(("2026-07-15", None)), "2026-12-02") == scheduled([due()], THOUSANDS, None)[0]
