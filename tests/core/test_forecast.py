"""Where a running period is going: exact budgets and ends, chances drawn from the past by a seed."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.forecasting.chance import Stake, chances, is_lost
from upheld.core.forecasting.draws import Draws
from upheld.core.forecasting.late import lateness, past_shares, share_used
from upheld.core.forecasting.past import HOURS, Grid
from upheld.core.forecasting.promise import target_promise
from upheld.core.forecasting.stake import line_of, outage_lengths_left, slack_of
from upheld.core.forecasting.urn import ADDED, HALF_LIFE, SIZES, Losses, Urn, is_clustered, weight
from upheld.core.measuring.level import reaches
from upheld.core.terms.indicator import CommitRule, Indicator, Level, Relation
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.spans import Spans

from .observed import UTC
from .worlds import CONTRACT, Case, at, clock

BUDGET = 1_000
PERIOD = PeriodRule("calendar month", UTC)


def losses(*days: int) -> Losses:
    """Days that lose so much each, in their sixth hour; they begin on a Monday."""
    hourly = [loss if hour == 5 else 0 for loss in days for hour in range(HOURS)]
    return Losses((tuple(hourly),), tuple(day % 7 for day in range(len(days))), (BUDGET,))


def stake(slack: int, **more: object) -> Stake:
    """One course with so much to lose."""
    return Stake((slack,), (slack,), (slack,), 1, **more)  # type: ignore[arg-type]


# -- draws -------------------------------------------------------------------------------------------------


def test_draws_are_those_of_splitmix64() -> None:
    """The published vectors of the generator for one seed."""
    draws = Draws(1234567)
    assert [draws.below(1 << 64) for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


@given(st.integers(0, 2**70), st.integers(1, 10**9))
def test_draws_lie_below_their_bound_and_repeat(seed: int, bound: int) -> None:
    """Every number is in range, and the same seed gives the same ones."""
    first, second = Draws(seed), Draws(seed)
    found = [first.below(bound) for _ in range(20)]
    assert all(0 <= one < bound for one in found)
    assert found == [second.below(bound) for _ in range(20)]


# -- the urn -----------------------------------------------------------------------------------------------


def test_a_day_counts_half_after_a_half_life() -> None:
    """In full today, half a half-life ago, a quarter two ago, and never more than a younger one."""
    assert weight(HALF_LIFE) * 2 == weight(0) == weight(2 * HALF_LIFE) * 4
    ages = [weight(age) for age in range(5 * HALF_LIFE)]
    assert ages == sorted(ages, reverse=True)
    assert ages[HALF_LIFE // 2] * 4 == weight(0) * 3


def test_without_a_past_only_the_added_days_are_drawn() -> None:
    """One of twenty days is bad, by each size as often as by another."""
    urn, draws = Urn(Losses(((),), (), (BUDGET,)), 0), Draws(3)
    firsts = [urn.path(HOURS, draws)[0] for _ in range(20_000)]
    assert {hours for _, hours in firsts} == {HOURS}
    bad = [day for day, _ in firsts if day < -1]
    assert len(bad) / len(firsts) == pytest.approx(1 / ADDED, abs=0.005)
    for n, (times, of) in enumerate(SIZES):
        assert bad.count(-2 - n) / len(bad) == pytest.approx(1 / len(SIZES), abs=0.05)
        assert urn.lost(-2 - n, HOURS, 0) == BUDGET * times // of


def test_a_path_covers_the_hours_to_come() -> None:
    """Whole days, then the hours that are left of the last one."""
    urn = Urn(losses(*range(40)), 2)
    for hours in (1, 24, 25, 170):
        path = urn.path(hours, Draws(hours))
        assert sum(ahead for _, ahead in path) == hours
        assert all(ahead == HOURS for _, ahead in path[:-1])


def test_part_of_a_day_loses_what_its_first_hours_lost() -> None:
    """Of a past day by its hours; an added loss comes at the middle of its day."""
    urn = Urn(losses(7), 0)
    assert [urn.lost(0, hours, 0) for hours in (5, 6, 24)] == [0, 7, 7]
    usual = urn.lost(-1, HOURS, 0)
    assert [urn.lost(-4, hours, 0) for hours in (11, 12)] == [usual * 11 // 24, usual * 12 // 24 + BUDGET]


def test_one_day_to_come_is_lost_as_often_as_the_weights_say() -> None:
    """The share drawn is that of a table of weights: past days by age and weekday, and the added ones."""
    days = [200 if day % 5 == 0 else 0 for day in range(30)]
    past, slack, weekday = losses(*days), 100, 3
    own = [weight(29 - day) * (3 if day % 7 == weekday else 1) for day in range(30)]
    whole = sum(weight(29 - day) for day in range(30))
    bad = Fraction(sum(own[day] for day in range(30) if days[day] > slack), sum(own)) * whole
    expected = (bad + weight(0)) / (whole + ADDED * weight(0))  # every added loss is more than the slack
    drawn = chances(past, weekday, HOURS, stake(slack), 20_000, 7)
    assert drawn.stated / drawn.resamples == pytest.approx(float(expected), abs=0.01)


def test_a_copy_makes_what_was_drawn_likelier() -> None:
    """Two days of which both are bad come more often than independent ones would let them (Pólya's urn)."""
    past = losses(*[150 if day % 2 else 0 for day in range(20)])
    one = chances(past, 0, HOURS, stake(100), 5_000, 1).stated / 5_000
    both = chances(past, 0, 2 * HOURS, stake(250), 5_000, 1)
    # 250 is lost by two bad days, or by one of the added ones that lose 500 and more.
    assert both.stated / both.resamples > one**2 + 0.02


def test_weeks_are_drawn_where_bad_days_follow_each_other() -> None:
    """A bad week in eight is clustered; the same days spread evenly are not, nor is what never fails."""
    spell = [50 if 14 <= day % 56 < 21 else 0 for day in range(112)]
    even = [50 if day % 8 == 0 else 0 for day in range(112)]
    assert is_clustered([spell])
    assert not is_clustered([even])
    assert not is_clustered([[0] * 112])
    assert not is_clustered([spell[:27]])
    assert Urn(losses(*spell), 0).block_days == 7
    assert Urn(losses(*even), 0).block_days == 1


def test_the_same_question_has_the_same_answer() -> None:
    """A seed gives the same chance and the same hours; another seed about the same chance."""
    past = losses(*[300 if day % 9 == 0 else 0 for day in range(60)])
    first = chances(past, 0, 10 * HOURS, stake(500), 2_000, 1)
    assert first == chances(past, 0, 10 * HOURS, stake(500), 2_000, 1)
    other = chances(past, 0, 10 * HOURS, stake(500), 2_000, 2)
    assert first.lost_in != other.lost_in
    assert abs(first.stated - other.stated) < 200


def test_the_hour_of_the_loss_is_that_of_the_day_drawn() -> None:
    """Days that lose everything in their sixth hour lose it there; an added day loses it evenly."""
    drawn = chances(losses(*[5_000] * 400), 0, 5 * HOURS, stake(100), 500, 1)
    assert drawn.stated == 500
    assert drawn.lost_in.count(5) > 400
    assert set(drawn.lost_in) == {0, 5}


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4), st.integers(0, 5))
def test_it_is_lost_where_too_few_courses_are_kept(lost: list[int], needed: int) -> None:
    """A course is kept while its losses are at most its slack."""
    kept = [one for one in lost if one <= 0]
    assert is_lost(lost, (0,) * len(lost), needed) == (len(kept) < needed)


