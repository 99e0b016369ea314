"""How a line of a memo came about, in a few words that add up: the share of the base, the band, the limit."""

from __future__ import annotations

from fractions import Fraction

from upheld.core.accounting.memo import MemoLine
from upheld.core.owing.amounts import number_text, percent_text

_DIGITS = 15
"""So many digits of a number that does not end are shown: what a spreadsheet keeps."""


def cut_text(number: Fraction) -> str:
    """A number as a decimal, exact where it ends, else its first digits, cut (1/3: 0.333333333333333)."""
    exact = number_text(number)
    if "/" not in exact:
        return exact
    whole = str(abs(number.numerator) // number.denominator)
    places = max(_DIGITS - len(whole), 0)
    scaled = abs(number.numerator) * 10**places // number.denominator
    digits = f"{scaled:0{places + 1}d}"
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def derivation(line: MemoLine, currency: str) -> str:
    """15 steps of 2 %: 30 % of 1234.56 EUR; exactly 370.368 EUR, rounded half up.

    A number that goes on is cut and told with dots. Where another amount was granted than was computed, both
    are told.
    """
    told: list[str] = []
    if line.share is not None and line.base is not None:
        steps = f"{line.steps} x {_percent(line.share / line.steps)} %: " if line.steps else ""
        told.append(f"{steps}{_percent(line.share)} % of {_number(line.base)} {currency}")
    told += [f"band {line.band}"] * bool(line.band) + [line.limit] * bool(line.limit)
    if line.computed is None:
        told.append(f"exactly {_number(line.exact)} {currency}, rounded {line.rounding}")
    else:
        how = "of which" if line.exact < line.computed else "instead of which"
        told.append(
            f"exactly {_number(line.computed)} {currency}, {how} {_number(line.exact)} {currency} is given"
        )
    return "; ".join(told)


def _number(number: Fraction) -> str:
    told = cut_text(number)
    return told if Fraction(told) == number else f"{told}..."


def _percent(share: Fraction) -> str:
    exact = percent_text(share)
    return exact if "/" not in exact else _number(share * 100)
