"""Forecasts of a book: budgets and ends that are exact, chances that follow the past, and what lies ahead."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.observed import Row, Rows
from tests.core.worlds import CONTRACT, DESK, DOCUMENT, Case, at, fact, shown
from tests.seeds import tried
from upheld.book.due import Due, Risk, ahead
from upheld.book.evaluate import Report
from upheld.book.forecast import Forecasts, forecasts
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.forecasting.forecast import Forecast
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.timeline.instant import DAY, HOUR, MINUTE

pytestmark = pytest.mark.slow

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
component:
  service: {doc: all of it}
indicator:
  uptime: {count: incidents of service}
commit:
  uptime: {level: ">= 99 %", per: calendar month}
"""
)


def outage(case: Case, n: int, start: str, end: str) -> Case:
    """An incident from one instant to another."""
    case.tell("incident.declared", start, f"I-{n}", components=["service"], severity="S1")
    return case.tell("incident.resolved", end, f"I-{n}")


def asked(case: Case, when: str, observations: Observations = NO_OBSERVATIONS, **more: int) -> Forecasts:
    """The forecasts of a case at an instant."""
    return forecasts(_report(case, when, observations), observations, None, **more)


def _report(case: Case, when: str, observations: Observations) -> Report:
    facts = [fact for fact in case.facts if fact.at <= at(when)]
    evaluation = evaluate(case.terms, sorted(facts, key=lambda one: one.order), at(when), observations)
    return Report(at(when), len(facts), case.terms, evaluation, facts=len(facts))


def only(found: Forecasts) -> Forecast:
    """The only measured forecast."""
    ((_, _, one),) = found.measured
    return one


def test_budget_and_ends_are_exact() -> None:
    """June has 720 hours, of which 7.2 may fail; 3 have, a third of the month is over."""
    case = outage(Case(AGREEMENT), 1, "Fri 06-05 06:00", "Fri 06-05 09:00")
    found = only(asked(case, "Thu 06-11 00:00"))
    assert found.budget is not None
    assert (found.budget.whole, found.budget.used, found.budget.left) == (
        432 * MINUTE,
        3 * HOUR,
        252 * MINUTE,
    )
    assert (found.elapsed, found.counted) == (Fraction(1, 3), Fraction(1, 3))
    assert found.burn == Fraction(180, 432) / Fraction(1, 3)
    assert (found.best, found.worst) == (Fraction(717, 720), Fraction(237, 720))
    assert dict(found.method)["past"] == "161 days"


def test_what_is_certain_is_not_drawn() -> None:
    """A level out of reach is lost, one that the rest of the month cannot lose is safe."""
    case = outage(Case(AGREEMENT), 1, "Fri 06-05 00:00", "Fri 06-05 08:00")
    lost = only(asked(case, "Thu 06-11 00:00"))
    assert (lost.chance, lost.reason, lost.method) == (1, "the level can no longer be reached", ())
    safe = only(asked(Case(AGREEMENT), "Tue 06-30 20:00"))
    assert (safe.chance, safe.reason) == (0, "even the worst end keeps the level")
    assert safe.lost_by is None


def test_the_chance_follows_the_past() -> None:
    """A service that failed every other day is likelier to lose its level than one that never did."""
    clean, often = Case(AGREEMENT), Case(AGREEMENT)
    for day in range(1, 29, 2):
        weekday = ("Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu")[(day - 1) % 7]
        outage(often, day, f"{weekday} 05-{day:02} 10:00", f"{weekday} 05-{day:02} 13:00")
    told = [only(asked(case, "Wed 06-03 00:00")).chance for case in (clean, often)]
    assert told[0] is not None
    assert told[1] is not None
    assert told[0] < Fraction(1, 4) < told[1]


def test_less_is_at_stake_the_later_it_is() -> None:
    """With nothing used, the chance falls to nothing as the month goes on, and rises with what is used."""
    days = ("Wed 06-03 00:00", "Fri 06-12 00:00", "Mon 06-22 00:00", "Mon 06-29 00:00")
    told = [only(asked(Case(AGREEMENT), day)).chance for day in days]
    assert told == sorted(told, key=lambda chance: chance or 0, reverse=True)
    used = outage(Case(AGREEMENT), 1, "Mon 06-01 00:00", "Mon 06-01 07:00")
    assert (only(asked(used, "Fri 06-12 00:00")).chance or 0) > (told[1] or 0)


