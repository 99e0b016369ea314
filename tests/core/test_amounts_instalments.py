"""The schedule of credits over invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.owing.bill import Invoice
from upheld.core.owing.credits import credit_of
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.terms.remedy import Base, Pay, RemedyRule
from upheld.core.timeline.instant import DAY, parse_instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Grant, Instalment

from .remedies import JUNE, KEY, bands, bill, invoices, level, measured, percent, total, verdict

RULE = RemedyRule("credit", "uptime", bands((None, "90", "60")), base=Base("invoice"), pay=Pay(3))
ENDED_AT = parse_instant("2026-12-01T00:00:00Z")
THOUSANDS = invoices(
    ("2026-07", "2026-08-01", "1000"), ("2026-08", "2026-09-01", "1000"), ("2026-09", "2026-10-01", "1000"),
    ("2026-10", "2026-11-01", "1000"), ("2026-11", "2026-12-01", "1000"),
)  # fmt: skip


def due(base: str = "1000", on: str | None = "2026-07-15", value: str = "89.9") -> Owed:
    """What is owed for June, determined on a day."""
    found = verdict(measured(percent(value), counted=1000), level("90"))
    grants = () if on is None else (Grant(parse_instant(f"{on}T12:00:00Z"), None),)
    return Owed(RULE, credit_of(RULE, KEY, found, bill(base)), grants, JUNE)


def plan(
    pay: Pay, owed: Sequence[Owed], issued: Sequence[Invoice], *, ended: bool = False
) -> tuple[Credit, ...]:
    """The credits with their instalments."""
    owed = [each._replace(remedy=replace(RULE, pay=pay)) for each in owed]
    return scheduled(owed, issued, ENDED_AT if ended else None)


def short(credit: Credit) -> list[tuple[int, str, str, str]]:
    """Its instalments: number, amount, month of the invoice, state."""
    return [(one.number, str(one.amount), one.invoice[2:], one.state) for one in credit.instalments]


def test_just_three_instalments() -> None:
    """JUST-4.1: an invoice of 1,000 at 89.9 % gives 200 on each of the next three invoices."""
    (credit,) = plan(Pay(3), [due()], THOUSANDS)
    assert short(credit) == [
        (1, "200.00", "2026-07", "applied"),
        (2, "200.00", "2026-08", "applied"),
        (3, "200.00", "2026-09", "applied"),
    ]
    assert credit.instalments[0].at == THOUSANDS[0].at


def test_a_credit_says_when_it_was_granted() -> None:
    """One that is owed has the instant of its decision; one that is not, or not yet decided, has none."""
    (granted,) = plan(Pay(3), [due()], THOUSANDS)
    assert granted.granted_at == parse_instant("2026-07-15T12:00:00Z")
    assert [plan(Pay(3), [one], ())[0].granted_at for one in (due(on=None), due(value="95"))] == [None, None]


def test_just_three_breaches_in_a_row() -> None:
    """JUST/J8: three months at 1,000, each determined before the next invoice: the third one carries 600."""
    owed = [due(on=on) for on in ("2026-07-15", "2026-08-15", "2026-09-15")]
    found = plan(Pay(3), owed, THOUSANDS)
    september = [one.amount for credit in found for one in credit.instalments if one.invoice == "I-2026-09"]
    assert september == [Decimal("200.00")] * 3


def test_just_carry_over() -> None:
    """JUST/J8: no invoice falls below nothing; the rest is first on the next one."""
    small = [THOUSANDS[0], THOUSANDS[1]._replace(amount=Decimal(150)), *THOUSANDS[2:]]
    (credit,) = plan(Pay(3), [due()], small)
    assert short(credit)[1:] == [
        (2, "150.00", "2026-08", "applied"),
        (2, "50.00", "2026-09", "carried over"),
        (3, "200.00", "2026-09", "applied"),
    ]


def test_just_the_customer_leaves() -> None:
    """JUST/J9: what no invoice took is outstanding at the contract's end, or lost if that is agreed."""
    (credit,) = plan(Pay(3), [due()], THOUSANDS[:2], ended=True)
    assert short(credit)[2] == (3, "200.00", "", "outstanding")
    (credit,) = plan(Pay(3, after_end="lost"), [due()], THOUSANDS[:2], ended=True)
    assert short(credit)[2] == (3, "200.00", "", "lost")


