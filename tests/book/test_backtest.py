"""A backtest: what flips under other terms, the money of it, and what could have been promised."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import CONTRACT, DESK, DOCUMENT, Case, at
from upheld.book.backtest import Backtest, backtest, promised_levels, promised_targets
from upheld.book.backtest_terms import Change, Page, terms_under, with_plans
from upheld.book.evaluate import Report
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.forecasting.past import HOURS, Past
from upheld.core.forecasting.promise import level_promise
from upheld.core.measuring.observation import NO_OBSERVATIONS
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Indicator, Level
from upheld.core.timeline.instant import HOUR, MINUTE, Instant
from upheld.core.values.finding import Finding, has_errors
from upheld.core.values.frozen import replace
from upheld.language.node import Mapping
from upheld.language.reader import read_yaml

ROWS = """
assume:
  grace: {ref: X/1, issue: how long, options: [an hour, two hours], take: an hour, because: it says so}
component:
  service: {doc: all of it}
indicator:
  uptime: {count: incidents of service}
deadline:
  response: {from: opened, until: answered, on: desk, within: {by grace: {an hour: 1h, two hours: 2h}}}
commit:
  uptime: {level: ">= 99.5 %", per: calendar month}
remedy:
  credit:
    of: uptime
    bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}
    top: level
    base: {fee: month}
"""
PLANS = """
plan:
  basic: {}
  gold: {commit: {uptime: ">= 99.9 % per calendar month"}}