def test_a_seed_repeats_what_was_drawn() -> None:
    """The same question gives the same answer, and says seed and number of continuations."""
    case = outage(Case(AGREEMENT), 1, "Fri 06-05 06:00", "Fri 06-05 12:00")
    first = only(asked(case, "Thu 06-11 00:00", resamples=400, seed=5))
    assert first == only(asked(case, "Thu 06-11 00:00", resamples=400, seed=5))
    assert (dict(first.method)["continuations"], dict(first.method)["seed"]) == ("400", "5")
    other = only(asked(case, "Thu 06-11 00:00", resamples=400, seed=6))
    assert first.lost_in != other.lost_in


def test_an_outage_that_goes_on_is_followed() -> None:
    """While a service is down, the chance is higher than after as much downtime that has ended."""
    ended = outage(Case(AGREEMENT), 1, "Wed 06-10 20:00", "Wed 06-10 23:59")
    going = Case(AGREEMENT).tell("incident.declared", "Wed 06-10 20:00", "I-1", components=["service"])
    now = "Thu 06-11 00:00"
    assert (only(asked(going, now)).chance or 0) > (only(asked(ended, now)).chance or 0) + Fraction(1, 4)


def test_the_chance_by_an_earlier_instant_is_smaller() -> None:
    """It grows to that of the whole period, and half of what is lost by then is lost at `lost_around`."""
    case = outage(Case(AGREEMENT), 1, "Fri 06-05 06:00", "Fri 06-05 12:00")
    found = only(asked(case, "Thu 06-11 00:00"))
    by = [found.chance_by(at("Thu 06-11 00:00") + days * DAY) for days in (0, 3, 10, 20)]
    assert by[0] == 0
    assert by == sorted(by, key=lambda chance: chance or 0)
    assert by[-1] == found.chance
    assert found.lost_by is not None
    assert found.at < found.lost_by <= found.period.end_at
    early = found.lost_around(found.at + 3 * DAY)
    assert early is not None
    assert early <= found.at + 3 * DAY


@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 12)), max_size=6),
    st.integers(1, 29),
)
@settings(max_examples=tried(25))
def test_what_is_certain_comes_true(outages: list[tuple[int, int]], day: int) -> None:
    """The month ends between the ends that were told; what is lost is breached, what is safe is met."""
    case, start_at = Case(AGREEMENT), at("Mon 06-01 00:00")
    for n, (hour, hours) in enumerate(outages):
        begin, end = start_at + hour * HOUR, start_at + (hour + hours) * HOUR
        case.facts.append(fact("incident.declared", begin, f"I-{n}", components=["service"], severity="S1"))
        case.facts.append(fact("incident.resolved", end, f"I-{n}"))
    now, end = start_at + day * DAY, shown(at("Thu 07-02 00:00"))
    assert end is not None
    told = only(asked(case, shown(now) or "", resamples=20))
    verdicts = _report(case, end, NO_OBSERVATIONS).evaluation.of("c1")
    (june,) = [one for one in verdicts if one.key.subject == "2026-06"]
    assert june.measurement is not None
    assert june.measurement.final.value is not None
    assert told.worst <= june.measurement.final.value <= told.best
    if not told.resamples:
        assert june.state == ("breached" if told.chance else "met")


ACROSS = (
    DOCUMENT
    + DESK
    + """
component:
  planes: {each: [api, voice]}
  api: {doc: the interface}
  voice: {doc: calls}
indicator:
  each: {count: incidents of planes}
  worst: {count: incidents of planes, across: worst}
  one: {count: incidents of planes, across: at least 1}
  pooled: {count: incidents of planes, across: pooled}
  mean: {count: incidents of planes, across: mean}
  weighted: {count: incidents of planes, across: weighted, weights: {api: 3, voice: 1}}
commit:
  each: {level: ">= 99 %", per: calendar month}
  worst: {level: ">= 99 %", per: calendar month}
  one: {level: ">= 99 %", per: calendar month}
  pooled: {level: ">= 99 %", per: calendar month}
  mean: {level: ">= 99 %", per: calendar month}
  weighted: {level: ">= 99 %", per: calendar month}
"""
)


