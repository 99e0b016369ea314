"""The life of a contract: what the contract file and the facts about it say holds, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, Contract
from upheld.core.terms.life import Life, contract_period, contract_year, life_of, periods_of
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import parse_amount
from upheld.core.values.value import Money

from .worlds import DESK, at, bound, fact, shown

ZONE = bound(DESK).calendars[ALWAYS].rule.zone
CONTRACT_THERE = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, zone: America/New_York}\n"
)
FEES = {"month": Money(Fraction(100), "EUR")}
CONTRACT = Contract("c1", "Acme", "acme", date(2026, 1, 1), plan="silver", fees=FEES)
GOLD = {"gold": {"month": Money(Fraction(300), "EUR")}}
WITH_GOLD = replace(CONTRACT, plan_fees=GOLD)
YEARLY = replace(CONTRACT, term=parse_amount("12 months"))


def told(verb: str, when: str, **data: object) -> Fact:
    """A fact about the contract."""
    return fact(f"contract.{verb}", when, "c1", **data)


def life(*facts: Fact, contract: Contract = CONTRACT) -> Life:
    """The life that facts make of a contract whose agreement has the plans silver and gold."""
    return life_of(contract, ("silver", "gold"), ZONE, sorted(facts, key=lambda one: one.order))


def plans(found: Life) -> list[tuple[str | None, str]]:
    """From when which plan holds."""
    return [(shown(one.from_at), one.plan) for one in found.plans]


def fees(found: Life, when: str) -> dict[str, str]:
    """The fees at an instant."""
    return {name: f"{fee.amount} {fee.currency}" for name, fee in found.fees_at(at(when)).items()}


def test_without_facts_the_contract_file_says_all() -> None:
    """From its first day on until further notice, under its plan and for its fees."""
    found = life()
    assert (shown(found.start_at), found.end_at) == ("Thu 01-01 00:00", None)
    assert plans(found) == [("Thu 01-01 00:00", "silver")]
    assert fees(found, "Mon 06-01 00:00") == {"month": "100 EUR"}


def test_a_plan_holds_from_its_change_on() -> None:
    """From the instant of the fact, not before."""
    found = life(told("plan_changed", "Mon 06-15 09:00", plan="gold"))
    assert [found.plan_at(at(when)) for when in ("Mon 06-15 08:59", "Mon 06-15 09:00")] == ["silver", "gold"]


def test_a_change_may_be_told_before_the_day_from_which_it_holds() -> None:
    """`on` is the first day of the new plan, in the zone of the contract."""
    found = life(told("plan_changed", "Mon 06-01 09:00", plan="gold", on="2026-06-15"))
    assert plans(found)[1] == ("Mon 06-15 00:00", "gold")


def test_what_names_a_plan_that_is_not_known_is_passed_over() -> None:
    """Nobody can tell what it promises, so what held goes on."""
    assert plans(life(told("plan_changed", "Mon 06-15 09:00", plan="platin"))) == plans(life())


def test_of_two_changes_at_one_instant_the_last_one_holds() -> None:
    """By the order of the facts; the other held for no time."""
    one = told("plan_changed", "Mon 06-15 09:00", plan="gold", on="2026-07-01")
    other = told("plan_changed", "Tue 06-16 09:00", plan="silver", on="2026-07-01")
    found = life(one, other, told("plan_changed", "Wed 04-01 09:00", plan="gold"))
    assert plans(found) == [
        ("Thu 01-01 00:00", "silver"), ("Wed 04-01 09:00", "gold"), ("Wed 07-01 00:00", "silver"),
    ]  # fmt: skip


def test_a_change_before_the_first_day_is_one_of_the_first_day() -> None:
    """Nobody had any plan before."""
    found = life_of(
        replace(CONTRACT, from_on=date(2026, 6, 1)), ("gold",), ZONE,
        [told("plan_changed", "Mon 05-25 09:00", plan="gold")],
    )  # fmt: skip
    assert plans(found) == [("Mon 06-01 00:00", "gold")]


def test_an_unverified_fact_changes_nothing() -> None:
    """Whoever told it is not known."""
    assert life(told("ended", "Mon 06-15 09:00", verified=False)) == life()


def test_the_fees_of_another_plan_are_those_that_the_contract_says_for_it() -> None:
    """And those of the first plan again when it comes back."""
    found = life(
        told("plan_changed", "Mon 06-15 09:00", plan="gold"),
        told("plan_changed", "Wed 07-15 09:00", plan="silver"),
        contract=WITH_GOLD,
    )
    assert fees(found, "Wed 07-01 00:00") == {"month": "300 EUR"}
    assert fees(found, "Sat 08-01 00:00") == {"month": "100 EUR"}


def test_a_plan_for_which_nobody_says_fees_has_none() -> None:
    """The fees of the plan before would be wrong, and wrong money is worse than none."""
    assert fees(life(told("plan_changed", "Mon 06-15 09:00", plan="gold")), "Wed 07-01 00:00") == {}


def test_the_fact_may_bring_the_fees() -> None:
    """They go before those of the contract file."""
    change = told("plan_changed", "Mon 06-15 09:00", plan="gold", fees={"month": "250.50 EUR"})
    assert fees(life(change, contract=WITH_GOLD), "Wed 07-01 00:00") == {"month": "501/2 EUR"}


def test_add_ons_come_and_go_as_fees_of_their_own() -> None:
    """What is not named stays as it was."""
    found = life(
        told("fees_changed", "Wed 04-01 00:00", fees={"texting": "20 EUR"}),
        told("fees_changed", "Fri 05-01 00:00", fees={"texting": "none", "month": "110 EUR"}),
    )
    assert fees(found, "Thu 04-30 23:59") == {"month": "100 EUR", "texting": "20 EUR"}
    assert fees(found, "Fri 05-01 00:00") == {"month": "110 EUR"}


def test_an_early_end_ends_it_before_its_time() -> None:
    """And what comes after that has no effect, which can be told."""
    late = told("plan_changed", "Wed 07-15 09:00", plan="gold")
    found = life(told("ended", "Mon 06-15 09:00"), late)
    assert shown(found.end_at) == "Mon 06-15 09:00"
    assert found.ended_by is not None
    assert [ref.id for ref in found.without_effect] == [late.id]
    assert (found.holds(at("Mon 06-15 08:59")), found.holds(at("Mon 06-15 09:00"))) == (True, False)


def test_an_end_told_for_a_later_day_counts_from_that_day() -> None:
    """A notice of termination: until then all goes on."""
    found = life(
        told("ended", "Mon 06-01 09:00", on="2026-08-01"),
        told("plan_changed", "Mon 06-15 09:00", plan="gold"),
    )
    assert shown(found.end_at) == "Sat 08-01 00:00"
    assert found.plan_at(at("Wed 07-01 00:00")) == "gold"


def test_a_contract_ended_before_its_first_day_was_never_in_force() -> None:
    """Not for an instant."""
    found = life_of(replace(CONTRACT, from_on=date(2026, 6, 1)), (), ZONE, [told("ended", "Mon 05-25 09:00")])
    assert found.start_at == found.end_at


def test_an_end_after_the_end_has_no_effect() -> None:
    """The contract file said when it is over."""
    until = replace(CONTRACT, until_on=date(2026, 6, 1))
    assert shown(life(told("ended", "Wed 07-01 00:00"), contract=until).end_at) == "Mon 06-01 00:00"


def test_a_renewal_carries_a_contract_beyond_its_end() -> None:
    """For one more term, or until the day that it names, or until further notice."""
    year = replace(YEARLY, until_on=date(2026, 7, 1))
    renewed = told("renewed", "Mon 06-15 09:00", on="2026-07-01")
    assert life(renewed, contract=year).end_at == ZONE.day_start(date(2027, 7, 1))
    named = told("renewed", "Mon 06-15 09:00", on="2026-07-01", until="2026-10-01")
    assert shown(life(named, contract=year).end_at) == "Thu 10-01 00:00"
    open_ = replace(CONTRACT, until_on=date(2026, 7, 1))
    assert life(renewed, contract=open_).end_at is None


def test_a_renewal_after_the_end_has_no_effect() -> None:
    """Who comes back later signs another contract."""
    found = life(told("ended", "Mon 06-01 00:00"), told("renewed", "Mon 06-15 09:00"))
    assert shown(found.end_at) == "Mon 06-01 00:00"
    assert not found.renewals


def test_contract_periods_follow_each_other_from_the_last_renewal() -> None:
    """An early renewal cuts nothing short but begins the next one."""
    found = life(told("renewed", "Mon 06-15 00:00"), contract=YEARLY)
    ends = [
        shown(contract_period(YEARLY, found, ZONE, at(when))[0])
        for when in ("Sun 06-14 23:59", "Mon 06-15 00:00")
    ]
    assert ends == ["Thu 01-01 00:00", "Mon 06-15 00:00"]


def test_a_contract_year_is_cut_where_a_renewal_begins_another() -> None:
    """The parts are periods of their own; together they leave nothing out."""
    rule = PeriodRule("contract year", ZONE, date(2026, 1, 1))
    found = life(told("renewed", "Mon 06-15 12:00"), contract=YEARLY)
    shown_periods = [
        (shown(one.start_at), shown(one.end_at), one.label)
        for one in periods_of(rule, found, at("Thu 12-31 00:00"))
    ]
    assert shown_periods == [
        ("Thu 01-01 00:00", "Mon 06-15 12:00", "contract year 2026-01-01"),
        ("Mon 06-15 12:00", "Tue 06-15 00:00", "contract year 2026-06-15"),
    ]
    assert contract_year(rule, found, at("Thu 07-02 00:00")).label == "contract year 2026-06-15"


def test_a_renewal_on_the_first_day_of_a_year_makes_no_year_of_hours() -> None:
    """It is that year which begins."""
    rule = PeriodRule("contract year", ZONE, date(2025, 6, 15))
    contract = replace(YEARLY, from_on=date(2025, 6, 15))
    found = life_of(contract, (), ZONE, [told("renewed", "Mon 06-15 12:00")])
    labels = [one.label for one in periods_of(rule, found, at("Thu 12-31 00:00"))]
    assert labels == ["contract year 2025-06-15", "contract year 2026-06-15"]


def test_a_rest_lasts_until_the_contract_is_resumed() -> None:
    """Each has the reason that was told; the last one still lasts."""
    found = life(
        told("suspended", "Mon 06-01 00:00", reason="unpaid"),
        told("resumed", "Thu 06-04 00:00"),
        told("suspended", "Mon 06-15 00:00"),
    )
    rests = [(shown(one.start_at), shown(one.end_at), one.reason) for one in found.rests]
    assert rests == [("Mon 06-01 00:00", "Thu 06-04 00:00", "unpaid"), ("Mon 06-15 00:00", None, None)]


def test_a_month_is_whole_only_under_one_plan_and_for_the_same_fees() -> None:
    """A change at one of its ends leaves it whole."""
    found = life(
        told("plan_changed", "Mon 06-15 09:00", plan="gold"),
        told("fees_changed", "Sat 08-01 00:00", fees={"month": "200 EUR"}),
        told("ended", "Thu 10-15 00:00"),
    )
    rule = PeriodRule("calendar month", ZONE)
    months = periods_of(rule, found, at("Sat 10-31 00:00"))[4:]
    whole = {month.label: found.is_whole_in(month, ZONE) for month in months}
    assert whole == {
        "2026-05": True, "2026-06": False, "2026-07": True,
        "2026-08": True, "2026-09": True, "2026-10": False,
    }  # fmt: skip


def test_a_period_of_another_zone_begins_for_the_contract_on_the_same_date() -> None:
    """A month in UTC, and a contract in New York that changes its plan with the first of June there."""
    there = bound(DESK, CONTRACT_THERE).calendars[ALWAYS].rule.zone
    found = life_of(
        CONTRACT, ("gold",), there, [told("plan_changed", "Mon 05-25 09:00", plan="gold", on="2026-06-01")]
    )
    june = PeriodRule("calendar month", ZONE).period_at(at("Mon 06-15 00:00"))
    assert found.plan_at(june.start_at) == "silver"
    assert found.plan_at(found.begun_at(june, ZONE)) == "gold"
    assert found.is_whole_in(june, ZONE)


def test_a_signature_told_by_a_fact_is_that_of_the_contract() -> None:
    """Whatever day the file says."""
    assert shown(life(told("signed", "Mon 01-05 10:00")).signed_at) == "Mon 01-05 10:00"
