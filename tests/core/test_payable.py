"""Between which amounts that can be paid a credit lies."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.owing.payable import payable_bounds
from upheld.core.terms.remedy import Rounding

EXACT = st.fractions(min_value=0, max_value=1000, max_denominator=1000)


@pytest.mark.parametrize(
    ("low", "high", "steps", "told"),
    [
        ("246.912", "246.915", [], ("246.91", "246.92")),
        ("0", "10.005", [("limit per month", "10.005")], ("0.00", "10.00")),
        ("0", "10.005", [("at most: left of the limit per month", "10.005")], ("0.00", "10.00")),
        ("10.005", "10.005", [("limit per month", "10.005")], ("10.00", "10.00")),
        ("0", "9.995", [("limit per month", "10.005")], ("0.00", "10.00")),
        ("1.005", None, [("limit per month", None)], ("1.01", None)),
    ],
    ids=["as the remedy", "a limit", "what is left of it", "both", "below a limit", "not known"],
)
def test_bounds_are_rounded_past_no_limit(
    low: str, high: str | None, steps: list[tuple[str, str | None]], told: tuple[str, str | None]
) -> None:
    """Half up, but down where the most is a limit that is no whole number of cents."""
    named = [(what, None if most is None else Fraction(most)) for what, most in steps]
    most = None if high is None else Fraction(high)
    found = payable_bounds(Fraction(low), most, named, "EUR", "half up")
    assert found == (Decimal(told[0]), None if told[1] is None else Decimal(told[1]))


@given(EXACT, EXACT, st.booleans(), st.sampled_from(["half up", "half even", "up", "down"]))
def test_the_least_is_never_more_than_the_most_and_no_limit_is_passed(
    one: Fraction, other: Fraction, is_limit: bool, rule: Rounding
) -> None:
    """Whatever the rule is."""
    low, high = min(one, other), max(one, other)
    least, most = payable_bounds(low, high, [("limit per year", high)] * is_limit, "EUR", rule)
    assert most is not None
    assert least <= most
    assert abs(Fraction(most) - high) < Fraction(1, 100)
    assert not is_limit or Fraction(most) <= high