def test_components_are_drawn_together() -> None:
    """The worst is lost where either is, one of two where both are; a pool of equal ones is their mean."""
    case = Case(ACROSS)
    for n, day in enumerate(("Mon 04-06", "Tue 04-21", "Wed 05-06", "Thu 05-21", "Fri 06-05")):
        name = "api" if n % 2 else "voice"
        case.tell("incident.declared", f"{day} 06:00", f"I-{n}", components=[name], severity="S1")
        case.tell("incident.resolved", f"{day} 10:00", f"I-{n}")
    told = {
        (one.key.commitment, one.key.subject.partition("/")[2]): one.chance
        for _, _, one in asked(case, "Mon 06-08 00:00").measured
    }
    chances = {name: told[name, ""] or Fraction(0) for name in ("worst", "one", "pooled", "mean", "weighted")}
    each = [told["each", "api"] or Fraction(0), told["each", "voice"] or Fraction(0)]
    assert all(0 < chance < 1 for chance in (*chances.values(), *each))
    assert chances["one"] < min(each)
    assert chances["worst"] > max(each)
    assert chances["pooled"] == chances["mean"]
    assert chances["one"] < chances["mean"] < chances["worst"]
    assert chances["weighted"] < chances["mean"]  # what failed in June weighs less


# -- what is counted ---------------------------------------------------------------------------------------

COUNTED = (
    DOCUMENT
    + DESK
    + """
component:
  interface: {doc: what is called}
signal:
  gateway: {of: interface, counts: requests}
  probe: {of: interface, checks: one call, every: 1h}
indicator:
  success: {count: counts of interface, per: {slice: 1h}, combine: ratio of sums, gaps: out of total}
  speed: {count: latency of interface, combine: percentile 95}
commit:
  success: {level: ">= 99 %", per: calendar month}
  speed: {level: "<= 0.5s", per: calendar month}
"""
)


