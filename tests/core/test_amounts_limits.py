"""Limits over several periods: what earlier credits may or may not have used, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.core.remedies import bands, bill, euros, level, measured, percent, verdict
from tests.core.worlds import bound
from upheld.core.owing.credits import credit_in, given_after
from upheld.core.owing.entitlement import Case
from upheld.core.owing.limits import NOTHING_GIVEN, Given, cut_by_limits
from upheld.core.owing.prospects import Prospects
from upheld.core.owing.reach import is_out_of_reach
from upheld.core.terms.remedy import Base, Limit, LimitPer, RemedyRule, Share
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit

TABLE = bands((None, "98", "40"), ("98", "99", "25"), ("99", "99.9", "10"))
PERCENTS = st.sampled_from(["97", "98.5", "99.5", "99.95"])
AGREEMENT = """
component: {api: {}}
signal: {http: {of: [api], checks: a request, every: 1m}}
indicator: {uptime: {count: checks of api, per: {slice: 5m}}}
commit: {uptime: {level: ">= 99.9 %", per: calendar month}}
"""
Bounds = tuple[str, str]
ENDS = st.tuples(PERCENTS, PERCENTS).map(lambda ends: tuple(sorted(ends, key=Fraction)))
MONTHS = st.lists(ENDS, max_size=5)


def remedy(*limits: tuple[LimitPer, str], least: str = "") -> RemedyRule:
    """Shares of the fee in bands, under limits in euros."""
    return RemedyRule(
        "credit", "uptime", TABLE, base=Base("fee", ("month",)),
        limits=tuple(Limit(per, euros(most)) for per, most in limits),
        least=euros(least) if least else None,
    )  # fmt: skip


def account(rule: RemedyRule, months: list[Bounds], base: str = "1000") -> list[Credit]:
    """The credits of months one after the other in one year, each with what its value lies between."""
    sums: dict[LimitPer, Given] = {limit.per: NOTHING_GIVEN for limit in rule.limits}
    found = []
    for n, (low, high) in enumerate(months, start=1):
        of_month = {per: NOTHING_GIVEN if per == "month" else given for per, given in sums.items()}
        value = measured(percent(high), percent(low), percent(high))
        prospects = Prospects(Case(rule, verdict(value, level("99.9")), bill(base), None, (), 0, 0, None))
        credit = credit_in(prospects, CellKey("acme", "credit", f"2026-{n:02}"), of_month)
        sums = given_after(prospects, of_month, credit)
        added = [given.high - of_month[per].high for per, given in sums.items()]
        found.append(replace(credit, adds=min(added)) if added else credit)
    return found


def test_an_undetermined_month_leaves_the_next_one_between_what_it_may_use() -> None:
    """250 a month under 300 a year: the second is 250 if nothing is given for the first, else 50."""
    months = [("98.5", "99.95"), ("98.5", "98.5"), ("98.5", "99.95")]
    march, april, may = account(remedy(("year", "300")), months)
    assert (march.state, march.low, march.high, march.adds) == ("undetermined", 0, 250, 250)
    assert (april.state, april.low, april.high, april.amount) == ("owed", 50, 250, 250)
    assert april.reasons == ("the amount depends on what is not known",)
    assert april.adds == 50
    # Whatever was given for March, both together are at least 250.
    assert (may.low, may.high, may.adds) == (0, 50, 0)


def test_what_was_given_before_is_named_under_a_limit() -> None:
    """300 less the 250 of March leaves 50; and then nothing, for which there is a reason."""
    march, april, may = account(remedy(("year", "300")), [("98.5", "98.5")] * 3)
    assert [(line.what, line.low, line.subject) for line in april.lines[-4:]] == [
        ("amount", 250, ""),
        ("limit per year", 300, ""),
        ("given in 2026-01", 250, "2026-01"),
        ("left of the limit per year", 50, ""),
    ]
    assert (may.state, may.reasons) == ("not owed", ("the limit per year is used up",))
    assert [cut_by_limits(one.lines) for one in (march, april, may)] == [0, 200, 250]


def test_where_nothing_is_left_whatever_is_true_the_limit_is_named() -> None:
    """An undetermined month after a year that is used up."""
    *_, last = account(remedy(("year", "250")), [("98.5", "98.5"), ("98.5", "99.95")])
    told = "nothing is given, whatever is true: the limit per year is used up"
    assert (last.state, last.reasons) == ("not owed", (told,))


def test_the_steps_of_the_worst_case_say_that_they_are() -> None:
    """Beside a value of 99.95 %, the band below 99 % is what may be owed at most."""
    (only,) = account(remedy(), [("98.5", "99.95")])
    assert [line.what for line in only.lines] == [
        "value", "value between", "level", "at most: band [98 %, 99 %)", "at most: base", "at most: amount",
        "between",
    ]  # fmt: skip


LIMITS = st.sampled_from(
    [
        (("year", "300"),),
        (("month", "200"), ("year", "450")),
        (("quarter", "300"), ("year", "500")),
        (("year", "300"), ("term", "500")),
    ]
)


@given(months=MONTHS, limits=LIMITS, least=st.sampled_from(["", "60"]), chosen=st.lists(PERCENTS, max_size=5))
def test_the_truth_of_every_month_lies_within_its_bounds(
    months: list[Bounds], limits: tuple[tuple[LimitPer, str], ...], least: str, chosen: list[str]
) -> None:
    """Whatever value each month is found to have had, its credit then is one of those that were possible."""
    rule = remedy(*limits, least=least)
    found = account(rule, months)
    revealed = []
    for (low, high), wanted in zip(months, [*chosen, *["97"] * 5], strict=False):
        value = min(max(wanted, low, key=Fraction), high, key=Fraction)
        revealed.append((value, value))
    for before, after in zip(found, account(rule, revealed), strict=True):
        assert before.low <= after.low == after.high <= before.high


@given(months=MONTHS, limits=LIMITS, least=st.sampled_from(["", "60"]))
def test_what_months_add_is_within_the_limit_of_all(
    months: list[Bounds], limits: tuple[tuple[LimitPer, str], ...], least: str
) -> None:
    """Neither what is owed nor the most that may be passes the limit of the year or the term."""
    found = account(remedy(*limits, least=least), months)
    most = min(Fraction(text) for per, text in limits if per != "month")
    assert sum(credit.amount or 0 for credit in found) <= most
    assert sum(credit.adds or 0 for credit in found) <= most
    assert all(0 <= (credit.adds or 0) <= credit.high for credit in found)


@given(
    months=MONTHS,
    per=st.sampled_from(["incident", "day", "month", "year"]),
    most=st.integers(30, 600),
    base=st.decimals("0.01", "999.99", places=2),
)
def test_a_limit_out_of_reach_takes_nothing(
    months: list[Bounds], per: LimitPer, most: int, base: Decimal
) -> None:
    """What is said to be out of reach changes no credit of any months; what is within it, the worst ones."""
    terms = bound(AGREEMENT)
    free = RemedyRule("credit", "uptime", TABLE, base=Base("fee", ("month",)))
    limit = Limit(per, Share(Fraction(most, 100)))
    capped = replace(free, limits=(limit,))
    if is_out_of_reach(limit, free, terms.commits[0], terms):
        given_free = [(one.state, one.low, one.high) for one in account(free, months, str(base))]
        assert [(one.state, one.low, one.high) for one in account(capped, months, str(base))] == given_free
    else:
        worst: list[Bounds] = [("97", "97")] * 12
        sums = [sum(one.exact or 0 for one in account(rule, worst, "1000")) for rule in (capped, free)]
        assert sums[0] < sums[1] or most in (40, 480)
