"""What is given: as it would be written, and by how much."""

from __future__ import annotations

from fractions import Fraction

from upheld.core.remedy import Days, Give, Share
from upheld.core.value import Money
from upheld.language.quantities import shown


def given(give: Give) -> str:
    """What is given, as it would be written."""
    match give:
        case Share(ratio):
            return shown(ratio, "ratio")
        case Days(count):
            return f"{shown(count, 'number')} {'day' if count == 1 else 'days'}"
        case Money(amount, currency):
            return f"{shown(amount, 'number')} {currency}"


def size(give: Give) -> Fraction:
    """How much is given, in its own unit."""
    match give:
        case Share(ratio):
            return ratio
        case Days(count):
            return count
        case Money(amount, _):
            return Fraction(amount)


def multiplied(give: Give, times: int) -> Give:
    """So many times what is given."""
    match give:
        case Share(ratio):
            return Share(ratio * times)
        case Days(count):
            return Days(count * times)
        case Money(amount, currency):
            return Money(amount * times, currency)