def test_just_the_other_reading_of_each() -> None:
    """JUST/J7: 20 % of each following invoice, not of the month's; those to come are taken at the base."""
    other = [THOUSANDS[0]._replace(amount=Decimal(500)), THOUSANDS[1]._replace(amount=Decimal("1200.10"))]
    (credit,) = plan(Pay(3, of_each=True), [due()], other)
    assert [(one.amount, one.state) for one in credit.instalments] == [
        (Decimal("100.00"), "applied"), (Decimal("240.02"), "applied"), (Decimal("200.00"), "planned"),
    ]  # fmt: skip
    assert credit.amount == Decimal("540.02")


def test_before_the_determination_it_is_a_plan() -> None:
    """SIVO/S15: nothing stands on an invoice before the decision; the parts are numbered."""
    (credit,) = plan(Pay(3), [due(on=None)], THOUSANDS)
    assert short(credit) == [(n, "200.00", "", "planned") for n in (1, 2, 3)]
    (credit,) = plan(Pay(3), [due(on=None)], THOUSANDS, ended=True)
    assert {one.state for one in credit.instalments} == {"planned"}


def test_an_invoice_issued_with_the_determination_is_not_after_it() -> None:
    """The first instalment is on the first invoice issued after the determination."""
    owed = due()._replace(grants=(Grant(THOUSANDS[0].at, None),))
    assert short(plan(Pay(), [owed], THOUSANDS)[0]) == [(1, "600.00", "2026-08", "applied")]


def test_from_the_following_month() -> None:
    """An invoice of the month itself that is issued after the decision is passed over."""
    june = invoices(("2026-06", "2026-07-20", "1000"))
    assert short(plan(Pay(), [due()], june + THOUSANDS)[0])[0][2] == "2026-06"
    assert short(plan(Pay(starts="following month"), [due()], june + THOUSANDS)[0])[0][2] == "2026-07"


def test_one_at_a_time() -> None:
    """JUST/J8, the other reading: the second credit begins when the first is paid."""
    owed = [due(on="2026-07-15"), due(on="2026-08-15")]
    first, second = plan(Pay(2, one_at_a_time=True), owed, THOUSANDS)
    assert [one.invoice[2:] for one in first.instalments] == ["2026-07", "2026-08"]
    assert [one.invoice[2:] for one in second.instalments] == ["2026-09", "2026-10"]


def test_one_at_a_time_waits_for_what_is_carried_over() -> None:
    """While a rest of the first credit waits for room, the second does not begin."""
    small = [invoice._replace(amount=Decimal(400)) for invoice in THOUSANDS]
    owed = [due(on="2026-07-15"), due(on="2026-07-16")]
    first, second = plan(Pay(1, one_at_a_time=True), owed, small)
    assert [(one.amount, one.invoice[2:]) for one in first.instalments] == [
        (400, "2026-07"),
        (200, "2026-08"),
    ]
    assert second.instalments[0].invoice == "I-2026-09"


def test_a_floor() -> None:
    """With a floor of half the invoice, 600 on an invoice of 1,000 leaves 100 for the next."""
    (credit,) = plan(Pay(floor=Fraction(1, 2)), [due()], THOUSANDS[:2])
    assert [one.amount for one in credit.instalments] == [500, 100]


def test_remedies_share_the_room_on_an_invoice() -> None:
    """J8: two remedies of 600 each on an invoice of 1,000: the later determined one carries 200 over."""
    other = replace(RULE, name="late answers", pay=Pay())
    uptime, answers = due(on="2026-07-15"), due(on="2026-07-10")
    owed = [uptime._replace(remedy=replace(RULE, pay=Pay())), answers._replace(remedy=other)]
    first, second = scheduled(owed, THOUSANDS, None)
    assert short(first) == [(1, "400.00", "2026-07", "applied"), (1, "200.00", "2026-08", "carried over")]
    assert short(second) == [(1, "600.00", "2026-07", "applied")]


