"""`/metrics`: figures for the operator, and for nobody else; no label that an asker can choose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from tests.core.worlds import fact
from tests.live.test_messages import LATE_AT, OPENED_AT, Office
from upheld.app.vitals import SILENT_US, beat, leave, working
from upheld.core.timeline.instant import SECOND
from upheld.server import metrics
from upheld.store.models import Message, Tally
from upheld.store.signs_of_life import signs_since

TOKEN = "metrics-token-of-a-test"


class _Clock:
    at = LATE_AT

    def now(self) -> int:
        return self.at


@pytest.fixture
def server(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The server, at an instant."""
    monkeypatch.setattr(metrics, "clock", _Clock)
    with override_settings(ROOT_URLCONF="upheld.server.urls", METRICS_TOKEN=TOKEN):
        yield Client(SERVER_NAME="localhost")


def _figures(server: Client) -> dict[tuple[str, ...], float]:
    """Every figure of Upheld, by its name and the values of its labels."""
    answer = server.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_nobody_reads_them_without_the_token(server: Client) -> None:
    """No token, another one, another scheme: the same 401, which says nothing."""
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = server.get("/metrics", headers=headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert b"upheld_" not in answer.content
    with override_settings(METRICS_TOKEN=""):
        assert server.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_what_is_due_is_told_with_its_age(server: Client) -> None:
    """A ticket that is late, and nobody has looked: so much is due, for so long."""
    office = Office(ticket=False)
    office.settle(OPENED_AT)
    figures = _figures(server)
    assert figures["upheld_due", "wakes"] == 0
    assert figures["upheld_facts_total",] == 0
    opened = fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1")
    office.tell(opened, at=OPENED_AT)
    figures = _figures(server)
    assert figures["upheld_due", "wakes"] >= 1
    assert 0 < figures["upheld_lag_seconds", "wakes"] <= (LATE_AT - OPENED_AT) / SECOND
    assert figures["upheld_facts_total",] == 1
    assert figures["upheld_due", "signatures"] == 1
    assert figures["upheld_lag_seconds", "signatures"] == (LATE_AT - OPENED_AT) / SECOND
    office.settle(LATE_AT + 1)
    figures = _figures(server)
    assert figures["upheld_due", "wakes"] == 0
    assert figures["upheld_messages", "waiting"] == Message.objects.filter(state="waiting").count() > 0


def test_requests_are_counted_by_their_template(server: Client) -> None:
    """A thousand addresses that somebody makes up are one label, and so are all numbers of a verdict."""
    before = _figures(server)
    for n in range(3):
        server.get(f"/nothing/{n}")
        server.get(f"/api/v1/verdicts/{n}/explanation")
        server.generic(f"X{n}", "/healthz")
    after = _figures(server)

    def grown(*label: str) -> float:
        name = ("upheld_requests_total", *label)
        return after[name] - before.get(name, 0)

    assert grown("GET", "none", "404") == 3
    assert grown("GET", "/api/v1/verdicts/<number>/explanation", "401") == 3
    assert grown("other", "/healthz", "200") == 3
    routes, known = (
        {name[2] for name in found if name[0] == "upheld_requests_total"} for found in (after, before)
    )
    assert not any("/0/" in route or route.endswith("/0") for route in routes)
    assert routes - known <= {"none", "/api/v1/verdicts/<number>/explanation", "/healthz", "/metrics"}


def test_what_workers_did_is_one_figure(server: Client) -> None:
    """Two processes add to the same counts; who is silent for long, or was stopped, does not work."""
    now = _Clock.at
    beat("one/1", now, {"attempt mail accepted": 2, "scopes woken": 5})
    beat("two/2", now, {"attempt mail accepted": 1, "attempt webhook unknown": 1})
    figures = _figures(server)
    assert figures["upheld_attempts_total", "mail", "accepted"] == 3
    assert figures["upheld_attempts_total", "webhook", "unknown"] == 1
    assert figures["upheld_done_total", "scopes woken"] == 5
    assert figures["upheld_workers",] == 2
    leave("two/2", now, {})
    assert working(now) == 1
    assert working(now + SILENT_US) == 0
    beat("three/3", now + 3600 * SECOND + 1, {})
    assert signs_since(0) == 1, "who was silent for an hour is forgotten"
    assert Tally.objects.count() == 3


def test_without_a_database_that_is_what_it_says(server: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of the process are there, and one that says that the database does not answer."""

    def broken(at: int) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(metrics, "vitals", broken)
    figures = _figures(server)
    assert figures["upheld_database_up",] == 0
    assert ("upheld_due", "wakes") not in figures
    assert any(name[0] == "process_resident_memory_bytes" for name in figures)
    assert any(name[0] == "upheld_build_info" for name in figures)
