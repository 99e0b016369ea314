"""Periods in civil time."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import DAY, HOUR, MINUTE, parse_instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount, parse_amount
from upheld.language.zones import zone_named

AMSTERDAM = zone_named("Europe/Amsterdam", 2015, 2035)
UTC = zone_named("UTC", 2015, 2035)


def at(text: str) -> int:
    return parse_instant(text)


@pytest.mark.parametrize(
    ("label", "minutes"),
    [("2026-Q1", 129_540), ("2026-Q2", 131_040), ("2026-Q3", 132_480), ("2026-Q4", 132_540)],
)
def test_quarters_have_their_true_length(label: str, minutes: int) -> None:
    """A quarter with a change of clocks is an hour shorter or longer (CENG/C7)."""
    rule = PeriodRule("calendar quarter", AMSTERDAM)
    found = rule.periods_between(at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z"))
    assert {period.label: period.length_us // MINUTE for period in found}[label] == minutes


@pytest.mark.parametrize(
    ("rule", "instant", "expected"),
    [
        (
            PeriodRule("calendar month", AMSTERDAM),
            "2026-05-31T22:00:00Z",
            Period(at("2026-05-31T22:00:00Z"), at("2026-06-30T22:00:00Z"), "2026-06"),
        ),
        (
            PeriodRule("calendar month", UTC),
            "2026-05-31T23:59:59.999999Z",
            Period(at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z"), "2026-05"),
        ),
        (
            PeriodRule("calendar year", UTC),
            "2026-06-05T00:00:00Z",
            Period(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"), "2026"),
        ),
        (
            PeriodRule("contract year", UTC, date(2026, 2, 15)),
            "2027-02-14T23:00:00Z",
            Period(at("2026-02-15T00:00:00Z"), at("2027-02-15T00:00:00Z"), "contract year 2026-02-15"),
        ),
        (
            PeriodRule("contract year", UTC, date(2024, 2, 29)),
            "2025-02-28T00:00:00Z",
            Period(at("2025-02-28T00:00:00Z"), at("2026-02-28T00:00:00Z"), "contract year 2025-02-28"),
        ),
        (
            PeriodRule("contract year", UTC, date(2024, 2, 29)),
            "2028-02-28T12:00:00Z",
            Period(at("2027-02-28T00:00:00Z"), at("2028-02-29T00:00:00Z"), "contract year 2027-02-28"),
        ),
        (
            PeriodRule("billing cycle", UTC, 31),
            "2026-03-01T00:00:00Z",
            Period(at("2026-02-28T00:00:00Z"), at("2026-03-31T00:00:00Z"), "billing cycle 2026-02-28"),
        ),
        (
            PeriodRule("billing cycle", UTC, 15),
            "2026-01-14T23:00:00Z",
            Period(at("2025-12-15T00:00:00Z"), at("2026-01-15T00:00:00Z"), "billing cycle 2025-12-15"),
        ),
        (
            PeriodRule("rolling", AMSTERDAM, parse_amount("30 days")),
            "2026-04-10T10:00:00Z",
            Period(at("2026-03-11T11:00:00Z"), at("2026-04-10T10:00:00Z"), "30 days to 2026-04-10T10:00:00Z"),
        ),
        (
            PeriodRule("rolling", AMSTERDAM, parse_amount("24h")),
            "2026-03-29T10:00:00Z",
            Period(at("2026-03-28T10:00:00Z"), at("2026-03-29T10:00:00Z"), "24h to 2026-03-29T10:00:00Z"),
        ),
    ],
)
def test_period_at(rule: PeriodRule, instant: str, expected: Period) -> None:
    """Each kind of period holds its instant, in its zone, under its name."""
    assert rule.period_at(at(instant)) == expected


RULES = st.one_of(
    st.builds(
        PeriodRule,
        st.sampled_from(["calendar month", "calendar quarter", "calendar year"]),
        st.sampled_from([AMSTERDAM, UTC, zone_named("America/Sao_Paulo", 2015, 2035)]),
    ),
    st.builds(
        PeriodRule,
        st.just("contract year"),
        st.just(AMSTERDAM),
        st.dates(date(2018, 1, 1), date(2024, 12, 31)),
    ),
    st.builds(PeriodRule, st.just("billing cycle"), st.just(AMSTERDAM), st.integers(1, 31)),
)


@given(RULES, st.integers(at("2018-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z")), st.integers(0, 800 * DAY))
def test_periods_divide_time(rule: PeriodRule, start_at: int, length: int) -> None:
    """Periods follow each other without hole or overlap, and each instant is in the one that names it."""
    found = rule.periods_between(start_at, start_at + length)
    assert len(found) == len({period.label for period in found})
    assert all(one.end_at == other.start_at for one, other in pairwise(found))
    if length:
        assert found[0].start_at <= start_at < found[0].end_at
        assert found[-1].start_at < start_at + length <= found[-1].end_at
        assert rule.period_at(start_at) == found[0]
        assert rule.period_at(start_at + length - 1) == found[-1]
    assert bool(found) == bool(length)


def test_a_midnight_that_comes_twice() -> None:
    """Where clocks go back over midnight the new month keeps what it has begun."""
    zone = zone_named("America/St_Johns", 2006, 2010)  # at 00:01 on 1 November 2009 it was 23:01 again
    rule = PeriodRule("calendar month", zone)
    november = rule.period_at(at("2009-11-01T02:30:00Z"))
    assert november.label == "2009-11"
    assert rule.period_at(november.start_at + 31 * MINUTE).label == "2009-11"
    assert rule.period_at(november.start_at - 1).label == "2009-10"
    assert rule.periods_between(november.start_at + 31 * MINUTE, november.start_at + HOUR) == [november]


@pytest.mark.parametrize(
    ("kind", "anchor"),
    [
        ("calendar month", 5),
        ("contract year", None),
        ("contract year", 5),
        ("billing cycle", 0),
        ("billing cycle", 32),
        ("billing cycle", None),
        ("rolling", None),
        ("rolling", Amount("business days", 5)),
        ("rolling", Amount("days", 0)),
        ("fortnight", None),
    ],
)
def test_refused_rules(kind: str, anchor: object) -> None:
    """A kind of period takes its own anchor and no other."""
    with pytest.raises(ValueError, match=r"needs|not a kind"):
        PeriodRule(kind, UTC, anchor)  # type: ignore[arg-type]


def test_refused_questions() -> None:
    """Rolling periods are not listed, and no period is known outside the zone's years."""
    with pytest.raises(ValueError, match="overlap"):
        PeriodRule("rolling", UTC, Amount("days", 30)).periods_between(0, 1)
    with pytest.raises(BeyondHorizon, match="2015 to 2035"):
        PeriodRule("calendar month", UTC).period_at(at("2040-01-01T00:00:00Z"))


def test_the_last_period_of_the_years_is_known() -> None:
    """The one after it need not be, to tell that December is over."""
    rule = PeriodRule("calendar month", zone_named("UTC", 2025, 2026))
    found = rule.periods_between(at("2026-11-30T00:00:00Z"), at("2027-01-01T00:00:00Z"))
    assert [one.label for one in found] == ["2026-11", "2026-12"]
