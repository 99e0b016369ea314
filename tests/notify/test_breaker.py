"""The breaker of a way: a way that is down is left alone, and found again by one message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.notify.breaker import FIRST_US, LONGEST_US, MOST_FAILED, Breaker
from upheld.notify.message import Delivery

DOWN = Delivery("failed", 0, "no connection", of_channel=True)
NO_SUCH = Delivery("refused", 0, "550 no such user", 550)
BUSY = Delivery("failed", 0, "450 mailbox busy", 450)
TAKEN = Delivery("accepted", 0, "250")
LOST = Delivery("unknown", 0, "connection lost")


def _opened(at: int = 0) -> Breaker:
    found = Breaker()
    for _ in range(MOST_FAILED):
        found.told(DOWN, at)
    return found


def test_three_in_a_row_open_it() -> None:
    """Two do not; and one that got through in between begins the count anew."""
    found = Breaker()
    for delivery in (DOWN, DOWN, BUSY, DOWN, DOWN):
        found.told(delivery, 0)
    assert (found.most(0, 8), found.is_open) == (8, False)
    found.told(DOWN, 0)
    assert (found.most(0, 8), found.is_open) == (0, True)


def test_what_is_about_a_recipient_says_nothing_against_the_way() -> None:
    """A hundred addresses that are none, and a hundred of which nobody knows."""
    found = Breaker()
    for delivery in (NO_SUCH, BUSY, LOST) * 100:
        found.told(delivery, 0)
    assert found.most(0, 8) == 8


def test_after_a_rest_one_tries_and_the_others_follow() -> None:
    """While it is under way nobody else begins; that somebody took it, or refused it, closes the breaker."""
    for answer in (TAKEN, NO_SUCH):
        found = _opened()
        assert found.most(FIRST_US - 1, 8) == 0
        assert found.most(FIRST_US, 8) == 1
        found.began(0)
        assert found.most(FIRST_US, 8) == 1
        found.began(1)
        assert found.most(FIRST_US + HOUR, 8) == 0
        found.told(answer, FIRST_US + 1)
        assert (found.most(FIRST_US + 1, 8), found.is_open) == (8, False)


def test_each_rest_is_longer_up_to_a_minute() -> None:
    """A page has two minutes until its next way is tried: so nobody rests that long."""
    found, at, rests = _opened(), 0, []
    for _ in range(6):
        began = at
        while not found.most(at, 1):
            at += SECOND
        rests.append((at - began) // SECOND)
        found.began(1)
        found.told(DOWN, at)
    assert rests == [5, 10, 20, 40, 60, 60]


def test_those_under_way_make_no_rest_longer() -> None:
    """Eight had begun when it opened: that they fail, too, is no news; that one got through is."""
    found = _opened()
    for _ in range(5):
        found.told(DOWN, 1)
    assert found.most(FIRST_US, 8) == 1
    found.told(TAKEN, 2)
    assert found.most(2, 8) == 8


def test_a_clock_that_is_set_back_makes_no_rest_longer() -> None:
    """An hour back: the way is tried again at once."""
    found = _opened(2 * HOUR)
    assert found.most(2 * HOUR, 8) == 0
    assert found.most(HOUR, 8) == 1


@given(st.lists(st.tuples(st.sampled_from([DOWN, BUSY, TAKEN, LOST, None]), st.integers(0, 2 * MINUTE))))
def test_nobody_waits_for_ever(told: list[tuple[Delivery | None, int]]) -> None:
    """Whatever was told: the longest rest after it, somebody may begin."""
    found, at = Breaker(), 0
    for delivery, after in told:
        at += after
        found.began(found.most(at, 8))
        found.told(delivery, at)
    assert found.most(at + LONGEST_US, 8) >= 1
