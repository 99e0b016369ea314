"""Faults from outside: duplicates in any order, a clock that steps, a mail server that never answers.

Source: safety.md, fault model.
"""

from __future__ import annotations

import errno
import json
import random
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest
import structlog
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError, connection
from django.test import override_settings

from tests.core.worlds import fact
from tests.live.api_desk import NOW, World, event, problem, told
from tests.live.api_urls import CLOCK, SetClock
from tests.live.databases import Postgres, Sqlite
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office
from tests.live.test_worker import at_work, channels_to
from tests.notify.relay import VERBS, hangs, relaying
from upheld.core.timeline.instant import DAY, HOUR, SECOND, format_instant
from upheld.server.channels import ticks
from upheld.server.room import FULL, ROOM
from upheld.server.worker import Worker
from upheld.store.models import Attempt, Message, ObservedBatch, Reach, RecordedFact, Tally
from upheld.store.reach import is_out_of_reach
from upheld.store.room import is_for_want_of_room

LINES = "application/x-ndjson"


@pytest.mark.slow
def test_ten_thousand_shuffled_duplicates_are_what_was_told_once(world: World) -> None:
    """Each fact fifty times, in any order and batch: positions are the first ones, verdicts the same."""
    dice = random.Random(13)
    events = []
    for n in range(100):
        events.append(event(f"o{n}", f"T-{n}", contract="c1" if n % 2 else "c2"))
        events.append(event(f"a{n}", f"T-{n}", "ticket.replied", by="human"))
    many = events * 50
    dice.shuffle(many)
    positions: dict[str, int] = {}
    new = 0
    for start in range(0, len(many), 500):
        batch = many[start : start + 500]
        body = b"".join(json.dumps(one).encode() + b"\n" for one in batch)
        answer = told(world.owner.tell("/facts:batch", body, LINES))
        new += answer["new"]
        for one, position in zip(batch, answer["positions"], strict=True):
            assert positions.setdefault(one["id"], position) == position
    assert new == len(events) == RecordedFact.objects.count()
    assert sorted(positions.values()) == list(range(1, len(events) + 1))
    CLOCK.at = NOW + DAY
    report = told(world.owner.get("/verdicts", at=format_instant(NOW + DAY)))
    states = [one["state"] for each in report["contracts"] for one in each["verdicts"]]
    assert states == ["met"] * 100