def test_what_is_open_now_costs_at_once() -> None:
    """Items that are certainly late cost what late ones do; an outage that goes on costs its rest."""
    nothing = Losses(((0,) * HOURS * 400,), (0,) * 400, (0,))
    late = stake(5, open_items=((1, 1),) * 2, cost_late=3, cost_kept=-1)
    assert chances(nothing, 0, 1, late, 50, 1).stated == 50
    kept = stake(5, open_items=((0, 1),) * 2, cost_late=3, cost_kept=-1)
    assert chances(nothing, 0, 1, kept, 50, 1).stated == 0
    half = chances(nothing, 0, 1, stake(5, ongoing=((4, 6),)), 4_000, 1)
    assert half.stated / 4_000 == pytest.approx(0.5, abs=0.03)
    assert set(half.lost_in) == {0}


def test_an_outage_that_goes_on_loses_a_level_when_it_has_lasted_long_enough() -> None:
    """An hour costs two: of five left the third takes the last; of two courses the one needed decides."""
    nothing = Losses(((0,) * HOURS * 400,) * 2, (0,) * 400, (0, 0))
    one = Losses(nothing.hourly[:1], nothing.weekdays, (0,))
    assert set(chances(one, 0, 24, stake(5, ongoing=((9,),), hour_cost=2), 50, 1).lost_in) == {2}
    assert set(chances(one, 0, 24, stake(-1, ongoing=((9,),), hour_cost=2), 50, 1).lost_in) == {0}
    for needed, hour in ((2, 1), (1, 3)):
        two = Stake((6, 3), (6, 3), (6, 3), needed, ongoing=((9,), (9,)), hour_cost=2)
        assert set(chances(nothing, 0, 24, two, 50, 1).lost_in) == {hour}


def test_an_outage_goes_on_as_long_as_those_that_lasted_as_long() -> None:
    """Past outages longer than the present one give their rest; half, once and twice its length are added."""
    outages = Spans.of([(0, 10), (20, 50), (60, 65), (80, 90)])
    assert outage_lengths_left(outages, 90) == (20, 5, 10, 20)
    assert outage_lengths_left(outages, 95) == ()
    assert outage_lengths_left(Spans.empty, 0) == ()


