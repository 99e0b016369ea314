"""How fast an endpoint is sent to, by how its attempts ended."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND
from upheld.notify.message import Delivery
from upheld.notify.pace import AT_ONCE, FIRST_US, LIMIT_US, LONGEST_US, MOST_FAILED, WELL, Pace, paced

AT = 10 * DAY


def _after(*states: str, at: int = AT) -> Pace:
    """The pace after attempts that ended so, a second after one another."""
    pace = WELL
    for number, state in enumerate(states):
        now = at + number * SECOND
        pace = paced(pace, Delivery(state, now, ""), now)  # type: ignore[arg-type]
    return pace


def test_one_that_fails_now_and_then_is_sent_to_as_before() -> None:
    """Fewer than three in a row are no reason to wait, only to send one at a time."""
    assert _after("failed", "unknown") == Pace(2, AT, 0)
    assert [_after(*["failed"] * n).at_once for n in range(3)] == [AT_ONCE, 1, 1]
    assert _after("failed", "failed", "failed", "accepted") == WELL


def test_one_that_fails_is_let_alone_for_longer_and_longer() -> None:
    """Five seconds, ten, twenty, up to ten minutes; one attempt at a time."""
    rests = [_after(*["failed"] * n).rests_until - (AT + (n - 1) * SECOND) for n in range(3, 13)]
    assert rests[:4] == [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND]
    assert rests[-1] == 10 * MINUTE
    assert _after(*["refused"] * MOST_FAILED).at_once == 1
    assert _after(*["failed"] * 5_000).rests_until == AT + 4_999 * SECOND + LONGEST_US


def test_a_pause_that_is_asked_for_is_kept() -> None:
    """From the first attempt on, and if it is longer than the rest."""
    asked = paced(WELL, Delivery("failed", AT, "", 429, retry_after_us=HOUR), AT + SECOND)
    assert asked == Pace(1, AT, AT + SECOND + HOUR)
    late = paced(asked, Delivery("failed", AT, ""), AT + 2 * SECOND)
    assert late.rests_until == asked.rests_until


@pytest.mark.parametrize(("after_us", "is_over"), [(LIMIT_US - 1, False), (LIMIT_US, True)])
def test_three_days_are_enough(after_us: int, is_over: bool) -> None:
    """Since the first attempt of those in a row that were not accepted."""
    assert _after("failed", "failed").is_over(AT + after_us) is is_over
    assert not WELL.is_over(AT + after_us)


@given(st.lists(st.sampled_from(["accepted", "failed", "refused", "unknown"]), max_size=40))
def test_a_pace_is_that_of_what_came_since_the_last_success(states: list[Any]) -> None:
    """Whatever came before it says nothing; a rest is never shorter than the first one, or longer than the
    longest."""
    last = max((n for n, state in enumerate(states) if state == "accepted"), default=-1)
    pace = _after(*states)
    assert pace == (_after(*states[last + 1 :], at=AT + (last + 1) * SECOND) if states[last + 1 :] else WELL)
    if pace.failed >= MOST_FAILED:
        rest_us = pace.rests_until - (AT + (len(states) - 1) * SECOND)
        assert FIRST_US <= rest_us <= LONGEST_US
