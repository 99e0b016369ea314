"""Worked examples: where they are played, what they show, and that they say nothing else than the engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.language.texts import terms_of as terms_of_agreement
from upheld.book.worked import worked_examples
from upheld.book.worked.observed import MadeUp
from upheld.core.measuring.observation import Stream
from upheld.core.terms.agreement import ClockRule, Rows, Terms, leaves
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.core.values.frozen import replace
from upheld.core.values.value import Money
from upheld.core.worked import (
    Worked,
    WorkedClock,
    WorkedCredit,
    WorkedFee,
    WorkedLevel,
    WorkedQuota,
)
from upheld.files.folder import read_book

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())


def terms_of(folder: str) -> Terms:
    """The terms of an example folder."""
    return read_book([ROOT / "examples" / folder]).terms[0]


def found(folder: str, rule: str) -> tuple[Worked, ...]:
    """The examples of one rule there."""
    return worked_examples(terms_of(folder)).of(rule)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_rule_with_a_number_has_an_example(folder: Path) -> None:
    """A clock with a time, an allowance, a duty, a level and an amount are all shown, and nothing else is.

    A right to leave gives no amount, and a clock without goal and limit only records.
    """
    for terms in read_book([folder]).terms:
        shown = worked_examples(terms).by_rule
        wanted = [rule.name for rule in (*terms.quotas, *terms.obligations)]
        wanted += [rule.name for rule in terms.clocks if rule.due is not None or has_time(rule)]
        wanted += [rule.name for rule in terms.remedies if rule.amount is not None]
        wanted += [rule.name for rule in terms.commits if rule.level is not None]
        assert set(shown) == set(wanted)


def has_time(rule: ClockRule) -> bool:
    """Whether a goal or a limit is given anywhere in what a clock allows."""
    trees = [row.target for row in rule.within.rows] if isinstance(rule.within, Rows) else [rule.within]
    return any(one.goal or one.limit for tree in trees for one in leaves(tree))


def test_examples_are_played_in_the_first_june_of_a_version() -> None:
    """Its version is of January 2026, so is its contract."""
    (one, *_) = found("first", "response")
    assert isinstance(one, WorkedClock)
    zone = terms_of("first").calendars["always"].rule.zone
    assert zone.date_at(one.facts[0].at) == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("from_on", "until_on", "month"),
    [
        (date(2026, 7, 1), None, "2027-06"),
        (date(2026, 7, 1), date(2027, 7, 1), "2027-06"),
        (date(2026, 7, 1), date(2027, 6, 30), "2026-07"),
        (date(2026, 7, 2), date(2026, 9, 15), "2026-08"),
        (date(2026, 7, 2), date(2026, 8, 20), "2026-07"),
    ],
)
def test_examples_are_played_within_the_term_of_a_contract(
    from_on: date, until_on: date | None, month: str
) -> None:
    """In its first whole June, else its first whole month, else the month in which it begins."""
    terms = terms_of("first")
    assert terms.contract is not None
    bound = replace(terms.contract, from_on=from_on, until_on=until_on)
    shown = worked_examples(replace(terms, contract=bound))
    (one, *_) = shown.of("response")
    assert isinstance(one, WorkedClock)
    assert f"{terms.calendars['always'].rule.zone.date_at(one.facts[0].at):%Y-%m}" == month
    assert shown.month is not None
    assert shown.month.label == month


def test_a_clock_is_shown_over_a_closing_a_holiday_a_wait_and_a_change() -> None:
    """Each row late on the last open day, one over Good Friday, one with a wait, one made urgent."""
    cases = [(one.case, one.given) for one in found("first", "resolution") if isinstance(one, WorkedClock)]
    p1, p2 = (("priority", "P1"),), (("priority", "P2"),)
    assert cases == [("closing", p1), ("holiday", p1), ("closing", p2), ("wait", p1), ("change", p1)]


def test_a_wait_moves_the_end_by_what_it_counts() -> None:
    """Eight hours, of which one is used when the wait begins, end seven hours after it."""
    (one,) = (
        one for one in found("first", "resolution") if isinstance(one, WorkedClock) and one.case == "wait"
    )
    (pause,) = one.verdict.pauses
    assert pause.end_at is not None
    assert pause.start_at - (one.verdict.anchor_at or 0) == HOUR
    calendar = terms_of("first").calendars["support"]
    assert calendar.elapsed(pause.end_at, one.verdict.due_at or 0) == 7 * HOUR


def test_a_budget_of_nothing_lasts_from_closing_to_opening() -> None:
    """Risky work begun at closing time is over in time until the next opening, which the example says."""
    terms = read_book([ROOT / "agreements" / "ceng.yaml", ROOT / "demo" / "ceng"]).terms[0]
    (one, *_) = worked_examples(terms).of("risky work")
    assert isinstance(one, WorkedClock)
    assert one.verdict.budget_us == 0
    assert one.last_at == terms.calendars["business"].next_opening(one.verdict.due_at or 0)


def test_an_allowance_is_used_up_and_gone_beyond() -> None:
    """The last ticket within it and the first beyond, of which only one is urgent to the clocks."""
    (one,) = found("overridden", "urgent")
    assert isinstance(one, WorkedQuota)
    assert [ticket.is_within for ticket in one.tickets] == [True, False]
    assert one.verdict.count == one.verdict.allowed
    assert [len(ticket.verdicts) for ticket in one.tickets] == [1, 0]


def test_a_level_measured_by_states_is_lost_by_a_second() -> None:
    """Where nothing says how finely time is told apart, a second is the step."""
    (one,) = found("fleet", "uptime")
    assert isinstance(one, WorkedLevel)
    assert one.kept is not None
    assert one.lost is not None
    assert (one.kept[0].bad, one.lost[0].bad) == (216 * MINUTE, 216 * MINUTE + SECOND)
    march = next(budget for budget in one.budgets if budget.period.label == "2026-03")
    assert march[1:] == ((31 * 24 - 1) * HOUR * 5 // 1000, True)  # the clocks go forward


def test_requests_are_counted_in_numbers_that_tell_the_level() -> None:
    """Three decimals of a ratio need a thousand requests."""
    (one,) = found("requests", "success")
    assert isinstance(one, WorkedLevel)
    assert (one.unit, one.budgets) == ("count", ())
    assert one.kept is not None
    assert (one.kept[0].bad, one.kept[0].of) == (1, 1000)


def test_a_credit_takes_the_fee_of_a_contract_that_has_one() -> None:
    """And else an amount that is marked as made up."""
    (one, *_) = found("fleet", "credit")
    assert isinstance(one, WorkedCredit)
    assert one.fees == (WorkedFee("month", Money(Fraction(840), "EUR"), "month", True),)
    assert one.shares[0].credit.amount == Decimal("84.00")
    terms = terms_of("fleet")
    assert terms.contract is not None
    (other, *_) = worked_examples(replace(terms, contract=replace(terms.contract, fees={}))).of("credit")
    assert isinstance(other, WorkedCredit)
    assert other.fees == (WorkedFee("month", Money(Fraction(1000), "EUR")),)
    assert other.shares[0].credit.amount == Decimal("100.00")


def test_steps_are_shown_at_two_sizes() -> None:
    """The first failure that pays and twice as much."""
    first, second = found("service-days", "free days")
    assert isinstance(first, WorkedCredit)
    assert isinstance(second, WorkedCredit)
    assert second.shares[0].failure.bad == 2 * first.shares[0].failure.bad
    assert (first.shares[0].credit.amount, second.shares[0].credit.amount) == (2, 3)


def test_the_same_terms_give_the_same_examples() -> None:
    """Nothing is random, and nobody asks what time it is."""
    terms = terms_of("follow-the-sun")
    assert worked_examples(terms) == worked_examples(terms)


def test_the_years_of_the_lock_are_not_left() -> None:
    """A contract beyond them is shown in the last of them."""
    terms = terms_of("first")
    assert terms.contract is not None
    far = worked_examples(replace(terms, contract=replace(terms.contract, from_on=date(2040, 1, 1))))
    (one, *_) = far.of("response")
    assert isinstance(one, WorkedClock)
    always = terms.calendars["always"]
    assert always.rule.zone.date_at(one.facts[0].at).year == always.end_year


def test_what_may_fail_of_a_rounded_level_is_what_keeps_it() -> None:
    """June of 43,200 minutes keeps 99.9 % up to the half below it: 64 minutes and 48 seconds."""
    (one,) = worked_examples(
        terms_of_agreement(
            "component: {shop: {}}\nsignal: {host: {of: shop, states: what the host says, max age: 1h}}\n"
            "indicator: {uptime: {count: states of shop}}\n"
            'commit: {uptime: {level: ">= 99.9 %", per: calendar month, compare: half up}}\n'
        )
    ).of("uptime")
    assert isinstance(one, WorkedLevel)
    assert one.kept is not None
    june = next(budget.most_us for budget in one.budgets if budget.period.label == "2026-06")
    assert june == 64 * MINUTE + 48 * SECOND == one.kept[0].bad


def test_an_example_of_a_credit_pays_something_in_the_currency_of_its_remedy() -> None:
    """The first has no complete hour and pays nothing; twice as much pays, in the dollars of the limit."""
    found = worked_examples(
        terms_of_agreement(
            "component: {shop: {}}\nsignal: {page: {of: shop, checks: the shop opens}}\n"
            "indicator: {uptime: {count: checks of shop, per: {slice: 5m}}}\n"
            'commit: {uptime: {level: ">= 99.9 %", per: calendar month}}\n'
            "remedy: {credit: {of: uptime, steps: {each: 1h, of: downtime, give: 5 %}, base: {fee: month}, "
            "limits: {month: 200.00 USD}}}\n"
        )
    ).of("credit")
    owed = [one.shares[0].credit for one in found if isinstance(one, WorkedCredit)]
    assert [(credit.amount, credit.currency) for credit in owed] == [(Decimal("50.00"), "USD")]


@pytest.mark.slow
def test_rows_that_ask_for_many_attributes_are_played_one_by_one() -> None:
    """Five to the tenth combinations are too many to play; each row has its example all the same."""
    names = "abcdefghij"
    attributes = "".join(
        f"  {name}: {{of: ticket, type: text, values: [{', '.join(f'{name}{n}' for n in range(5))}]}}\n"
        for name in names
    )
    first, second = (" and ".join(f"{one} = {one}1" for one in half) for half in (names[:5], names[5:]))
    rows = f"[{{where: {first}, limit: 1h}}, {{where: {second}, limit: 2h}}, {{where: a = a2, limit: 3h}}]"
    terms = terms_of_agreement(
        f"attribute:\n{attributes}deadline: {{fix: {{from: opened, until: resolved, within: {rows}}}}}\n"
    )
    shown = worked_examples(terms).of("fix")
    due = [
        one.verdict.budget_us or 0 for one in shown if isinstance(one, WorkedClock) and one.case == "closing"
    ]
    assert sorted(due) == [HOUR, 2 * HOUR, 3 * HOUR]


def test_made_up_observations_that_differ_have_other_digests() -> None:
    """Of what fails, when, and how slow it is; what fails elsewhere changes nothing of a stream."""
    stream = Stream("Northwind", "shop", "page")
    made = MadeUp(frozenset({"shop"}), bad_items=1, of=100)
    changes = (
        {"failing": frozenset[str]()},
        {"at": MINUTE},
        {"slow_us": MINUTE},
        {"fast_us": 1},
        {"of": 101},
    )
    digests = [replace(made, **change).digest(stream) for change in changes]  # type: ignore[arg-type]  # by its own fields
    assert len({made.digest(stream), *digests}) == 1 + len(changes)
    assert replace(made, failing=frozenset({"shop", "desk"})).digest(stream) == made.digest(stream)