def test_days_end_at_the_last_whole_hour() -> None:
    """Only whole days are looked at, and a stretch over an hour is in both."""
    grid = Grid.back(2 * DAY + 30 * MINUTE, 10 * HOUR)
    assert (grid.end_at, grid.days, grid.start_at) == (2 * DAY, 1, DAY)
    found = grid.spread(Spans.of([(DAY - HOUR, DAY + 90 * MINUTE), (2 * DAY - MINUTE, 3 * DAY)]))
    assert found[:3] == [HOUR, 30 * MINUTE, 0]
    assert (found[23], sum(found)) == (MINUTE, 91 * MINUTE)


@given(
    st.sampled_from([">=", ">", "<=", "<"]),
    st.sampled_from(["exact", "half up"]),
    st.integers(0, 1000),
    st.integers(0, 40_000),
    st.integers(-5, 5),
)
def test_slack_is_left_exactly_while_the_level_is_kept(
    relation: Relation, compare: Literal["exact", "half up"], level: int, of: int, beside: int
) -> None:
    """By every relation, compared exactly or rounded, for values at the level, around it, and anywhere."""
    promised = Level(relation, Fraction(level, 1000), "ratio", 1)
    rule = CommitRule("x", "x", PERIOD, promised, compare=compare)
    line = line_of(rule, Indicator("x", "counts", "c"))
    near = min(max(Fraction(level, 1000) + Fraction(beside, 2000), Fraction(0)), Fraction(1))
    for value in (near, Fraction(of, 40_000)):
        share = 1 - value if relation[0] == "<" else value
        assert (slack_of(share, 40_000, line) >= 0) == reaches(promised, value, compare)


# -- deadlines ---------------------------------------------------------------------------------------------

DESK = clock("from: opened", "until: answered", "on: desk", "within: 4h")


def _desk(*minutes: int) -> Case:
    """Tickets opened on Mondays at nine and answered after so many minutes of the desk, and one open now."""
    case = Case(DESK, CONTRACT)
    for n, length in enumerate(minutes):
        subject, on = f"T-{n}", f"Mon 06-01 {9 + n:02}:00"
        case.tell("opened", on, subject)
        hour, minute = divmod((9 + n) * 60 + length, 60)
        case.tell("replied", f"Mon 06-01 {hour:02}:{minute:02}", subject)
    return case.tell("opened", "Tue 06-02 09:00", "T-now")


def test_the_chance_of_an_open_ticket_is_that_of_those_that_took_longer() -> None:
    """Half its time is used; of four past tickets two took longer, of which one was late."""
    case, now = _desk(60, 90, 150, 300), "Tue 06-02 11:00"
    (terms,) = case.terms
    past = past_shares(case.ask(now).of("c1"), terms.calendars, at(now))
    assert past == [Fraction(1, 4), Fraction(3, 8), Fraction(5, 8), Fraction(5, 4)]
    found = lateness(case.verdict(now, subject="T-now"), past, terms.calendars, at(now))
    assert found is not None
    assert (found.used, found.past, found.alike, found.late) == (Fraction(1, 2), 4, 2, 1)
    # Two more are added, late as often as (m + used) / (m + 1) with the middle m = 5/8.
    assert found.chance == (1 + 2 * Fraction(9, 13)) / 4


def test_the_longer_a_ticket_is_open_the_likelier_it_is_late() -> None:
    """From nothing used to all of it, with a past or without one; at the end it is all but certain."""
    (terms,) = Case(DESK).terms
    for case in (_desk(60, 90, 150, 300), _desk(), _desk(30, 30, 30)):
        hours = [f"Tue 06-02 {hour:02}:59" for hour in (9, 10, 11, 12)]
        told = []
        for now in hours:
            past = past_shares(case.ask(now).of("c1"), terms.calendars, at(now))
            found = lateness(case.verdict(now, subject="T-now"), past, terms.calendars, at(now))
            assert found is not None
            told.append(found.chance)
        assert told == sorted(told)
        assert all(0 < chance < 1 for chance in told)
        assert told[-1] > Fraction(9, 10)


def test_what_is_over_or_has_no_budget_has_no_chance() -> None:
    """A met ticket, a late one, and one without a target."""
    case, now = _desk(60), "Tue 06-02 16:00"
    (terms,) = case.terms
    assert lateness(case.verdict(now, subject="T-0"), [], terms.calendars, at(now)) is None
    assert lateness(case.verdict(now, subject="T-now"), [], terms.calendars, at(now)) is None
    bare = Case(clock("from: opened", "until: answered", "on: desk", "within: none"))
    bare.tell("opened", "Mon 06-01 09:00")
    assert share_used(bare.verdict(now), terms.calendars, at(now)) is None


def test_the_shortest_target_keeps_99_of_100_cycles() -> None:
    """The 99th of 100 ends; whole minutes above it; none while more than one in a hundred has not ended."""
    times = [n * MINUTE + 1 for n in range(100)]
    assert target_promise(times, 0)[:2] == (98 * MINUTE + 1, 99 * MINUTE)
    assert target_promise(times[:99], 1)[:2] == (98 * MINUTE + 1, 99 * MINUTE)
    assert target_promise(times[:98], 2)[:2] == (None, None)
    assert target_promise([], 0)[:2] == (None, None)
