"""`/readyz`: never green because nobody looked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from tests.live.test_messages import LATE_AT, Office
from tests.live.test_worker import channels_to
from upheld.app.vitals import beat
from upheld.core.timeline.instant import SECOND, format_instant
from upheld.server import health, worker
from upheld.server.clock import FileClock
from upheld.server.room import FULL, Room


def _ready(monkeypatch: pytest.MonkeyPatch, at: int) -> tuple[int, list[str]]:
    """What is answered at an instant by a process that does not work itself."""

    class Clock:
        def now(self) -> int:
            return at

    monkeypatch.setattr(health, "clock", Clock)
    monkeypatch.setattr(health, "ROOM", Room())
    with override_settings(ROOT_URLCONF="upheld.server.urls"):
        answer = Client(SERVER_NAME="localhost").get("/readyz")
    return answer.status_code, json.loads(answer.content)["faults"]


def test_a_server_for_which_nobody_works_is_not_ready(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No sign of life, and then one; then it is silent for too long."""
    silent = "no worker has given a sign of life for 30 s"
    assert _ready(monkeypatch, LATE_AT) == (503, [silent])
    beat("one/1", LATE_AT, {})
    assert _ready(monkeypatch, LATE_AT + SECOND) == (200, [])
    assert _ready(monkeypatch, LATE_AT + 30 * SECOND) == (503, [silent])


def test_how_many_reached_nobody_is_told_to_nobody(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask, and it is over all providers: it says when, for the watchdog, and no more."""
    Office().settle(LATE_AT)
    beat("one/1", LATE_AT, {})
    monkeypatch.setattr(health, "unheard_lately", lambda at: at - SECOND)
    _ready(monkeypatch, LATE_AT)
    with override_settings(ROOT_URLCONF="upheld.server.urls"):
        told = json.loads(Client(SERVER_NAME="localhost").get("/readyz").content)
    assert told.keys() == {"ready", "faults", "lag_us", "settled", "unheard_at"}
    assert told["unheard_at"] == LATE_AT - SECOND


def test_a_disk_that_is_full_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while nothing lies due, and whoever works gives signs of life."""
    beat("one/1", LATE_AT, {})
    monkeypatch.setattr(Room, "lacking", lambda *_: [FULL])
    assert _ready(monkeypatch, LATE_AT) == (503, ["the disk is full: nothing can be written"])


def test_what_lies_due_for_long_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of life is not enough: the deadlines have to fire."""
    Office().settle(LATE_AT - 60 * SECOND)
    beat("one/1", LATE_AT + 3600 * SECOND, {})
    status, faults = _ready(monkeypatch, LATE_AT + 3600 * SECOND)
    assert status == 503
    assert [one.partition(" for ")[0] for one in faults] == ["something has been due"]


def test_whoever_opens_the_address_of_a_server_finds_its_pages(address: str) -> None:
    """A start tells the address alone."""
    with override_settings(ROOT_URLCONF="upheld.server.urls"):
        answer = Client(SERVER_NAME="localhost").get("/", follow=True)
    assert answer.redirect_chain == [("/api/v1/docs", 302)]
    assert b"Upheld API" in answer.content


def test_who_watches_may_ask_without_a_body(address: str) -> None:
    """Each path outside the operations answers `HEAD` with the status and the headers of `GET`."""
    client = Client(SERVER_NAME="localhost")
    answered = set()
    with override_settings(ROOT_URLCONF="upheld.server.urls"):
        for path in ("/", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs"):
            got, head = client.get(path), client.head(path)
            assert (head.status_code, head.headers, head.content) == (got.status_code, got.headers, b"")
            answered.add(got.status_code)
    assert answered == {200, 302, 401, 503}


def test_a_database_that_does_not_answer_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of what it would say is guessed."""

    def broken(at: int) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "lag_us", broken)
    assert _ready(monkeypatch, LATE_AT) == (503, ["the database does not answer: OperationalError"])


def test_each_loop_has_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that seals comes round every ten minutes, that of deadlines many times a minute."""
    now = tmp_path / "now"
    now.write_text(format_instant(LATE_AT))
    works = worker.Worker(FileClock(now), channels_to(1))
    works._beats = {"wake": 0, "seal": 0, "send mail": 0}
    for after_s, still in ((9, []), (12, ["wake", "send mail"]), (611, ["wake", "seal", "send mail"])):
        monkeypatch.setattr(worker, "ticks", lambda after_s=after_s: after_s * SECOND)
        assert works.standing_still() == still
