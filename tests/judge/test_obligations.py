"""Periods of obligations judged the slow way: day by day, around the ends of contracts and leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Literal

import pytest

from tests.language.texts import terms_of
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Contract, ObligationRule, Terms
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import instant_of
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.frozen import replace

DAY = timedelta(days=1)
Kind = Literal["calendar month", "calendar quarter", "calendar year", "contract year"]
KINDS: tuple[Kind, ...] = ("calendar month", "calendar quarter", "calendar year", "contract year")
HEAD = "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}\n"
BASE: Terms = terms_of("", head=HEAD)
ALWAYS: Calendar = BASE.calendars["always"]


def first_day(kind: Kind, day: date, from_on: date) -> date:
    """The first day of the period that holds a day, found by going back a day at a time."""
    while not is_first(kind, day, from_on):
        day -= DAY
    return day


def is_first(kind: Kind, day: date, from_on: date) -> bool:
    """Whether a period begins on a day; 29 February has its anniversary on the 28th in other years."""
    if kind == "calendar month":
        return day.day == 1
    if kind == "calendar quarter":
        return day.day == 1 and day.month in (1, 4, 7, 10)
    if kind == "calendar year":
        return (day.month, day.day) == (1, 1)
    if (from_on.month, from_on.day) == (2, 29):
        leap = (day + DAY).month == 2 if (day.month, day.day) == (2, 28) else False
        return (day.month, day.day) == (2, 29) or ((day.month, day.day) == (2, 28) and not leap)
    return (day.month, day.day) == (from_on.month, from_on.day)


def judged(
    kind: Kind, times: int, from_on: date, until_on: date | None, done: list[date], asked: date
) -> list[tuple[date, str, int]]:
    """First day of each period, state and count, a day at a time."""
    found: list[tuple[date, str, int]] = []
    day = from_on
    while day <= asked and (until_on is None or day < until_on):
        first = first_day(kind, day, from_on)
        if not found or found[-1][0] != first:
            following = first + DAY
            while not is_first(kind, following, from_on):
                following += DAY
            ends = following if until_on is None else min(following, until_on)
            count = sum(first <= one < ends for one in done if one <= asked)
            if count >= times:
                state = "met"
            elif asked < ends:
                state = "running"
            else:
                state = "breached" if ends == following else "not applicable"
            found.append((first, state, count))
        day += DAY
    return found


def computed(
    kind: Kind, times: int, from_on: date, until_on: date | None, done: list[date], asked: date
) -> list[tuple[date, str, int]]:
    """The same by the core."""
    zone = ALWAYS.rule.zone
    anchor = from_on if kind == "contract year" else None
    rule = ObligationRule("review", times, PeriodRule(kind, zone, anchor))
    contract = Contract("c", "Acme", "acme", from_on, until_on=until_on)
    terms = replace(BASE, contract=contract, obligations=(rule,))
    at = instant_of(datetime(asked.year, asked.month, asked.day, tzinfo=UTC))
    facts = [
        Fact(f"f{n}", "desk", "obligation.done", when, when, "R", {"contract": "c", "obligation": "review"})
        for n, when in enumerate(
            sorted(instant_of(datetime(d.year, d.month, d.day, tzinfo=UTC)) for d in done if d <= asked)
        )
    ]
    found = []
    for verdict in evaluate([terms], facts, at).of("c"):
        assert verdict.count is not None
        assert verdict.started_at is not None
        found.append((zone.date_at(verdict.started_at), verdict.state, verdict.count))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (date(2024, 2, 29), None),
        (date(2024, 2, 29), date(2028, 2, 29)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2027, 3, 1)),
        (date(2023, 12, 31), date(2024, 3, 1)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 29)),
        (date(2025, 1, 31), date(2025, 1, 31) + DAY),
        (date(2025, 7, 1), date(2025, 10, 1)),
        (date(2025, 7, 1), date(2025, 9, 30)),
    ],
)
def test_the_ends_of_contracts_and_leap_days(kind: Kind, from_on: date, until_on: date | None) -> None:
    """One act on the first day, the last, and every leap day in between, asked on each day that matters."""
    last = (until_on or date(2028, 4, 1)) - DAY
    done = sorted(
        {from_on, last, *(one for one in (date(2024, 2, 29), date(2028, 2, 29)) if from_on <= one <= last)}
    )
    for asked in sorted({from_on, last, last + DAY, last + 2 * DAY, date(2028, 2, 29), date(2028, 3, 1)}):
        for times in (1, 2):
            given = kind, times, from_on, until_on, done, asked
            assert computed(*given) == judged(*given), given


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_obligations_of_made_up_contracts(seed: int) -> None:
    """Contracts of some weeks to some years, acts on any day, also outside; asked on any day."""
    random = Random(f"obligations {seed}")
    from_on = date(2023, 1, 1) + random.randrange(900) * DAY
    until_on = None if random.random() < 0.3 else from_on + random.randrange(1, 900) * DAY
    done = [from_on + random.randrange(-40, 1000) * DAY for _ in range(random.randrange(12))]
    asked = from_on + random.randrange(0, 1000) * DAY
    given = random.choice(KINDS), random.randint(1, 3), from_on, until_on, sorted(done), asked
    assert computed(*given) == judged(*given), given
