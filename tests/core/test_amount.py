"""Amounts as agreements write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.core.values.amount import KINDS, Amount, AmountError, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2h", Amount("time", 2 * HOUR)),
        ("30m", Amount("time", 30 * MINUTE)),
        ("30 min", Amount("time", 30 * MINUTE)),
        ("90s", Amount("time", 90 * SECOND)),
        ("1h 30m", Amount("time", 90 * MINUTE)),
        ("2 business days", Amount("business days", 2)),
        ("1 business day", Amount("business days", 1)),
        ("2bd", Amount("business days", 2)),
        ("1/2 business day", Amount("business days", Fraction(1, 2))),
        ("1.5 bd", Amount("business days", Fraction(3, 2))),
        ("15 days", Amount("days", 15)),
        ("14d", Amount("days", 14)),
        ("2 weeks", Amount("weeks", 2)),
        ("3 months", Amount("months", 3)),
        (" 1 year ", Amount("years", 1)),
    ],
)
def test_amounts(text: str, amount: Amount) -> None:
    """Every way to write an amount gives its value, and the canonical text reads back."""
    assert parse_amount(text) == amount
    assert parse_amount(str(amount)) == amount


@given(st.sampled_from(KINDS), st.integers(0, 10**13))
def test_canonical_texts(kind: str, count: int) -> None:
    """The text of any amount reads back as the same amount."""
    amount = Amount(kind, count)  # type: ignore[arg-type]
    assert parse_amount(str(amount)) == amount


def test_canonical_form() -> None:
    """One is singular, parts are spaced, a half stays a fraction."""
    assert [str(parse_amount(text)) for text in ("1bd", "2bd", "0.5bd", "90m", "1w")] == [
        "1 business day",
        "2 business days",
        "1/2 business days",
        "1h 30m",
        "1 week",
    ]


@pytest.mark.parametrize(
    ("text", "offset", "why"),
    [
        ("", 0, "expected a number"),
        ("  soon", 2, "expected a number"),
        ("15", 2, "no unit"),
        ("48 business hours", 3, "name the calendar"),
        ("2 hours", 2, "write 'hours' as h"),
        ("2 minutes", 2, "write 'minutes' as min"),
        ("3 fortnights", 2, "unknown unit"),
        ("2 days 3h", 6, "stands alone"),
        ("1.5 months", 0, "whole"),
        ("1/0 bd", 0, "no number"),
        ("1h 2x", 4, "unknown unit"),
    ],
)
def test_refused(text: str, offset: int, why: str) -> None:
    """What is not an amount is refused at the character where that shows."""
    with pytest.raises(AmountError, match=why) as caught:
        parse_amount(text)
    assert caught.value.offset == offset


def test_refused_values() -> None:
    """Amounts are not negative, and only business days may be broken."""
    for kind, count in (("time", -1), ("days", Fraction(1, 2)), ("moons", 1)):
        with pytest.raises(ValueError, match=r"negative|broken|kind"):
            Amount(kind, count)  # type: ignore[arg-type]
    assert Amount("days", Fraction(4, 2)).count == 2