"""
AGREEMENT = DOCUMENT + DESK + ROWS
NEXT = (
    DOCUMENT.replace("'1'", "'2'")
    + DESK
    + ROWS.replace("99 %", "98 %").replace("99.5 %", "99 %")
    + "obligation:\n  review: {times: 1, per: calendar quarter}\n"
)
BOUND = CONTRACT.replace("}", ", fees: {month: 100.00 EUR}}")
JULY = at("Thu 07-02 00:00")


def node(text: str) -> Mapping:
    """A YAML text as a map."""
    found, findings = read_yaml(text.encode(), "test.yaml")
    assert isinstance(found, Mapping), findings
    return found


def page(text: str, version: str = "1") -> Page:
    """An agreement ready to be bound to."""
    return Page(node(text), "acme", version)


def under(text: str, contract: str = BOUND, version: str = "1", **change: object) -> tuple[Terms, ...]:
    """A contract under an agreement and a change. Nothing may be wrong."""
    terms, findings = terms_under(page(text, version), [node(contract)], Change(**change))  # type: ignore[arg-type]
    assert terms, [finding.message for finding in findings]
    assert not has_errors(findings)
    return terms


def month() -> Case:
    """Four hours down in June (99.44 %), and three tickets answered in 30, 90 and 150 minutes."""
    case = Case(AGREEMENT, BOUND)
    case.tell("incident.declared", "Fri 06-05 06:00", "I-1", components=["service"], severity="S1")
    case.tell("incident.resolved", "Fri 06-05 10:00", "I-1")
    for n, (hour, minute) in enumerate(((9, 30), (10, 30), (11, 30))):
        case.tell("opened", "Mon 06-08 09:00", f"T-{n}")
        case.tell("replied", f"Mon 06-08 {hour:02}:{minute:02}", f"T-{n}")
    return case


def report(case: Case, terms: tuple[Terms, ...], when: Instant = JULY) -> Report:
    """The facts of a case judged under some terms."""
    facts = sorted(case.facts, key=lambda one: one.order)
    return Report(when, len(facts), terms, evaluate(terms, facts, when), facts=len(facts))


def tried(case: Case, before: tuple[Terms, ...], after: tuple[Terms, ...]) -> Backtest:
    """The comparison of two sides."""
    return backtest(report(case, before), report(case, after))


def flips(found: Backtest) -> list[tuple[str, str, str, str]]:
    """What flips: commitment, subject, before, after."""
    return [
        (old.verdict.key.commitment, old.verdict.key.subject, old.verdict.state, new.verdict.state)
        for old, new in found.flips
    ]


def test_the_same_terms_flip_nothing() -> None:
    """Every verdict is the same, no amount changes, and what is owed is as it was."""
    found = tried(month(), under(AGREEMENT), under(AGREEMENT))
    assert (found.flips, found.credits, found.only_before, found.only_after) == ((), (), (), ())
    assert found.same == len(list(found.before.numbered()))
    (owed,) = found.sums
    assert (owed.currency, owed.before, owed.after) == ("EUR", Decimal("10.00"), Decimal("10.00"))


def test_another_version_flips_verdicts_and_money() -> None:
    """A level of 99 % would have been kept, so nothing would have been owed; a duty is only there after."""
    found = tried(month(), under(AGREEMENT), under(NEXT, version="2"))
    assert flips(found) == [("uptime", "2026-06", "breached", "met")]
    assert dict(found.kinds) == {("measurement", "breached", "met"): 1}
    (change,) = found.credits
    assert change.before is not None
    assert change.after is not None
    assert (change.before.credit.amount, change.after.credit.state) == (Decimal("10.00"), "not owed")
    (owed,) = found.sums
    assert (owed.before, owed.after) == (Decimal("10.00"), Decimal("0.00"))
    assert owed.exact_after - owed.exact_before == -10
    (only,) = found.only_after
    assert (only.commitment, only.kind, only.is_whole, only.verdicts > 0) == (
        "review",
        "obligation",
        True,
        True,
    )
    assert found.only_before == ()


def test_another_reading_is_taken() -> None:
    """With two hours the ticket of ninety minutes is in time, and the one of 150 is late still."""
    found = tried(month(), under(AGREEMENT), under(AGREEMENT, takes={"grace": "two hours"}))
    assert flips(found) == [("response", "T-1", "breached", "met")]


def test_another_level_brings_what_rests_on_it() -> None:
    """The first band ends at the level, so a level below the value owes nothing, and one above owes more."""
    lower = tried(month(), under(AGREEMENT), under(AGREEMENT, levels={"uptime": "99.4%"}))
    assert flips(lower) == [("uptime", "2026-06", "breached", "met")]
    (level,) = [rule.level for rule in lower.after.terms[0].commits]
    assert level == Level(">=", Fraction(994, 1000), "ratio", 1)
    higher = tried(month(), under(AGREEMENT), under(AGREEMENT, levels={"uptime": "> 99.9 %"}))
    assert flips(higher) == []
    assert higher.credits == ()


def test_another_target_is_tried_on_the_same_calendar() -> None:
    """Three hours of the desk keep all three tickets."""
    found = tried(month(), under(AGREEMENT), under(AGREEMENT, levels={"response": "3h"}))
    assert flips(found) == [
        ("response", "T-1", "breached", "met"),
        ("response", "T-2", "breached", "met"),
    ]


def test_what_runs_moves_with_its_target() -> None:
    """Nothing is late yet on Monday at 9:30: two clocks run, and are due at noon and not at ten."""
    monday = at("Mon 06-08 09:30")
    case, (before, after) = month(), (under(AGREEMENT), under(AGREEMENT, levels={"response": "3h"}))
    case.facts = [one for one in case.facts if one.order[0] <= monday]
    found = backtest(report(case, before, monday), report(case, after, monday))
    assert found.flips == ()
    moves = [(one.verdict.key.subject, one.verdict.due_at, two.verdict.due_at) for one, two in found.moves]
    ten, noon = at("Mon 06-08 10:00"), at("Mon 06-08 12:00")
    assert moves == [("T-1", ten, noon), ("T-2", ten, noon)]
    assert found.same + len(found.moves) == len(list(found.before.numbered()))


def test_another_plan_keeps_what_the_contract_overrides() -> None:
    """The plan is another; the override of the contract lies over both."""
    basic = BOUND.replace("}}", "}, plan: basic}")
    text = AGREEMENT + PLANS
    assert [rule.level.value for rule in under(text, basic, plan="gold")[0].commits if rule.level] == [
        Fraction(999, 1000)
    ]
    overridden = basic + 'override: {commit: {uptime: {level: ">= 99.4 %"}}}\n'
    for plan in ("", "gold"):
        (terms,) = under(text, overridden, plan=plan)
        assert [rule.level.value for rule in terms.commits if rule.level] == [Fraction(994, 1000)]
    (terms,) = under(text, overridden, levels={"uptime": "99.3%"})
    assert [rule.level.value for rule in terms.commits if rule.level] == [Fraction(993, 1000)]


def _wrong(**change: object) -> list[Finding]:
    return list(terms_under(page(AGREEMENT), [node(BOUND)], Change(**change))[1])  # type: ignore[arg-type]


def test_what_is_misspelt_is_told() -> None:
    """Names that nothing has, options that are none, levels that cannot be read: each a finding."""
    (take,) = _wrong(takes={"graze": "two hours"})
    assert (take.message, take.way_out) == (
        "--take names `graze`, and there is no such assumption",
        "did you mean `grace`?",
    )
    (level,) = _wrong(levels={"uptim": "99%"})
    assert level.message == "--level names `uptim`, and there is no such commitment, deadline or cadence"
    assert [one.code for one in _wrong(takes={"grace": "three hours"})] == ["unknown-option"]
    assert [one.code for one in _wrong(levels={"uptime": "much"})] == ["bad-level"]
    assert [one.code for one in _wrong(plan="gold")] == ["unknown-plan"]


def test_amounts_that_are_not_decided_are_in_no_sum() -> None:
    """On the second of July the credit of July is running, on both sides."""
    found = tried(month(), under(AGREEMENT), under(AGREEMENT, levels={"uptime": "99.4%"}))
    (owed,) = found.sums
    assert (owed.before, owed.undecided_before) == (Decimal("10.00"), 1)
    assert (str(owed.after), owed.undecided_after) == ("0.00", 1)


# -- what could have been promised -------------------------------------------------------------------------


def test_the_shortest_target_is_the_slowest_of_few_cycles() -> None:
    """With three cycles each counts: 150 minutes of the desk."""
    (found,) = promised_targets(report(month(), under(AGREEMENT)))
    assert (found.commitment, found.target, found.calendar) == ("response", "1h", "desk")
    assert (found.promise.exact_us, found.promise.cycles) == (150 * MINUTE, 3)


def test_the_level_is_that_of_periods_put_together() -> None:
    """One day of 182 lost four hours: of a hundred months like July hardly one has it twice."""
    (found,) = promised_levels(report(month(), under(AGREEMENT)), NO_OBSERVATIONS)
    promise = found.promise
    assert (promise.period_days, promise.block_days, promise.past_days) == (31, 1, 182)
    assert promise.exact == 1 - Fraction(4, 31 * 24)
    assert promise.printed == Fraction(994, 1000)


UPTIME = Indicator("uptime", "incidents", "service")
LEVEL = Level(">=", Fraction(99, 100), "ratio", 2)


def past(days: list[int], of: int = 24) -> Past:
    """Days with so many hours bad, in one course."""
    bad = [hours * HOUR if hour == 0 else 0 for hours in days for hour in range(HOURS)]
    whole = [of * HOUR if hour == 0 else 0 for _ in days for hour in range(HOURS)]
    return Past(0, (tuple(bad),), (tuple(whole),), tuple(day % 7 for day in range(len(days))))


@given(st.lists(st.integers(0, 24), min_size=7, max_size=60), st.integers(1, 40), st.integers(0, 99))
def test_the_level_is_kept_by_99_of_100(days: list[int], period_days: int, seed: int) -> None:
    """It lies between the worst and the best day, and its printed form is not above it."""
    found = level_promise(past(days), UPTIME, LEVEL, period_days, 100, seed)
    assert found.exact is not None
    assert found.printed is not None
    worst, best = 1 - Fraction(max(days), 24), 1 - Fraction(min(days), 24)
    assert worst <= found.exact <= best
    assert found.exact - Fraction(1, 10_000) < found.printed <= found.exact


def test_a_past_without_faults_could_have_promised_all() -> None:
    """100 %; and from less than a week, or of a percentile, nothing is told."""
    assert level_promise(past([0] * 40), UPTIME, LEVEL, 30, 50, 1).exact == 1
    assert level_promise(past([0] * 6), UPTIME, LEVEL, 30, 50, 1).reason == "fewer than seven days are known"
    slow = Level("<=", Fraction(500_000), "duration")
    assert level_promise(past([0] * 40), UPTIME, slow, 30, 50, 1).exact is None


def test_a_contract_changes_its_plan_under_what_is_tried_too() -> None:
    """Unless a plan is tried: then it holds for all the time. What the page does not have is left out."""
    plans = "plan:\n  silver: {}\n  gold: {}\n"
    bound = "contract: {id: c, customer: Acme, agreement: acme, plan: silver, from: 2026-01-01}\n"
    text = "document: {agreement: acme, version: '2', provider: N, zone: UTC}\n" + plans
    tried = Page(node(text), "acme", "2")
    contract = node(bound)
    (silver,), _ = terms_under(tried, [contract], Change())
    own = [replace(silver, plans={"gold": silver, "tin": silver})]
    (whole,), findings = with_plans([silver], own, tried, {"c": contract}, Change())
    assert (findings, list(whole.plans), whole.plans["gold"].plan) == ((), ["gold"], "gold")
    (alone,), _ = with_plans([silver], own, tried, {"c": contract}, Change(plan="silver"))
    assert not alone.plans
