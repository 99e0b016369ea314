"""What an amount follows from: where all of that is the same, it is looked up once, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.core.remedies import KEY, bands, bill, euros, level, measured, outages, percent, verdict
from upheld.core.owing.bill import Bill
from upheld.core.owing.credits import credit_in, given_after
from upheld.core.owing.entitlement import Case
from upheld.core.owing.limits import Given
from upheld.core.owing.prospects import Prospects
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import Base, Days, Formula, Limit, RemedyRule, Share, Steps
from upheld.core.timeline.instant import HOUR
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Literal
from upheld.core.values.frozen import replace
from upheld.core.values.once import Parts
from upheld.core.verdicts.verdict import State, Verdict

UTC = Zone("UTC", (), (0,), ("UTC",), 2020, 2030)
AMSTERDAM = Zone("Europe/Amsterdam", (), (3600,), ("CET",), 2020, 2030)
LOW, HIGH = bands((None, "99", "25"), ("99", "99.9", "10")), bands((None, "99", "50"), ("99", "99.9", "5"))
EACH = Steps(Fraction(HOUR), Share(percent("4")), "each outage", begun=True)
FEE = Formula(Arithmetic("*", Attribute("shortfall"), Attribute("fee.support")), "money")
OFTEN = Compare(">=", Attribute("breaches"), Literal(Fraction(2), "number"))
CLAIMED = Compare(">=", Attribute("complaints"), Literal(Fraction(1), "number"))
AMOUNTS = (LOW, HIGH, EACH, FEE)
LIMITS = ((), (Limit("month", Share(percent("8"))),), (Limit("day", euros("30")), Limit("year", euros("90"))))
RULE = RemedyRule("credit", "uptime", LOW, base=Base("fee", ("month",)))


def remedies() -> Iterator[RemedyRule]:
    """Every amount under all limits, and each of a few other fields changed."""
    for amount, limits in product(AMOUNTS, LIMITS):
        yield replace(RULE, amount=amount, limits=limits)
    yield replace(RULE, when=OFTEN)
    yield replace(RULE, when=CLAIMED)
    yield replace(RULE, breaches=2, of_last=3)
    yield replace(RULE, breaches=1, of_last=3)
    yield replace(RULE, least=euros("120"))
    yield replace(RULE, rounding="down")
    yield replace(RULE, unit="days of service", amount=bands((None, "99.9", "10")))
    yield replace(RULE, amount=None, unit="termination")


def verdicts() -> Iterator[Verdict]:
    """Known and unknown values, over and running, under two levels."""
    down, unknown = outages((1, 3), (20, 29)), outages((40, 44))
    known = measured(percent("98.5"), down=down)
    between = measured(percent("98.5"), percent("97.9"), percent("99.95"), down=down, unknown=unknown)
    running = measured(percent("99.5"), worst=percent("20"), down=down)
    for found, promised in product((known, between, running), (level("99.9"), level("98"))):
        yield verdict(found, promised)
    yield verdict(known, level("99.9"), "missed")
    yield verdict(measured(None, percent("0"), percent("100")), level("99.9"))


def cases() -> Iterator[Case]:
    """Every remedy of every verdict, and a few that differ in what else there is."""
    commit = CommitRule("uptime", "uptime", PeriodRule("calendar month", UTC), level("99.9"))
    bills = bill("1000", support="300"), bill("700.5", support="100"), bill(None, support="300")
    before: tuple[State, ...] = "breached", "met"
    for remedy, found, owed in product(tuple(remedies()), tuple(verdicts()), bills):
        case = Case(remedy, found, owed, commit, (), 0, 0, UTC)
        yield case
        yield replace(case, kept_before=before)
        yield replace(case, complaints=1, untold_complaints=1)
        yield replace(case, zone=AMSTERDAM)
        yield replace(case, commit=replace(commit, unknown="down"))


GIVEN = (
    {"month": Given.sure(Fraction(0)), "year": Given.sure(Fraction(0))},
    {"month": Given.sure(Fraction(20)), "year": Given(Fraction(30), Fraction(10), Fraction(85))},
)


@pytest.mark.slow
def test_a_credit_of_a_remembered_part_is_the_credit_computed_anew() -> None:
    """All of them in one memory: what one case found is not taken for another that differs in anything."""
    parts, found = Parts(), set()
    for case in list(cases()):
        shared, anew = parts(case.seen, lambda case=case: Prospects(case, parts)), Prospects(case)
        for given in GIVEN:
            before = {limit.per: given[limit.per] for limit in case.remedy.limits if limit.per in given}
            credit = credit_in(shared, KEY, before)
            assert credit == credit_in(anew, KEY, before), case
            assert given_after(shared, before, credit) == given_after(anew, before, credit), case
            found.add((credit.state, credit.low, credit.high, credit.amount, credit.unit))
    assert len(found) > 80, "the cases differ"


def test_cases_that_are_alike_are_looked_up_once() -> None:
    """Under another bill the points are the same, unless a formula or a condition asks for money."""
    parts = Parts()
    found = next(verdicts())
    case = Case(RULE, found, bill(), None, (), 0, 0, UTC)
    limited = replace(case, remedy=replace(RULE, rounding="down"), bill=bill("70"))
    assert case.grounds(parts) is limited.grounds(parts)
    asked = replace(case, remedy=replace(RULE, amount=FEE))
    assert asked.grounds(parts) is not replace(asked, bill=bill("70")).grounds(parts)


OTHERWISE: dict[str, Any] = {
    "name": "other", "of": "other", "amount": HIGH, "when": OFTEN, "breaches": 7, "of_last": 7,
    "unit": "termination", "limits": LIMITS[1], "least": Days(Fraction(1)), "rounding": "down",
}  # fmt: skip
"""Another value of a field of a remedy."""
ELSEWHERE = {"base", "group", "combine", "pay", "exercise", "doc", "cited"}
"""What the bill has of it, what credits are put together, paid and used by, and what nobody computes with."""


@pytest.mark.parametrize("field", sorted(RemedyRule.__dataclass_fields__.keys() - ELSEWHERE))
def test_every_field_of_a_remedy_is_seen(field: str) -> None:
    """A field that is added must be put into what is seen, or nobody computes anew what it changes."""
    case = Case(RULE, next(verdicts()), bill(), None, (), 0, 0, UTC)
    assert OTHERWISE[field] != getattr(RULE, field)
    assert replace(case, remedy=replace(RULE, **{field: OTHERWISE[field]})).seen != case.seen


CHANGED: dict[str, Any] = {
    "remedy": replace(RULE, amount=HIGH), "verdict": list(verdicts())[1], "bill": Bill(None, {}),
    "commit": CommitRule("uptime", "uptime", PeriodRule("calendar month", UTC)), "complaints": 1,
    "untold_complaints": 1, "zone": AMSTERDAM, "kept_before": ("met",),
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(Case.__match_args__))
def test_every_field_of_a_case_is_seen(field: str) -> None:
    """The states before only where a remedy or its formula looks back."""
    case = Case(replace(RULE, breaches=2, of_last=3), next(verdicts()), bill(), None, (), 0, 0, UTC)
    assert replace(case, **{field: CHANGED[field]}).seen != case.seen
