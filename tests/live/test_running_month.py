"""The month of the demo runs now: weekdays stay what they are, what is inside the facts moves with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from upheld.core.timeline.instant import datetime_of, parse_instant
from upheld.server.demo import home
from upheld.server.running_month import FIRST, shipped, weeks_to


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-06-15T00:00:00Z", date(2026, 6, 1)),
        ("2026-11-28T18:00:00Z", date(2026, 11, 2)),
        ("2026-12-31T23:00:00Z", date(2026, 11, 30)),
        ("2028-02-29T00:00:00Z", date(2028, 1, 31)),
    ],
)
def test_the_month_begins_on_the_monday_next_to_the_first(now: str, first: date) -> None:
    """A Monday stays a Monday, so that support hours are what they were."""
    began = FIRST + timedelta(weeks=weeks_to(parse_instant(now)))
    assert began == first
    assert began.weekday() == FIRST.weekday() == 0


def test_what_is_inside_the_facts_moves_with_them() -> None:
    """A maintenance is announced before it starts, by as much as in the shipped month; invoices follow."""
    now = parse_instant("2026-11-28T18:00:00Z")
    before = {
        fact.key: fact for one in shipped(home(), parse_instant("2026-06-15T00:00:00Z")) for fact in one.facts
    }
    moved = {fact.key: fact for one in shipped(home(), now) for fact in one.facts}
    assert before.keys() == moved.keys()
    weeks = timedelta(weeks=22)
    announced = [key for key, fact in before.items() if fact.type == "maintenance.announced"]
    assert announced
    for key in announced:
        old, new = before[key], moved[key]
        assert datetime_of(new.at) - datetime_of(old.at) == weeks
        starts = [datetime_of(parse_instant(str(one.data["starts_at"]))) for one in (old, new)]
        assert starts[1] - starts[0] == weeks
    months = {
        str(moved[key].data["month"]) for key, fact in before.items() if fact.data.get("month") == "2026-05"
    }
    assert months == {"2026-10"}
