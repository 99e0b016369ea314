"""The month of the demo runs now: weekdays stay what they are, what is inside the facts moves with them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.live.databases import Sqlite
from upheld.app.apply import apply
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, datetime_of, format_instant, parse_instant
from upheld.server.demo import home, next_lines, tell_observed
from upheld.server.running_month import FIRST, Shipped, observed, shipped, weeks_to
from upheld.store.models import Provider
from upheld.store.observations import rows_told

NOW = parse_instant("2026-11-28T18:00:00Z")


def rousora() -> Shipped:
    """The provider whose probes have the fewest components."""
    return next(one for one in shipped(home(), NOW) if one.key == "rous")


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


def test_what_probes_saw_is_moved_as_the_facts_are() -> None:
    """A check a minute of three components, in order of time, from the first instant to before the last."""
    one = rousora()
    start_at = parse_instant("2026-11-10T00:00:00Z")
    moved = observed(one, start_at, start_at + HOUR)["at"].to_pylist()
    assert len(moved) == 3 * 60
    assert moved == sorted(moved)
    assert start_at <= moved[0] < moved[-1] < start_at + HOUR
    (shipped_one,) = (
        one for one in shipped(home(), parse_instant("2026-06-15T00:00:00Z")) if one.key == "rous"
    )
    weeks = 22 * 7 * DAY
    assert observed(shipped_one, start_at - weeks, start_at - weeks + HOUR)["at"].to_pylist() == [
        at - weeks for at in moved
    ]


def test_what_probes_saw_is_told_once_and_goes_on_where_it_ended(sqlite: Sqlite, tmp_path: Path) -> None:
    """From the day before the month on, by each start what was not told yet."""
    one = rousora()
    with sqlite.fresh(tmp_path):
        provider = Provider.objects.create(name=one.name, key=one.key)
        apply(provider.pk, one.texts, NOW - 30 * DAY)
        counts = []
        first_at = parse_instant("2026-11-02T00:00:00Z")
        for at in (first_at, first_at, first_at + 7 * MINUTE):
            tell_observed(one, at)
            counts.append(sum(map(len, rows_told(provider, tmp_path))))
        seen = observed(one, parse_instant("2026-10-31T00:00:00Z"), first_at + 7 * MINUTE)
        assert counts == [len(seen) - 21, len(seen) - 21, len(seen)]


def test_who_watches_is_told_when_something_comes_next() -> None:
    """The first fact that is recorded after now, of all providers; and what goes on when there is none."""
    (line,) = next_lines(NOW)
    ahead = [fact.recorded_at for one in shipped(home(), NOW) for fact in one.facts if fact.recorded_at > NOW]
    assert format_instant(min(ahead)) in line
    (line,) = next_lines(parse_instant("2026-12-30T12:00:00Z"))
    assert "told to its end" in line