def _requests(*failing: str) -> Rows:
    """A hundred requests an hour from May on, and a slow and failing one on some days, all of them then."""
    days = {at(f"{day} 00:00") // DAY for day in failing}
    return Rows().tell(
        "interface",
        [
            Row(hour, 50 if hour // DAY in days else 100, 100, 900_000 if hour // DAY in days else 1_000)
            for hour in range(at("Fri 05-01 00:00"), at("Thu 06-11 00:00"), HOUR)
        ],
    )


def test_requests_are_drawn_with_as_many_as_before() -> None:
    """Where half of the requests of a day fail, one more such day loses 99 % of the month."""
    found = {
        one.key.commitment: one
        for _, _, one in asked(Case(COUNTED), "Thu 06-11 00:00", _requests("Tue 05-12", "Tue 05-26")).measured
    }
    success = found["success"]
    assert success.budget is not None
    assert (success.budget.whole, success.budget.unit, success.burn) == (240, "count", 0)
    assert success.past_days == 41
    assert success.chance is not None
    assert Fraction(1, 2) < success.chance < 1
    speed = found["speed"]
    assert speed.budget is None
    assert speed.chance is not None
    assert Fraction(1, 10) < speed.chance < Fraction(9, 10)


def test_what_was_never_bad_is_hardly_lost() -> None:
    """A month of good requests leaves only what is added to every past."""
    found = asked(Case(COUNTED), "Thu 06-11 00:00", _requests()).measured
    assert all(one.chance is not None and 0 < one.chance < Fraction(2, 5) for _, _, one in found)


def test_ratios_of_slices_and_levels_that_may_not_be_passed() -> None:
    """A mean of ratios is drawn slice by slice; what may be at most so much is lost by what is good."""
    agreement = (
        COUNTED[: COUNTED.index("indicator:")]
        + """
indicator:
  mean: {count: counts of interface, per: {slice: 1h}, combine: mean of ratios, gaps: out of total}
  share: {count: counts of interface, per: {slice: 1h}, combine: ratio of sums, gaps: out of total}
commit:
  mean: {level: ">= 99 %", per: calendar month}
  most: {indicator: share, level: "<= 55 %", per: calendar month}
"""
    )
    observed = _requests("Tue 05-12", "Tue 05-26")
    mean, most = (one for _, _, one in asked(Case(agreement), "Thu 06-11 00:00", observed).measured)
    success = asked(Case(COUNTED), "Thu 06-11 00:00", observed).measured[0][2]
    assert mean.chance == success.chance
    assert (most.chance, most.best) == (1, 0)
    half = Rows().tell(
        "interface",
        [
            Row(hour, 100 if hour // DAY % 8 == 0 and hour < at("Mon 06-01 00:00") else 50, 100)
            for hour in range(at("Fri 05-01 00:00"), at("Thu 06-11 00:00"), HOUR)
        ],
    )
    most = asked(Case(agreement), "Thu 06-11 00:00", half).measured[1][2]
    assert most.now.value == Fraction(1, 2)
    assert most.chance is not None
    assert Fraction(1, 10) < most.chance < Fraction(9, 10)


ITEMS = (
    DOCUMENT
    + DESK
    + """
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
indicator:
  answers: {count: outcomes of response}
commit:
  answers: {level: ">= 80 %", per: calendar month}
"""
)


@pytest.mark.parametrize(("late", "low", "high"), [(0, 0.0, 0.45), (3, 0.55, 1.0)])
def test_items_are_drawn_by_how_many_came_and_were_late(late: int, low: float, high: float) -> None:
    """A desk that answered all in time is safer than one that was late with some; open tickets count too."""
    case = Case(ITEMS)
    for day in range(1, 11):
        weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[(day - 1) % 7]
        case.tell("opened", f"{weekday} 06-{day:02} 09:00", f"T-{day}")
        hour = 13 if day % 4 < late and day % 4 else 10
        case.tell("replied", f"{weekday} 06-{day:02} {hour}:00", f"T-{day}")
    case.tell("opened", "Wed 06-10 23:00", "T-open")
    found = only(asked(case, "Thu 06-11 00:00"))
    if not found.resamples:
        assert late
        return
    assert found.chance is not None
    assert low <= found.chance <= high


# -- what lies ahead ---------------------------------------------------------------------------------------


def test_deadlines_and_risks_come_in_one_order() -> None:
    """The next thing first: a ticket with its chance, a level that may be lost, the end of the month."""
    agreement = AGREEMENT + "deadline:\n  response: {from: opened, until: answered, on: desk, within: 8h}\n"
    case = outage(Case(agreement), 1, "Fri 06-05 06:00", "Fri 06-05 12:30")
    case.tell("opened", "Wed 06-24 16:00")
    report = _report(case, "Thu 06-25 00:00", NO_OBSERVATIONS)
    found = ahead(report, forecasts(report, NO_OBSERVATIONS), at("Wed 07-01 00:00"))
    response, risk, end = found
    assert isinstance(response, Due)
    assert isinstance(risk, Risk)
    assert isinstance(end, Due)
    assert (response.key.commitment, shown(response.wake.due_at)) == ("response", "Thu 06-25 16:00")
    assert response.chance is not None
    assert report.at < risk.at < risk.until_at == end.wake.due_at
    assert (risk.chance, end.wake.what) == (end.chance, "period end")
    within = ahead(report, forecasts(report, NO_OBSERVATIONS), at("Thu 06-25 20:00"))
    # What is below its level so far is told however small the chance is.
    assert [one.key.commitment for one in within] == ["uptime", "response"]
    assert isinstance(within[0], Risk)
    assert within[0].chance < risk.chance


def test_what_is_lost_is_no_risk_any_more() -> None:
    """Only the end of its period lies ahead."""
    case = outage(Case(AGREEMENT), 1, "Fri 06-05 00:00", "Fri 06-05 12:30")
    report = _report(case, "Thu 06-25 00:00", NO_OBSERVATIONS)
    (end,) = ahead(report, forecasts(report, NO_OBSERVATIONS), at("Wed 07-01 00:00"))
    assert isinstance(end, Due)
    assert end.chance is None


def test_contracts_that_measure_alike_are_told_alike() -> None:
    """Two contracts of one provider have the same chance under their own keys."""
    other = CONTRACT.replace("c1", "c2").replace("Acme", "Contoso")
    case = outage(Case(AGREEMENT, CONTRACT, other), 1, "Fri 06-05 06:00", "Fri 06-05 12:00")
    told = asked(case, "Thu 06-11 00:00").measured
    assert [one.key.contract for _, _, one in told] == ["c1", "c2"]
    assert len({one.chance for _, _, one in told}) == 1
