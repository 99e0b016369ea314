"""Measured values, amounts of time and money as text: exact numbers, cut so that they never look better.

A value is shown against its level, and must be on the same side of it on the page as in truth. So a ratio is
written out whole if five decimals of the percentage hold it, and else cut there: downwards where the level is
`>=` or `<`, upwards where it is `>` or `<=`. A level with more decimals gets as many.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from upheld.core.owing.amounts import number_text
from upheld.core.terms.indicator import Level
from upheld.core.terms.rounding import minor_digits
from upheld.core.timeline.instant import MINUTE, SECOND, Duration, format_duration
from upheld.core.timeline.words import plural
from upheld.core.verdicts.measurement import Bounds

PERCENT_DECIMALS = 5

ValueUnit = Literal["ratio", "duration"]


def value(exact: Fraction, level: Level | None, unit: ValueUnit) -> str:
    """A ratio as a percentage, or a duration from microseconds: `99.94444 %`, `250 ms`, `1 min 30 s`."""
    up = level is not None and level.relation in (">", "<=")
    if unit == "duration":
        return _duration(-(-exact.numerator // exact.denominator) if up else int(exact // 1))
    return f"{cut(exact * 100, _decimals(level), up)} %"


def bounded(bounds: Bounds, level: Level | None, unit: ValueUnit, unknown: str = "no observations") -> str:
    """A value with what it is at least and at most, if that is another: `99.94444 %, at least 99.91666`.

    Where there is none although something was to be counted, it is `unknown`: no observations.
    """
    if bounds.value is None:
        if bounds.low == bounds.high:
            return "nothing to count"
        is_whole = unit == "duration" or (bounds.low == 0 and bounds.high == 1)
        return unknown if is_whole else f"{unknown}, {_between(bounds, level, unit)}"
    text = value(bounds.value, level, unit)
    if bounds.low < bounds.value:
        text += f", at least {_bare(bounds.low, level, unit)}"
    if bounds.high > bounds.value:
        text += f", at most {_bare(bounds.high, level, unit)}"
    return text


def promised(level: Level | None) -> str:
    """A level as the page writes it: `>= 99.95 %`."""
    return "no level" if level is None else f"{level.relation} {value(level.value, None, level.unit)}"


def cut(number: Fraction, decimals: int, up: bool = False) -> str:
    """A number with so many decimals, cut downwards (or `up`); without trailing zeros where it is exact."""
    scaled = number * 10**decimals
    whole = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    digits = f"{abs(whole):0{decimals + 1}}"
    text = f"{int(digits[:-decimals]):,}.{digits[-decimals:]}" if decimals else f"{int(digits):,}"
    if scaled.denominator == 1 and decimals:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if whole < 0 else text


def minutes(duration_us: Duration) -> str:
    """A length of a period in minutes, so that its parts compare: `43,200 min`, `3 min 24 s`, `45 s`."""
    sign = "-" if duration_us < 0 else ""
    whole, rest = divmod(abs(duration_us), MINUTE)
    parts = [f"{whole:,} min"] * bool(whole)
    if rest or not whole:
        parts.append(f"{cut(Fraction(rest, SECOND), 6)} s")
    return sign + " ".join(parts)


def unit_of(amounts: tuple[int, ...]) -> tuple[str, int]:
    """The largest of minutes and seconds that holds every length whole, and its microseconds."""
    return ("min", MINUTE) if all(amount % MINUTE == 0 for amount in amounts) else ("s", SECOND)


def money(amount: Decimal | Fraction | None, currency: str) -> str:
    """An amount of money, or of days of service where there is no currency: `99.80 EUR`, `1.5 days`."""
    if amount is None:
        return "not known"
    if isinstance(amount, Fraction):
        # Exact ones may never end: those of the currency where they hold it, else up to six.
        places = minor_digits(currency)
        digits = cut(amount, places if (amount * 10**places).denominator == 1 else 6)
        digits = _at_least(digits, places) if currency else digits
        if (amount * 10**6).denominator != 1:
            digits += "..."
    else:
        digits = f"{amount:,f}"
        if not currency and "." in digits:
            digits = digits.rstrip("0").rstrip(".")
    if currency:
        return f"{digits} {currency}"
    return f"{digits} {plural(Fraction(amount), 'day')} of service"


def exact_money(amount: Fraction, currency: str) -> str:
    """An amount before it is rounded, whole: `70.8966 EUR`; what never ends also as a fraction.

    `1,417.893333... EUR (106342/75)`.
    """
    number, shown = number_text(amount), money(amount, currency)
    if "/" in number:
        return f"{shown} ({amount})"
    return f"{Decimal(number):,f} {currency}" if "..." in shown and currency else shown


def between(low: Fraction, high: Fraction | None, currency: str) -> str:
    """What an amount lies between: `at most 49.90 EUR`, `between 20.00 and 49.90 EUR`, `not known`.

    One text where the two are the same. `high` None: nobody can say.
    """
    if high is None:
        return f"at least {money(low, currency)}" if low else money(None, currency)
    if low == high:
        return money(low, currency)
    if not low:
        return f"at most {money(high, currency)}"
    return f"between {money(low, currency).removesuffix(f' {currency}')} and {money(high, currency)}"


def _at_least(digits: str, places: int) -> str:
    """At least so many decimals, as money is written."""
    whole, _, rest = digits.partition(".")
    rest = rest.ljust(places, "0")
    return f"{whole}.{rest}" if rest else whole


def _decimals(level: Level | None) -> int:
    """Those of the level where they are more than are shown anyhow, so that the two compare."""
    decimals = PERCENT_DECIMALS
    while level is not None and decimals < 12 and (level.value * 100 * 10**decimals).denominator != 1:
        decimals += 1
    return decimals


def _duration(duration_us: Duration) -> str:
    if abs(duration_us) < SECOND:
        return f"{cut(Fraction(duration_us, 1000), 3)} ms"
    return format_duration(duration_us)


def _bare(exact: Fraction, level: Level | None, unit: ValueUnit) -> str:
    return value(exact, level, unit).removesuffix(" %")


def _between(bounds: Bounds, level: Level | None, unit: ValueUnit) -> str:
    return f"between {_bare(bounds.low, level, unit)} and {value(bounds.high, level, unit)}"
