"""Rounding: an exact amount becomes one that can be paid, once, by a named rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from upheld.core.currency import MINOR_DIGITS
from upheld.core.remedy import Rounding

DAYS_DIGITS: Final = 2
"""Days of service are given in hundredths."""


def minor_digits(currency: str) -> int:
    """The decimals of a currency's minor unit; of days of service (an empty code), hundredths."""
    return MINOR_DIGITS.get(currency, 2) if currency else DAYS_DIGITS


def rounded(amount: Fraction, digits: int, rule: Rounding) -> Decimal:
    """The amount with so many decimals. Half goes away from zero, or to the even digit; up is away from zero.

    Nothing is lost on the way: only the integer division here rounds.
    """
    whole, rest = divmod(abs(amount) * 10**digits, 1)
    if rule == "up":
        more = rest > 0
    elif rule == "down":
        more = False
    else:
        half = Fraction(1, 2)
        more = rest > half or (rest == half and (rule == "half up" or whole % 2 == 1))
    units = int(whole) + more
    sign = 1 if amount < 0 and units else 0
    return Decimal((sign, tuple(map(int, str(units))), -digits))
