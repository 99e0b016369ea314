"""A contract that is measured is asked for when its state can be another one, and let alone in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.core.worlds import CONTRACT, fact
from tests.lake.worlds import Row
from tests.live.databases import Sqlite
from tests.live.desk import Northwind
from tests.live.observing import OBSERVED, Observing
from upheld.app import wake as waking
from upheld.app.turning import REST_US, settles_at, stands_until
from upheld.app.wake import next_wake, wake
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Instant, parse_instant
from upheld.store.book import Ledger, read_ledger
from upheld.store.models import Change

BEGIN = parse_instant("2026-06-01T00:00:00Z")
END = BEGIN + 15 * DAY
INCIDENTS = """
scale: {severity: {of: incident, values: {S1: all}}}
component: {api: {}, web: {}, whole: {all: [api, web]}}
indicator:
  api time: {count: incidents of api}
  web time: {count: incidents of web}
  whole time: {count: incidents of whole}
commit:
  api up: {indicator: api time, level: '>= 99.9 %', per: calendar month}
  web up: {indicator: web time, level: '>= 99.9 %', per: calendar month}
  all up: {indicator: whole time, level: '>= 99.5 %', per: calendar month}
"""


def incident(name: str, component: str, from_min: int, until_min: int | None) -> list[Fact]:
    """An incident from a minute of the month up to another one, if it ends."""
    declared = {"provider": "Northwind", "severity": "S1", "components": [component]}
    found = [fact("incident.declared", BEGIN + from_min * MINUTE, name, **declared)]
    if until_min is not None:
        found.append(fact("incident.resolved", BEGIN + until_min * MINUTE, name))
    return found


WORLDS: dict[str, list[Fact]] = {
    "short": incident("I-1", "api", 600, 620),
    "open": incident("I-1", "api", 600, None),
    "two": [*incident("I-1", "api", 600, 610), *incident("I-2", "web", 3_000, 3_060)],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Instant]:
    """The instants at which something was decided because its time had come."""
    found: list[Instant] = []
    decide = waking.decide

    def counted(*words: Any, **named: Any) -> object:
        found.append(words[4])
        return decide(*words, **named)

    monkeypatch.setattr(waking, "decide", counted)
    return found


def until(end_at: Instant) -> None:
    """Everything that turns up to an instant."""
    while (due_at := next_wake()) is not None and due_at <= end_at:
        wake(due_at)


class Told(NamedTuple):
    """A change as it was told."""

    at: Instant
    what: str
    before: str
    after: str


def changes_told(world: Northwind) -> list[Told]:
    """Every one since the beginning."""
    rows = Change.objects.filter(provider=world.provider).order_by("pk")
    return [Told(*row) for row in rows.values_list("at", "what", "before", "after")]


def states_of(book: Ledger, at: Instant) -> dict[str, str]:
    """The state of everything at an instant, by evaluating it all."""
    outcomes = evaluate(book.terms, book.log.effective(at), at).outcomes.items()
    return {
        f"{key.commitment}/{one.key.subject}/{one.cycle}": one.state
        for key, outcome in outcomes
        for one in outcome.verdicts
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_states_turn_when_they_do_and_not_much_is_asked(
    sqlite: Sqlite, tmp_path: Path, asked: list[Instant], name: str
) -> None:
    """Every change of fifteen days is told within half a minute; most of the time nobody is asked."""
    with sqlite.fresh(tmp_path):
        world = Northwind(INCIDENTS, CONTRACT.replace("2026-01", "2026-06"), at=BEGIN)
        facts = sorted(WORLDS[name], key=lambda each: each.at)
        for one in facts:
            until(one.at)
            world.tell(one, at=one.at)
        until(END)
        told, book = changes_told(world), read_ledger(world.provider.pk)
        for at in range(BEGIN, END, 26 * HOUR):
            states = {one.what: one.after for one in told if one.at <= at + REST_US}
            assert states_of(book, at) == states, "no change is missed"
        for change in told:
            assert states_of(book, change.at)[change.what] == change.after
            early_at = change.at - REST_US - 1
            if change.before and not any(early_at < one.at <= change.at for one in facts):
                assert states_of(book, early_at)[change.what] == change.before, "it is told in time"
        assert len(asked) < 3 * 20 + 50 * len(told)


@pytest.mark.slow
def test_what_was_observed_counts_when_its_slice_is_over(sqlite: Sqlite, tmp_path: Path) -> None:
    """Bad checks of a slice that is not over are told at its end, though nothing comes any more."""
    with sqlite.fresh(tmp_path):
        home = Observing(tmp_path, OBSERVED.replace("99 %", "99.99 %"))
        wake(BEGIN)
        at = BEGIN + 12 * HOUR + 90 * SECOND
        failed = [Row("checks", name, "http", at, (("status", 500),)) for name in ("api", "web", "voice")]
        home.tell(failed, at=at)
        until(at)
        before = list(Change.objects.filter(at__lte=at).values_list("after", flat=True))
        until(BEGIN + 12 * HOUR + 5 * MINUTE)
        assert [before[-1], Change.objects.latest("pk").after] == ["running", "breached"]
        assert Change.objects.latest("pk").at == BEGIN + 12 * HOUR + 5 * MINUTE


def test_one_stands_until_the_last_instant_at_which_it_is_as_now() -> None:
    """It is looked for from a day on downwards, before what changes anyway, and never within the rest."""
    assert stands_until(lambda then: True, BEGIN, None) == BEGIN + DAY + 1
    assert stands_until(lambda then: True, BEGIN, BEGIN + HOUR) == BEGIN + HOUR
    assert stands_until(lambda then: then < BEGIN + 4 * HOUR, BEGIN, None) == BEGIN + 3 * HOUR + 1
    assert stands_until(lambda then: False, BEGIN, None) == BEGIN + REST_US
    assert stands_until(lambda then: True, BEGIN, BEGIN + 2 * SECOND) == BEGIN + REST_US
    looked: list[Instant] = []
    stands_until(lambda then: bool(looked.append(then)), BEGIN, BEGIN + HOUR)
    assert looked == [BEGIN + HOUR - 1, BEGIN + DAY // 64, BEGIN + DAY // 512]


def test_what_was_told_counts_at_the_end_of_the_longest_slice(sqlite: Sqlite, tmp_path: Path) -> None:
    """Of five minutes here; where there are no slices, after a rest."""
    with sqlite.fresh(tmp_path):
        sliced = read_ledger(Observing(tmp_path).provider.pk).terms[0]
    assert settles_at(sliced, BEGIN + MINUTE) == BEGIN + 5 * MINUTE
    assert settles_at(sliced, BEGIN) == BEGIN + 5 * MINUTE
    assert settles_at(sliced, BEGIN + 5 * MINUTE - 1) == BEGIN + 5 * MINUTE - 1 + REST_US