def test_each_remedy_keeps_its_own_floor() -> None:
    """What another remedy has put on an invoice may be below the floor of this one: then it waits."""
    careful = replace(RULE, name="late answers", pay=Pay(floor=Fraction(1, 2)))
    owed = [due(on="2026-07-10")._replace(remedy=replace(RULE, pay=Pay())), due()._replace(remedy=careful)]
    _, second = scheduled(owed, THOUSANDS, None)
    assert short(second) == [
        (1, "500.00", "2026-08", "carried over"),
        (1, "100.00", "2026-09", "carried over"),
    ]


def test_one_at_a_time_is_within_one_remedy() -> None:
    """A credit of another remedy does not wait for it."""
    slow = replace(RULE, name="late answers", pay=Pay(2, one_at_a_time=True))
    owed = [due(on="2026-07-10")._replace(remedy=slow), due()._replace(remedy=replace(RULE, pay=Pay()))]
    first, second = scheduled(owed, THOUSANDS, None)
    assert [one.invoice[2:] for one in first.instalments] == ["2026-07", "2026-08"]
    assert short(second) == [(1, "600.00", "2026-07", "applied")]


def test_a_turn_that_found_no_room_is_due() -> None:
    """An invoice of nothing takes nothing: the instalment is due, and waits."""
    (credit,) = plan(Pay(), [due()], [THOUSANDS[0]._replace(amount=Decimal(-5))])
    assert short(credit) == [(1, "600.00", "", "due")]


def test_an_invoice_in_another_currency_takes_nothing() -> None:
    """Euros do not stand on an invoice in dollars."""
    (credit,) = plan(Pay(), [due()], [THOUSANDS[0]._replace(currency="USD"), THOUSANDS[1]])
    assert short(credit)[0][2] == "2026-08"


@pytest.mark.parametrize(("base", "value"), [("1000", "90"), ("0", "80")])
def test_what_is_not_owed_has_no_instalments(base: str, value: str) -> None:
    """Neither a kept promise nor an amount of nothing is paid in parts."""
    (credit,) = plan(Pay(3), [due(base, value=value)], THOUSANDS)
    assert credit.instalments == ()


def test_the_last_instalment_takes_the_rest() -> None:
    """A hundred in three parts: 33.33, 33.33, 33.34."""
    (credit,) = plan(Pay(3), [due("166.67")], THOUSANDS)
    assert credit.amount == Decimal("100.00")
    assert [one.amount for one in credit.instalments] == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]


CENTS = st.integers(0, 200_000).map(lambda cents: Decimal(cents).scaleb(-2))


@given(
    st.lists(st.tuples(CENTS, st.none() | st.integers(0, 200)), max_size=5),
    st.lists(st.tuples(CENTS, st.integers(0, 200)), max_size=8),
    st.integers(1, 6),
    st.fractions(0, 1, max_denominator=10),
    st.booleans(),
    st.booleans(),
)
def test_instalments_add_up_and_no_invoice_passes_its_floor(
    owing: list[tuple[Decimal, int | None]],
    issued: list[tuple[Decimal, int]],
    count: int,
    floor: Fraction,
    one_at_a_time: bool,
    ended: bool,
) -> None:
    """Whatever comes: each credit's instalments are its amount, and each invoice keeps its floor."""
    pay = Pay(count, floor=floor, one_at_a_time=one_at_a_time)
    owed = [
        Owed(
            RULE,
            replace(due().credit, amount=amount, exact=Fraction(amount)),
            () if day is None else (Grant(JUNE.end_at + day * DAY, None),),
            Period(JUNE.start_at, JUNE.end_at, f"p{n}"),
        )
        for n, (amount, day) in enumerate(owing)
    ]
    found = [
        Invoice(f"I-{n}", JUNE.end_at + day * DAY, amount, "EUR", "2026-09", FactRef("b", str(n)))
        for n, (amount, day) in enumerate(issued)
    ]
    planned = plan(pay, owed, found, ended=ended)
    for before, credit in zip(owed, planned, strict=True):
        assert total(one.amount for one in credit.instalments) == before.credit.amount
        assert {one.number for one in credit.instalments} <= set(range(1, count + 1))
        assert all(
            one.at is None or one.at > (before.grants[0].at if before.grants else 0)
            for one in credit.instalments
        )
    parts: list[Instalment] = [one for credit in planned for one in credit.instalments]
    for invoice in found:
        taken = total(one.amount for one in parts if one.invoice == invoice.id)
        assert Fraction(taken) <= Fraction(invoice.amount) * (1 - floor)
