"""Counting on a calendar with pauses, against a minute stepper."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.clocks.counting import Counter, in_order
from upheld.core.timeline.instant import HOUR, MINUTE
from upheld.core.values.amount import time_amount
from upheld.core.verdicts.verdict import Pause

from .worlds import at, bound, clock, shown

DESK = bound(clock("from: opened", "until: answered", "within: 2h")).calendars["desk"]
FRIDAY_AT = at("Fri 06-05 16:00")
STEP = 15 * MINUTE
OFFSETS = st.integers(-8, 5 * 96).map(lambda n: FRIDAY_AT + n * STEP)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    """Waits as facts bring them: in any order, overlapping, the last perhaps still open."""
    found = [
        Pause(start, start + draw(st.integers(0, 60)) * STEP, "wait")
        for start in draw(st.lists(OFFSETS, max_size=4))
    ]
    if draw(st.booleans()):
        found.append(Pause(draw(OFFSETS), None, "wait"))
    return in_order(found)


def counts(counter: Counter, instant: int) -> bool:
    """Whether the step from an instant on counts."""
    held = any(p.start_at <= instant and (p.end_at is None or instant < p.end_at) for p in counter.pauses)
    return instant >= counter.anchor_at and DESK.is_open(instant) and not held


@settings(max_examples=tried(80), deadline=None)
@given(OFFSETS, pauses(), st.integers(0, 40))
def test_counted_time_and_its_inverse_agree_with_a_stepper(
    anchor: int, held: tuple[Pause, ...], steps: int
) -> None:
    """Elapsed time, the last instant in time and the due instant, step by step over three weeks."""
    counter, budget = Counter(DESK, anchor, held), time_amount(steps * STEP)
    instant, elapsed_us, used_up_at, last_at = anchor, 0, None, None
    while instant < anchor + 3 * 7 * 96 * STEP:
        if used_up_at is None and elapsed_us == steps * STEP:
            used_up_at = instant
        step_us = STEP if counts(counter, instant) else 0
        if elapsed_us == steps * STEP and step_us:
            last_at = instant
            break
        elapsed_us += step_us
        instant += STEP
        assert counter.elapsed(instant) == elapsed_us
    assert counter.last_in_time(budget) == last_at
    if last_at is not None:
        assert counter.due_at(budget) == used_up_at
        due_at, last = counter.reach(budget).ends
        assert last == last_at
        assert due_at == used_up_at or (due_at is None and held), "in pauses it may have to be asked for"


@given(pauses())
def test_pauses_in_order_neither_overlap_nor_touch(held: tuple[Pause, ...]) -> None:
    """And putting them in order again changes nothing."""
    assert in_order(held) == held
    for before, after in pairwise(held):
        assert before.end_at is not None
        assert before.start_at < before.end_at < after.start_at


def test_joined_pauses_tell_every_reason_once() -> None:
    """Two duties at a time, one of them twice."""
    first, second = Pause(0, 10, "data"), Pause(5, 20, "access")
    assert in_order([second, first, Pause(12, 15, "data"), Pause(30, 30, "nothing")]) == (
        Pause(0, 20, "data, access"),
    )
    assert in_order([first, Pause(10, None, "data"), second]) == (Pause(0, None, "data, access"),)


def test_a_share_used_before_leaves_the_rest_of_a_budget() -> None:
    """A third of three hours is gone; of more than all, nothing is left."""
    counter = Counter(DESK, FRIDAY_AT, used=Fraction(1, 3))
    assert counter.budget(time_amount(3 * HOUR)) == 2 * HOUR
    assert shown(counter.due_at(time_amount(3 * HOUR))) == "Mon 06-08 10:00"
    spent = counter._replace(used=Fraction(4, 3))
    assert (spent.budget(time_amount(HOUR)), shown(spent.due_at(time_amount(HOUR)))) == (0, "Fri 06-05 16:00")


def test_a_share_that_ends_between_microseconds_is_due_after_and_late_after_it() -> None:
    """Two thirds of ten microseconds: six are in time, at the seventh the budget is used up."""
    counter = Counter(DESK, FRIDAY_AT, used=Fraction(1, 3))
    assert counter.last_in_time(time_amount(10)) == FRIDAY_AT + 6
    assert counter.due_at(time_amount(10)) == FRIDAY_AT + 7


def test_nothing_to_count_is_used_up_at_once_even_in_a_pause() -> None:
    """A budget of nothing is due where it starts, although a wait from before lasts on."""
    start_at = at("Tue 06-09 18:30")
    counter = Counter(DESK, start_at, (Pause(start_at - HOUR, start_at + 12 * HOUR, "wait"),))
    assert counter.due_at(time_amount(0)) == start_at
