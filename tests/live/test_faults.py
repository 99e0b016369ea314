"""Faults from outside: duplicates in any order, a clock that steps, a mail server that never answers.

Source: safety.md, fault model.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from django.db import InterfaceError, OperationalError, connection

from tests.core.worlds import fact
from tests.live.api_desk import NOW, World, event, told
from tests.live.api_urls import CLOCK, SetClock
from tests.live.databases import Postgres, Sqlite
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office
from tests.live.test_worker import channels_to
from tests.notify.relay import VERBS, hangs, relaying
from upheld.core.timeline.instant import DAY, HOUR, SECOND, format_instant
from upheld.server.worker import Worker
from upheld.store.models import Attempt, Message, Reach, RecordedFact

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


@pytest.mark.slow
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
        worker.start()
        restarts: list[threading.Thread] = []
        for n in range(12):
            if n in (4, 8):
                restarts.append(threading.Thread(target=postgres.restart))
                restarts[-1].start()
            opened = fact("ticket.opened", OPENED_AT, f"T-{n}", f"o{n}", contract="c1", priority="P1")
            _again(lambda opened=opened: office.tell(opened, at=OPENED_AT))  # type: ignore[misc]  # bound now
        for one in restarts:
            one.join(60)
        clock.at = LATE_AT + 1
        assert _again(lambda: _comes(lambda: Message.objects.filter(state="accepted").count() == 48))
        worker.stop()
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
        worker.start()
        assert _comes(lambda: Message.objects.filter(state="sending").exists())
        office.settle(LATE_AT + SECOND)
        assert Message.objects.filter(rule="late").count() == 2
        assert _comes(Attempt.objects.exists)
        worker.stop()
        (attempt,) = Attempt.objects.all()
        assert attempt.state == ("unknown" if verb == "dot" else "failed")
        assert Message.objects.get(rule="half").state == "waiting"
