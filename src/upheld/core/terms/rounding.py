"""Rounding: an exact amount becomes one that can be paid, once, by a named rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from upheld.core.terms.remedy import Rounding
from upheld.core.values.currency import MINOR_DIGITS

DAYS_DIGITS: Final = 2
"""Days of service are given in hundredths."""


def minor_digits(currency: str) -> int:
    """The decimals of a currency's minor unit; of days of service (an empty code), hundredths."""
    return MINOR_DIGITS.get(currency, 2) if currency else DAYS_DIGITS


def rounded(amount: Fraction, digits: int, rule: Rounding) -> Decimal:
    """The amount with so many decimals. Half goes away from zero, or to the even digit; up is away from zero.

    Nothing is lost on the way: only the integer division here rounds.
    """
    whole, rest = divmod(abs(amount.numerator) * 10**digits, amount.denominator)
    if rule == "up":
        more = rest > 0
    elif rule == "down":
        more = False
    elif 2 * rest == amount.denominator:
        more = rule == "half up" or whole % 2 == 1
    else:
        more = 2 * rest > amount.denominator
    units = whole + more
    return Decimal(f"{-units if amount.numerator < 0 else units}E-{digits}")
