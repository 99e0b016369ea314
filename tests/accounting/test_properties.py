"""Laws of memos: monotone, within limits, and the same whatever way led there."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounting.world import FACTS, credit, issued, memos
from upheld.core.accounting.memo import MemoLine
from upheld.core.accounting.taxes import taxes_of
from upheld.core.terms.billing import TaxTreatment
from upheld.core.timeline.instant import DAY, parse_instant

CURRENCIES = {"JPY": 0, "EUR": 2, "KWD": 3}
AT = parse_instant("2026-07-20T10:00:00Z")
UNITS = st.integers(0, 10**9)
RATES = st.fractions(0, 1, max_denominator=1000)


@given(st.sampled_from(sorted(CURRENCIES)), st.lists(UNITS, min_size=1, max_size=4))
def test_all_memos_come_to_what_is_owed_whatever_it_was_before(currency: str, owed: list[int]) -> None:
    """Issued at every step, up or down, with none, two or three decimals."""
    digits, facts = CURRENCIES[currency], FACTS
    for step, units in enumerate(owed):
        now = credit(str(Decimal(units).scaleb(-digits)), currency=currency)
        found = memos([now], facts, AT + step * DAY)
        assert sum(memo.net_minor for memo in found) == units
        facts = (*facts, *issued(found))
    assert [memo.sequence for memo in memos([now], facts, AT + 9 * DAY)] == list(range(1, len(found) + 1))


@given(RATES, UNITS, UNITS)
def test_who_is_owed_more_gets_more(rate: Fraction, one: int, other: int) -> None:
    """Tax and total never fall where the net sum rises; the tax is off by half a unit at most."""

    def total(net: int) -> int:
        (tax,) = taxes_of([MemoLine("credit", Fraction(net), net, tax=TaxTreatment("S", rate))])
        assert abs(tax.tax_minor - rate * net) <= Fraction(1, 2)
        return net + tax.tax_minor

    low, high = sorted((one, other))
    assert total(low) <= total(high)
    assert total(-low) == -total(low)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6), RATES)
def test_the_order_of_lines_does_not_matter(nets: list[int], rate: Fraction) -> None:
    """The tax is that of the sum, not the sum of the taxes of the lines."""
    tax = TaxTreatment("S", rate)
    lines = [MemoLine("credit", Fraction(net), net, tax=tax) for net in nets]
    assert taxes_of(lines) == taxes_of(reversed(lines))
    assert taxes_of(lines)[0].base_minor == sum(nets)


@given(st.integers(0, 499), st.integers(1, 12))
def test_no_memo_is_more_than_the_limit(units: int, parts: int) -> None:
    """What is granted is at most the month's fee, and so is all that is issued for the month."""
    amount = Decimal(units)
    part = (amount / parts).quantize(Decimal("0.01"), "ROUND_DOWN")
    split = [str(part)] * (parts - 1) + [str(amount - part * (parts - 1))]
    found = memos([credit(str(amount), instalments=split)])
    assert sum(memo.net_minor for memo in found) <= 49900
    assert all(sum(one.amount_minor for one in memo.plan) == memo.net_minor for memo in found)


@pytest.mark.parametrize("amount", ["0.01", "49.90", "100.00"])
def test_the_same_question_gives_the_same_bytes(amount: str) -> None:
    """Asked twice, and with the facts in another order."""
    facts = (*FACTS, *issued(memos([credit("20.00")])))
    assert repr(memos([credit(amount)], facts)) == repr(memos([credit(amount)], facts[::-1]))
