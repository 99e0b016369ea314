"""The life of a contract judged day by day: for each day, every fact is gone over anew."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.worlds import DESK, bound, fact
from tests.seeds import tried
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, Contract
from upheld.core.terms.life import contract_period, life_of, periods_of
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import parse_amount

ZONE = bound(DESK).calendars[ALWAYS].rule.zone
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, date(2026, 11, 30))
FACTS = st.lists(
    st.one_of(
        st.tuples(st.just("plan_changed"), DAYS, st.sampled_from(["silver", "gold", "tin"])),
        st.tuples(st.just("ended"), DAYS, st.just("")),
    ),
    max_size=5,
)


def told(rows: list[tuple[str, date, str]]) -> list[Fact]:
    """The facts, all told on the first day, each for a day of its own."""
    first_at = ZONE.day_start(FIRST)
    return [
        fact(f"contract.{verb}", first_at, "c1", f"f{n}", on=str(on), plan=plan)
        for n, (verb, on, plan) in enumerate(rows)
    ]


def judged(rows: list[tuple[str, date, str]], from_on: date, until_on: date | None, day: date) -> str | None:
    """The plan on a day, by going over all that was told; None where the contract does not hold."""
    ends = [on for verb, on, _ in rows if verb == "ended"] + ([until_on] if until_on else [])
    end_on = min(ends, default=None)
    if day < from_on or (end_on is not None and day >= end_on):
        return None
    plan, plan_on = "silver", date.min
    for verb, on, name in rows:
        before_end = end_on is None or on < end_on
        if verb == "plan_changed" and name != "tin" and on <= day and on >= plan_on and before_end:
            plan, plan_on = name, on
    return plan


@settings(max_examples=tried(150), deadline=None)
@given(FACTS, st.dates(FIRST, date(2026, 6, 1)), st.none() | st.dates(date(2026, 6, 2), LAST))
def test_the_plan_of_every_day_is_that_of_the_judge(
    rows: list[tuple[str, date, str]], from_on: date, until_on: date | None
) -> None:
    """Plans, the beginning and the end, whatever the order in which they are told."""
    contract = Contract("c1", "Acme", "acme", from_on, plan="silver", until_on=until_on)
    life = life_of(contract, ("silver", "gold"), ZONE, told(rows))
    for n in range(0, 365, 3):
        day = FIRST + timedelta(days=n)
        at = ZONE.day_start(day)
        plan = life.plan_at(at) if life.holds(at) else None
        assert plan == judged(rows, from_on, until_on, day), day


@settings(max_examples=tried(100), deadline=None)
@given(DAYS, st.integers(1, 12), st.lists(DAYS, max_size=3, unique=True))
def test_every_day_is_in_the_contract_period_of_the_judge(
    from_on: date, months: int, renewed: list[date]
) -> None:
    """From the last renewal, or the beginning, so many months at a time."""
    contract = Contract("c1", "Acme", "acme", from_on, plan="silver", term=parse_amount(f"{months} months"))
    facts = [
        fact("contract.renewed", ZONE.day_start(FIRST), "c1", f"r{n}", on=str(on))
        for n, on in enumerate(renewed)
    ]
    life = life_of(contract, (), ZONE, facts)
    for n in range(0, (LAST - from_on).days, 9):
        day = from_on + timedelta(days=n)
        base = max([from_on, *(on for on in renewed if from_on <= on <= day)])
        count = 0
        while add_months(base, months * (count + 1), base.day) <= day:
            count += 1
        expected = add_months(base, months * count, base.day)
        assert ZONE.date_at(contract_period(contract, life, ZONE, ZONE.day_start(day))[0]) == expected


@settings(max_examples=tried(100), deadline=None)
@given(DAYS, st.lists(DAYS, max_size=3, unique=True), st.none() | DAYS)
def test_contract_years_follow_each_other_without_a_gap(
    from_on: date, renewed: list[date], ended_on: date | None
) -> None:
    """However often it is renewed, every day of the contract is in just one."""
    contract = Contract("c1", "Acme", "acme", from_on, plan="silver")
    facts = [
        fact("contract.renewed", ZONE.day_start(FIRST), "c1", f"r{n}", on=str(on))
        for n, on in enumerate(renewed)
    ]
    if ended_on is not None:
        facts.append(fact("contract.ended", ZONE.day_start(FIRST), "c1", "e", on=str(ended_on)))
    life = life_of(contract, (), ZONE, facts)
    until_at = ZONE.day_start(LAST)
    years = periods_of(PeriodRule("contract year", ZONE, from_on), life, until_at)
    ends = [until_at, *([] if life.end_at is None else [life.end_at])]
    if life.start_at >= min(ends):
        assert not years
        return
    assert years[0].start_at == life.start_at
    assert years[-1].end_at >= min(ends)
    assert all(one.end_at == after.start_at for one, after in pairwise(years))
    assert len({one.label for one in years}) == len(years)
