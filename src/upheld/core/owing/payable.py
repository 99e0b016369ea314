"""Between which amounts that can be paid a credit lies: its exact bounds, rounded past no limit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from upheld.core.terms.remedy import Rounding
from upheld.core.terms.rounding import minor_digits, rounded

LIMITED: Final = ("limit per", "left of the limit")
"""How the steps of a derivation begin that tell a limit."""
_AT_MOST: Final = "at most: "


def payable_bounds(
    low: Fraction,
    high: Fraction | None,
    steps: Iterable[tuple[str, Fraction | None]],
    currency: str,
    rule: Rounding,
) -> tuple[Decimal, Decimal | None]:
    """The least and the most that can be paid, in units of the currency; None where the most is not known.

    Both are rounded by the rule of the remedy. `steps` are those of the derivation, each with the most that
    came out of it: where the most is a limit it is rounded down, and so is a least that would then be more.
    """
    digits = minor_digits(currency)
    least = rounded(low, digits, rule)
    if high is None:
        return least, None
    is_limit = any(what.removeprefix(_AT_MOST).startswith(LIMITED) and most == high for what, most in steps)
    most = rounded(high, digits, "down" if is_limit else rule)
    return min(least, most), most