def test_a_clock_that_steps_neither_doubles_nor_loses_a_message(address: str) -> None:
    """An hour back, a day on and back: what is recorded never goes back, and each stage is told once."""
    office, clock = Office(), SetClock()
    with relaying({}) as post:
        worker = Worker(clock, channels_to(post.port))
        for now in (HALF_AT, HALF_AT - HOUR, HALF_AT, LATE_AT + DAY, LATE_AT - HOUR, LATE_AT + 1):
            clock.at = now
            while worker.round():
                pass
            moved = fact("ticket.assigned", OPENED_AT, "T-1", f"m{Message.objects.count()}-{now}", to="Kim")
            office.tell(moved, at=now)
        to = sorted(address for envelope in post.envelopes for address in envelope.rcpt_tos)
    assert to == ["ada@email.example", "dirk@email.example", "lea@email.example", "lea@email.example"]
    instants = list(RecordedFact.objects.order_by("position").values_list("recorded_at", flat=True))
    assert instants == sorted(set(instants))
    assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_clock_that_was_set_is_told_of(
    sqlite: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than two seconds against the time that has passed, forwards or back; less is how clocks are."""
    steps, clock, passed = [], SetClock(), SetClock()
    told_to = structlog.wrap_logger(
        structlog.ReturnLogger(), [lambda _, __, said: steps.append(said) or said]
    )
    monkeypatch.setattr("upheld.server.worker.log", told_to)
    monkeypatch.setattr("upheld.server.worker.ticks", passed.now)
    clock.at = NOW
    with sqlite.fresh(tmp_path):
        worker = Worker(clock, channels_to(1))
        for step_us in (0, 2 * SECOND, 3 * SECOND, -HOUR, DAY, 0):
            passed.at += 10 * SECOND
            clock.at += 10 * SECOND + step_us
            worker._keep()
        found = [one["step_us"] for one in steps if one["event"] == "clock.step"]
        assert found == [3 * SECOND, -HOUR, DAY]
        assert Tally.objects.get(name="clock steps").count == 3


def test_a_full_disk_refuses_what_is_new_and_loses_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    """What cannot be written is refused as a whole, what was taken can be read, and room is all it takes."""
    with sqlite.fresh(tmp_path), override_settings(ROOT_URLCONF="tests.live.api_urls"):
        world = World()
        ROOM.wrote()
        _room(2)
        taken: list[str] = []
        for n in range(1_000):
            answer = world.owner.tell("/facts", event(f"f{n}", f"T-{n}"))
            if answer.status_code != 201:
                break
            taken.append(f"f{n}")
        problem(answer, 507, "no-room")
        assert answer["Retry-After"] == "60"
        assert ROOM.lacking(connection.settings_dict, ticks()) == [FULL]
        with structlog.testing.capture_logs() as logged:
            problem(world.owner.tell("/facts", event("more", "T-x")), 507, "no-room")
        assert [one["event"] for one in logged] == ["request refused: there is no room"]
        assert "exc_info" not in logged[0]
        assert taken, "there was some room"
        facts = [one["fact"]["id"] for one in told(world.owner.get("/facts", limit=1_000))["facts"]]
        assert facts == taken
        assert len(told(world.owner.get("/verdicts"))["contracts"]) == 2
        rows = [{"at": format_instant(NOW + n), "component": "api", "ok": True} for n in range(1_000)]
        problem(world.owner.tell("/observations", rows), 507, "no-room")
        assert not ObservedBatch.objects.exists()
        _room(1_000_000)
        told(world.owner.tell("/observations", rows))
        assert ROOM.lacking(connection.settings_dict, ticks()) == []
        told(world.owner.tell("/facts", event(f"f{len(taken)}", f"T-{len(taken)}")), 201)
        positions = list(RecordedFact.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(taken) + 2))
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _room(pages: int) -> None:
    """So many more pages the file of SQLite may have."""
    with connection.cursor() as cursor:
        there = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {there + pages}")


@pytest.mark.parametrize(
    "fault",
    [OSError(errno.ENOSPC, "no space"), OSError(errno.EDQUOT, "over quota"), psycopg.errors.DiskFull("full")],
)
def test_whatever_says_that_there_is_no_room_is_known(fault: Exception) -> None:
    """Of files, of quotas, of PostgreSQL; also where something else was raised from it."""
    outer = OperationalError("of Django")
    outer.__cause__ = fault
    assert is_for_want_of_room(fault)
    assert is_for_want_of_room(outer)
    assert not is_for_want_of_room(OperationalError("locked"))


def _of(cause: Exception, raised: type[Exception] = OperationalError) -> Exception:
    found = raised("of Django")
    found.__cause__ = cause
    return found


def test_a_database_that_does_not_answer_is_no_fault_of_ours() -> None:
    """A server that is away or has given us up, a file that is locked; not a table that is missing."""
    locked, missing = sqlite3.OperationalError("locked"), sqlite3.OperationalError("no such table")
    locked.sqlite_errorcode, missing.sqlite_errorcode = sqlite3.SQLITE_BUSY, sqlite3.SQLITE_ERROR
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    assert is_out_of_reach(_of(failed))
    assert is_out_of_reach(_of(psycopg.OperationalError("connection refused")))
    assert is_out_of_reach(_of(psycopg.InterfaceError("closed"), InterfaceError))
    given_up = psycopg.errors.IdleInTransactionSessionTimeout("for standing still")
    assert is_out_of_reach(_of(given_up, InternalError))
    assert is_out_of_reach(_of(locked))
    assert not is_out_of_reach(_of(missing))
    assert not is_out_of_reach(_of(psycopg.errors.UndefinedTable("none"), ProgrammingError))


def test_who_asks_then_may_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with when; the problem says that a key makes it safe."""

    def away(*_: object) -> object:
        raise _of(psycopg.OperationalError("the server is away"))

    monkeypatch.setattr("upheld.api.facts.facts_of", away)
    answer = world.owner.get("/facts")
    assert problem(answer, 503, "unavailable")["title"] == "The database does not answer"
    assert answer["Retry-After"] == "5"


@pytest.mark.slow
@override_settings(BURST=1_000)  # one recipient is sent all of it
def test_a_database_that_restarts_under_way_loses_nothing(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice while facts come: who got no answer tells it again, and the worker goes on by itself."""
    # What the loops tell of it is many tracebacks, drawn for a terminal.
    told_quietly = structlog.wrap_logger(structlog.ReturnLogger(), [structlog.processors.KeyValueRenderer()])
    monkeypatch.setattr("upheld.server.worker.log", told_quietly)
    clock = SetClock()
    clock.at = OPENED_AT
    with postgres.fresh(tmp_path), relaying({}) as post:
        office = Office(ticket=False)
        Reach.objects.filter(way="service").delete()
        worker = Worker(clock, channels_to(post.port), alone=False)
        restarts: list[threading.Thread] = []
        with at_work(worker):
            for n in range(12):
                if n in (4, 8):
                    restarts.append(threading.Thread(target=postgres.restart))
                    restarts[-1].start()
                opened = fact("ticket.opened", OPENED_AT, f"T-{n}", f"o{n}", contract="c1", priority="P1")
                _again(partial(office.tell, opened, at=OPENED_AT))
            for one in restarts:
                one.join(60)
            clock.at = LATE_AT + 1
            assert _again(lambda: _comes(lambda: Message.objects.filter(state="accepted").count() == 48))
        facts = list(RecordedFact.objects.order_by("position").values_list("fact_id", flat=True))
        assert facts == [f"o{n}" for n in range(12)]
        unknown = Attempt.objects.filter(state="unknown").count()
        assert 48 <= len(post.envelopes) <= 48 + unknown


def _again(act: Callable[[], object]) -> object:
    """Does it until the database answers; it has to within a minute."""
    pause = threading.Event()
    for _ in range(600):
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            pause.wait(0.1)
    pytest.fail("the database did not come back")


def _comes(condition: Callable[[], bool]) -> bool:
    pause = threading.Event()
    for _ in range(1_500):
        if condition():
            return True
        pause.wait(0.02)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_a_mail_server_that_hangs_holds_up_no_deadline(sqlite: Sqlite, tmp_path: Path, verb: str) -> None:
    """At each verb: deadlines are decided meanwhile, and the attempt is recorded as failed or as unknown."""
    with sqlite.fresh(tmp_path), relaying({verb: hangs}) as post:
        office, clock = Office(), SetClock()
        clock.at = HALF_AT
        worker = Worker(clock, channels_to(post.port))
        with at_work(worker):
            assert _comes(lambda: Message.objects.filter(state="sending").exists())
            office.settle(LATE_AT + SECOND)
            assert Message.objects.filter(rule="late").count() == 2
            assert _comes(Attempt.objects.exists)
        (attempt,) = Attempt.objects.all()
        assert attempt.state == ("unknown" if verb == "dot" else "failed")
        assert Message.objects.get(rule="half").state == "waiting"
