"""Numbers on a page: cut so that they stand on the side of their level where they truly are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.terms.indicator import Level, Relation
from upheld.core.timeline.instant import MINUTE, SECOND
from upheld.core.verdicts.measurement import Bounds
from upheld.render import figures
from upheld.render.figure_records import exact
from upheld.render.statement.first import in_payable

RELATIONS: tuple[Relation, ...] = (">=", ">", "<=", "<")
HOLDS = {
    ">=": lambda value, level: value >= level,
    ">": lambda value, level: value > level,
    "<=": lambda value, level: value <= level,
    "<": lambda value, level: value < level,
}


@given(
    st.sampled_from(RELATIONS),
    st.integers(0, 10**7).map(lambda n: Fraction(n, 10**7)),
    st.integers(-1000, 1000),
    st.integers(1, 10**15),
)
def test_a_value_on_the_page_keeps_its_level_exactly_if_it_does_in_truth(
    relation: Relation, level: Fraction, near: int, under: int
) -> None:
    """However near to the level it is, for each relation."""
    value = max(Fraction(0), level + Fraction(near, under))
    shown = figures.value(value, Level(relation, level), "ratio")
    on_page = Fraction(shown.removesuffix(" %").replace(",", "")) / 100
    assert HOLDS[relation](on_page, level) == HOLDS[relation](value, level)
    told = exact(value, Level(relation, level))
    assert told is not None
    assert HOLDS[relation](Fraction(str(told["decimal"])), level) == HOLDS[relation](value, level)


def test_what_five_decimals_hold_is_written_out_and_nothing_else() -> None:
    """Zeros at the end of a cut value stay: they say that it goes on."""
    assert figures.value(Fraction(9995, 10000), None, "ratio") == "99.95 %"
    assert figures.value(Fraction(1), None, "ratio") == "100 %"
    assert figures.value(Fraction(42_744, 42_960), None, "ratio") == "99.49720 %"
    assert figures.value(Fraction(43_176, 43_200), None, "ratio") == "99.94444 %"


def test_bounds_are_told_where_they_are_not_the_value() -> None:
    """24 minutes down and 12 without observations, of 43,200."""
    value, low = Fraction(43_176, 43_200), Fraction(43_164, 43_200)
    assert figures.bounded(Bounds(value, low, value), None, "ratio") == "99.94444 %, at least 99.91666"
    assert figures.bounded(Bounds(value, value, value), None, "ratio") == "99.94444 %"


def test_without_observations_there_is_no_value() -> None:
    """Only what is possible is told, where that is not just anything."""
    low, high = Fraction(43_164, 43_200), Fraction(43_176, 43_200)
    told = "no observations, between 99.91666 and 99.94444 %"
    assert figures.bounded(Bounds(None, low, high), None, "ratio") == told
    assert figures.bounded(Bounds(None, Fraction(0), Fraction(1)), None, "ratio") == "no observations"
    assert figures.bounded(Bounds(None, Fraction(1), Fraction(1)), None, "ratio") == "nothing to count"


@pytest.mark.parametrize(
    ("length_us", "shown"),
    [
        (43_200 * MINUTE, "43,200 min"),
        (3 * MINUTE + 24 * SECOND, "3 min 24 s"),
        (45 * SECOND, "45 s"),
        (0, "0 s"),
        (1, "0.000001 s"),
        (-61 * SECOND, "-1 min 1 s"),
    ],
)
def test_a_length_is_told_in_minutes(length_us: int, shown: str) -> None:
    """Seconds only where there are any, exactly."""
    assert figures.minutes(length_us) == shown


def test_durations_are_told_in_their_unit() -> None:
    """Latencies in milliseconds, up where a level is an upper one."""
    assert figures.value(Fraction(250_000), None, "duration") == "250 ms"
    assert figures.value(Fraction(90 * SECOND), None, "duration") == "1 min 30 s"
    assert figures.value(Fraction(1, 2), Level("<=", Fraction(0), "duration"), "duration") == "0.001 ms"


def test_money_has_its_decimals_and_never_looks_exact_where_it_is_not() -> None:
    """Rounded money as it is; exact money with dots where it goes on; days of service by themselves."""
    assert figures.money(Decimal("1200.00"), "EUR") == "1,200.00 EUR"
    assert figures.money(Fraction(200), "EUR") == "200.00 EUR"
    assert figures.money(Fraction(100, 3), "EUR") == "33.333333... EUR"
    assert figures.money(Fraction(1), "") == "1 day of service"
    assert figures.money(Decimal("1.50"), "") == "1.5 days of service"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        ("0", "49.9", "at most 49.90 EUR"),
        ("20", "49.9", "between 20.00 and 49.90 EUR"),
        ("20", "20", "20.00 EUR"),
        ("0", "0", "0.00 EUR"),
        ("20", None, "at least 20.00 EUR"),
        ("0", None, "not known"),
    ],
)
def test_bounds_of_money_are_told_in_one_way(low: str, high: str | None, told: str) -> None:
    """What nobody can say is no amount, least of all nothing."""
    assert figures.between(Fraction(low), None if high is None else Fraction(high), "EUR") == told


def test_a_fraction_that_programs_cannot_hold_is_a_text() -> None:
    """Whole numbers of any length, beyond those that Python itself writes out."""
    long = Fraction(1, 10**5000 + 1)
    told = exact(long)
    assert told is not None
    assert (told["numerator"], len(str(told["denominator"])), told["decimal"]) == (1, 5001, "0.0000000")
    assert exact(Fraction(1, 2)) == {"numerator": 1, "denominator": 2, "decimal": "0.5"}
    assert exact(Fraction(1_500_000), None, "duration") == {
        "numerator": 3, "denominator": 2, "decimal": "1.5"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (Fraction("70.8966"), "70.8966 EUR"),
        (Fraction("1234.5"), "1,234.50 EUR"),
        (Fraction(1, 2**8), "0.00390625 EUR"),
        (Fraction(106342, 75), "1,417.893333... EUR (106342/75)"),
    ],
)
def test_an_amount_before_rounding_is_told_whole(amount: Fraction, told: str) -> None:
    """As many decimals as it has; one that never ends is a fraction beside its first digits."""
    assert figures.exact_money(amount, "EUR") == told


@pytest.mark.parametrize(
    ("exact", "currency", "told"),
    [("3000", "JPY", "3,000 JPY"), ("1/2", "KWD", "0.500 KWD"), ("20", "EUR", "20.00 EUR")],
)
def test_money_has_the_decimals_of_its_currency(exact: str, currency: str, told: str) -> None:
    """None of yen, three of Kuwaiti dinars."""
    assert figures.money(Fraction(exact), currency) == told


@pytest.mark.parametrize(
    ("exact", "currency", "told"), [("30864/125", "EUR", "246.91"), ("20002/5", "JPY", "4000")]
)
def test_a_bound_of_a_statement_is_an_amount_that_can_be_paid(exact: str, currency: str, told: str) -> None:
    """246.912 rounds to 246.91, as the memo does that may come."""
    credit = {"low": "0", "high": exact, "currency": currency, "rounding": "half up", "lines": []}
    assert in_payable(credit)[1] == told
