"""When an attempt is made again: exact instants, and laws that hold for every course of attempts."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, parse_instant
from upheld.notify.message import Delivery
from upheld.notify.repeating import DRAWN_FROM, Again, Over, Way, next_step

AT = parse_instant("2026-06-05T14:30:00Z")
MIDDLE = DRAWN_FROM // 2


HOOKS: tuple[Way, ...] = ("webhook", "event")
"""Ways whose receiver knows a repetition by its id."""


def _failed(*minutes: int) -> list[Delivery]:
    return [Delivery("failed", AT + minute * MINUTE, "") for minute in minutes]


def _unknown(minute: int = 0) -> Delivery:
    return Delivery("unknown", AT + minute * MINUTE, "")


def test_waits_grow_and_then_stay() -> None:
    """With the draw in the middle, each wait is that of the table."""
    made = _failed(0)
    waits = []
    for _ in range(8):
        step = next_step("mail", made, MIDDLE)
        assert isinstance(step, Again)
        waits.append((step.at - made[-1].at) // MINUTE)
        made.append(Delivery("failed", step.at, ""))
    assert waits == [1, 5, 15, 30, 60, 120, 120, 120]


@pytest.mark.parametrize(
    ("draw", "wait_us"), [(0, 45 * SECOND), (MIDDLE, MINUTE), (DRAWN_FROM - 1, 75 * SECOND - 30)]
)
def test_a_draw_spreads_a_wait(draw: int, wait_us: int) -> None:
    """From three quarters of it to five, in whole microseconds."""
    assert next_step("mail", _failed(0), draw) == Again(AT + wait_us)


def test_what_may_have_arrived_waits_ten_minutes() -> None:
    """Unless it is a page, or a webhook, whose receiver knows repetitions."""
    assert next_step("mail", [_unknown()], 0) == Again(AT + 10 * MINUTE)
    assert next_step("mail", [_unknown()], MIDDLE) == Again(AT + 10 * MINUTE + 15 * SECOND)
    assert next_step("service", [_unknown()], 0) == Again(AT + 10 * MINUTE)
    assert next_step("mail", [*_failed(0, 5, 10), _unknown(60)], 0) == Again(AT + 60 * MINUTE + 1350 * SECOND)
    assert next_step("mail", [_unknown()], MIDDLE, is_page=True) == Again(AT + 15 * SECOND)
    for way in HOOKS:
        assert next_step(way, [_unknown()], MIDDLE) == Again(AT + 5 * SECOND)


def test_the_other_side_may_ask_for_more() -> None:
    """Its pause counts when it is longer."""
    for pause_us, wait_us in ((SECOND, 5 * SECOND), (HOUR, HOUR)):
        made = [Delivery("failed", AT, "503", 503, retry_after_us=pause_us)]
        assert next_step("webhook", made, MIDDLE) == Again(AT + wait_us)


def test_what_is_over() -> None:
    """Accepted, refused, gone; and webhooks after 72 hours, when their owner rests."""
    assert next_step("mail", [*_failed(0), Delivery("accepted", AT, "250")], 0) == Over("accepted")
    assert next_step("mail", [Delivery("refused", AT, "550")], 0) == Over("refused")
    assert next_step("webhook", [Delivery("refused", AT, "410", 410, disables=True)], 0) == Over(
        "refused", True
    )
    late = [*_failed(0), Delivery("failed", AT + 3 * DAY - 5 * MINUTE, "")]
    assert next_step("webhook", late, MIDDLE) == Again(AT + 3 * DAY)
    assert next_step("webhook", late, MIDDLE + 1) == Over("time", True)
    assert next_step("mail", [*_failed(0), Delivery("failed", AT + DAY, "")], 0) == Over("time")


def test_there_is_an_attempt_before_the_next() -> None:
    """And a draw is from the range it is drawn from."""
    for made, draw in (([], 0), (_failed(0), -1), (_failed(0), DRAWN_FROM)):
        with pytest.raises(ValueError, match="a draw"):
            next_step("mail", made, draw)


@given(
    way=st.sampled_from(get_args(Way)),
    is_page=st.booleans(),
    states=st.lists(
        st.tuples(st.sampled_from(["failed", "unknown"]), st.integers(0, DRAWN_FROM - 1)),
        min_size=1,
        max_size=200,
    ),
)
def test_every_course_ends_in_its_time(way: Way, is_page: bool, states: list[tuple[str, int]]) -> None:
    """Each attempt is later than the one before, and none is after the limit of its way."""
    made = [Delivery("failed", AT, "")]
    for state, draw in states:
        step = next_step(way, made, draw, is_page)
        if isinstance(step, Over):
            assert (step.reason, step.disables) == ("time", way in HOOKS)
            assert made[-1].at > AT + DAY // 2
            return
        assert made[-1].at < step.at <= AT + (3 * DAY if way in HOOKS else DAY)
        if made[-1].state == "unknown" and way not in HOOKS and not is_page:
            assert step.at >= made[-1].at + 10 * MINUTE
        made.append(Delivery(state, step.at, ""))  # type: ignore[arg-type]
