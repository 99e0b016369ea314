"""The second judge of amounts: known answers of its own, and side by side with core on seeded worlds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .amount_worlds import make_amount_world, make_invoice_world, months_from
from .amounts_core import ask_amount, ask_invoices
from .amounts_judge import judge_amount, judge_invoices, paid
from .measure_campaign import judge_owed

Row = dict[str, Any]
JUNE = months_from(2026, 6, 1)[0]


def a_month(bad: int, **changes: Any) -> Row:
    """June 2026 with so many bad minutes under a level of 99.95 % and the Enterprise bands of a cloud."""
    bands = (
        (Fraction(99, 100), Fraction(9995, 10000), True, False, ("share", Fraction(20, 100))),
        (Fraction(98, 100), Fraction(99, 100), True, False, ("share", Fraction(40, 100))),
        (None, Fraction(98, 100), False, False, ("share", Fraction(60, 100))),
    )
    start, end, _ = JUNE
    return {
        "period": JUNE, "total": end - start, "outages": [(start, start + bad)] if bad else [], "bad": bad,
        "unknown": 0, "level": Fraction(9995, 10000), "relation": ">=", "unknown_as": "bounds",
        "currency": "EUR", "base": Fraction(499), "unit": "money", "complaints": 0, "before": [], "given": {},
        "rounding": "half up", "rule": {"kind": "bands", "bands": bands}, "when": None, "after": None,
        "least": None, "limits": [], **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("slices", "amount"),
    [
        (4, "0.00"),
        (5, "99.80"),
        (9, "99.80"),
        (86, "99.80"),
        (87, "199.60"),
        (172, "199.60"),
        (173, "299.40"),
    ],
)
def test_the_bands_of_sivo_by_hand(slices: int, amount: str) -> None:
    """The worked numbers in bad slices of five minutes, by the judge and by core."""
    assert judge_amount(a_month(5 * slices))["amount"] == Decimal(amount)
    assert ask_amount(a_month(5 * slices)).amount == Decimal(amount)


def test_a_month_that_cannot_be_told_owes_nothing_by_itself() -> None:
    """Between 20 and 30 bad minutes the level decides: nothing to a fifth of the fee."""
    credit = ask_amount(a_month(20, unknown=10))
    assert (credit.state, credit.low, credit.high, credit.amount) == (
        "undetermined",
        0,
        Fraction("99.8"),
        None,
    )


def test_a_condition_is_asked_where_the_verdict_is_decided() -> None:
    """An agreement that takes the unknown as down owes the same with the condition written out."""
    month = a_month(20, unknown=10, unknown_as="down")
    plain, written = ask_amount(month), ask_amount({**month, "when": "value < level"})
    assert (plain.state, plain.amount) == ("owed", Decimal("99.80"))
    assert (written.state, written.amount) == (plain.state, plain.amount)


def test_what_is_nothing_whatever_is_true_is_not_undetermined() -> None:
    """A limit that is used up leaves nothing to be told."""
    used = {"limits": [("year", ("money", Fraction(100)))], "given": {"year": Fraction(100)}}
    credit = ask_amount(a_month(20, unknown=10, **used))
    assert (credit.state, credit.low, credit.high, credit.amount) == ("not owed", 0, 0, Decimal("0.00"))


def test_three_instalments_of_three_months_meet_on_one_invoice() -> None:
    """JUST: the invoice after the third month carries a part of each, 600 in all."""
    months = months_from(2026, 1, 7)
    world = {
        "currency": "EUR", "instalments": 3, "starts": "next invoice", "floor": Fraction(0),
        "one_at_a_time": False, "after_end": "paid out", "ended": None,
        "credits": [{"period": month, "amount": Fraction(600), "decided": month[1]} for month in months[:3]],
        "invoices": [
            {"id": label, "at": end + 1, "amount": Fraction(1000), "month": label} for _, end, label in months
        ],
    }  # fmt: skip
    found = judge_invoices(world)
    assert found["applied"]["2026-03"] == 600
    assert sum(found["applied"].values()) == 1800
    assert found["left"] == [0, 0, 0]


def test_worlds_of_invoices_have_later_decisions() -> None:
    """Among the first there are credits that a later decision raises, and some that one lowers."""
    worlds = [make_invoice_world(seed) for seed in range(90)]
    later = [one for world in worlds for one in world["credits"] if "later" in one]
    assert any(one["later"][0][1] > one["amount"] for one in later)
    told = [reason for world in worlds for one in ask_invoices(world)["credits"] for reason in one.reasons]
    assert any(reason.startswith("lowered to ") for reason in told)


def test_rounding_is_that_of_paper() -> None:
    """Half up, half even, down and up, to the units of a currency."""
    half = Fraction(5, 1000)
    assert [paid(half, 2, rule) for rule in ("half up", "half even", "down", "up")] == [
        Decimal("0.01"), Decimal("0.00"), Decimal("0.00"), Decimal("0.01"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_judge_and_core_agree_on_what_is_owed(seed: int) -> None:
    """The first worlds of amounts: a failing one prints itself."""
    told = judge_owed(seed)
    assert not told, told


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 200))
def test_judge_and_core_agree_on_more_of_what_is_owed(seed: int) -> None:
    """Two hundred worlds in all."""
    told = judge_owed(seed)
    assert not told, told


def test_worlds_of_amounts_are_worth_judging() -> None:
    """Among the first there are credits that are owed, not owed and undetermined, with every form."""
    worlds = [make_amount_world(seed) for seed in range(150)]
    states = {judge_amount(world)["state"] for world in worlds}
    assert states == {"owed", "not owed", "undetermined"}
    assert {world["rule"]["kind"] for world in worlds} == {"bands", "steps", "multiple", "formula"}
