"""The month of the demo runs now: weekdays stay what they are, what is inside the facts moves with them."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog
from django.db import OperationalError
from django.test import override_settings

from tests.live.databases import Sqlite
from upheld.app.apply import apply
from upheld.app.record import Recorded, record
from upheld.core.timeline.instant import (
    DAY,
    HOUR,
    MINUTE,
    Instant,
    datetime_of,
    format_instant,
    parse_instant,
)
from upheld.server import demo
from upheld.server.clock import FileClock
from upheld.server.demo import Simulator, home, next_lines, seed, tell_observed
from upheld.server.quiet import Quiet
from upheld.server.running_month import FIRST, Shipped, observed, shipped, weeks_to
from upheld.store.models import Provider, RecordedFact
from upheld.store.observations import rows_told

pytestmark = pytest.mark.slow

NOW = parse_instant("2026-11-28T18:00:00Z")


def rousora() -> Shipped:
    """The provider whose probes have the fewest components."""
    return next(one for one in shipped(home(), NOW) if one.key == "rous")


@pytest.fixture
def only_rousora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shipped is this provider alone."""
    folder = tmp_path / "shipped"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo/rous").symlink_to(home() / "demo/rous")
    (folder / "agreements").symlink_to(home() / "agreements")
    monkeypatch.setattr(demo, "home", lambda: folder)


def simulator(tmp_path: Path, at: Instant) -> Simulator:
    """The month as a server tells it whose clock stands at an instant."""
    now = tmp_path / "now"
    now.write_text(format_instant(at))
    clock = FileClock(now)
    return Simulator(clock, Quiet(clock))


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


def test_who_watches_is_told_when_something_comes_next(sqlite: Sqlite, tmp_path: Path) -> None:
    """The first fact that is recorded after now, of all providers; and what goes on when there is none."""
    with sqlite.fresh(tmp_path):
        (line,) = next_lines(NOW)
        facts = [fact for one in shipped(home(), NOW) for fact in one.facts]
        ahead = [fact.recorded_at for fact in facts if fact.recorded_at > NOW]
        assert format_instant(min(ahead)) in line
        (line,) = next_lines(parse_instant("2026-12-30T12:00:00Z"))
        assert "told to its end" in line


@pytest.mark.slow
@pytest.mark.usefixtures("only_rousora")
def test_a_month_that_was_begun_is_told_to_its_end_in_the_next_one(sqlite: Sqlite, tmp_path: Path) -> None:
    """A server that starts again a few days later tells the rest of the same facts, and what probes saw."""
    one, later_at = rousora(), parse_instant("2026-12-02T10:00:00Z")
    assert weeks_to(later_at) == weeks_to(NOW) + 4
    with sqlite.fresh(tmp_path), override_settings(DATA=tmp_path):
        seed(NOW)
        provider = Provider.objects.get()
        told = RecordedFact.objects.filter(provider=provider)
        assert 0 < told.count() == sum(fact.recorded_at <= NOW for fact in one.facts) < len(one.facts)
        for at in (later_at, later_at + 40 * DAY):
            seed(at)
            again = simulator(tmp_path, at)
            again.round()
            assert {(fact.source, fact.fact_id) for fact in told} == {fact.key for fact in one.facts}
            seen = observed(one, one.month_at - DAY, at)
            assert sum(map(len, rows_told(provider, tmp_path / "lake"))) == len(seen)
            assert len(tell_observed(one, at)) == 0
            (line,) = next_lines(at)
            assert "told to its end" in line


@pytest.mark.usefixtures("only_rousora")
def test_a_round_that_fails_does_not_end_the_demo(
    sqlite: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged, and tried again."""
    one = rousora()
    first_at = one.facts[0].recorded_at
    done, told = threading.Event(), []

    def locked_once(*told_to: object) -> Recorded:
        told.append(told_to)
        if len(told) == 1:
            raise OperationalError("database is locked")
        recorded = record(*told_to)  # type: ignore[arg-type]  # as they came
        done.set()
        return recorded

    monkeypatch.setattr(demo, "record", locked_once)
    monkeypatch.setattr(demo, "POLL_S", 0.001)
    with sqlite.fresh(tmp_path), structlog.testing.capture_logs() as logged:
        provider = Provider.objects.create(name=one.name, key=one.key)
        apply(provider.pk, one.texts, first_at)
        running = simulator(tmp_path, first_at)
        running.start()
        came = done.wait(60)
        running.stop()
        assert came, logged
        assert [said["event"] for said in logged if said["log_level"] == "error"] == [
            "a round of the demo failed, and is tried again"
        ]
        assert RecordedFact.objects.get().fact_id == one.facts[0].id
