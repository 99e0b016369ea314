"""Many at once ask for what is decided once: it is done once, and every one of them is told the same.

Source: safety.md, threat 23 and fault "two workers race".
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

import pytest
from django.http import HttpResponse

from tests.live.api_desk import NOW, Party, World, contract, event, told
from tests.live.api_urls import SETUP
from tests.live.threads import together
from upheld.core.timeline.instant import format_instant
from upheld.store.models import ObservedBatch, Provider, RecordedFact, Text

MANY = 32
Ask: TypeAlias = Callable[[int], HttpResponse]
pytestmark = pytest.mark.slow


def at_once(ask: Ask) -> list[HttpResponse]:
    """What each of them is answered, who all begin together."""
    start, answers = threading.Barrier(MANY), dict[int, HttpResponse]()

    def run(n: int) -> None:
        start.wait(60)
        answers[n] = ask(n)

    together(*(lambda n=n: run(n) for n in range(MANY)))  # type: ignore[misc]  # mypy knows no defaults
    return [answers[n] for n in range(MANY)]


def statuses(answers: list[HttpResponse]) -> dict[int, int]:
    """How many were answered with each status."""
    return dict(Counter(one.status_code for one in answers))


def test_one_fact_is_recorded_once(world: World) -> None:
    """All get its one position, and one of them hears that it is new."""
    answers = at_once(lambda n: world.owner.tell("/facts", event()))
    assert statuses(answers) == {201: 1, 200: MANY - 1}
    assert {json.dumps(json.loads(one.content)["positions"]) for one in answers} == {"[1]"}
    assert RecordedFact.objects.count() == 1


def test_of_decisions_that_differ_the_first_stands(world: World) -> None:
    """Each decides the same claim by the same id, and otherwise: one is taken, the others are refused."""
    told(world.owner.tell("/facts", event("f", "SC-1", "claim.filed", contract="c1", about="2026-05")), 201)

    def decide(n: int) -> HttpResponse:
        said = {"outcome": "partly", "amount": n + 1, "currency": "EUR"}
        return world.owner.tell("/facts", event("d", "SC-1", "claim.determined", **said))

    answers = at_once(decide)
    assert statuses(answers) == {201: 1, 409: MANY - 1}
    refused = [json.loads(one.content)["findings"] for one in answers if one.status_code == 409]
    assert {one["code"] for findings in refused for one in findings} == {"conflicting-facts"}
    assert RecordedFact.objects.filter(type="claim.determined").count() == 1


def test_one_key_is_one_request(world: World) -> None:
    """The facts of the first, whose answer all get; what differs under the key is refused."""
    answers = at_once(lambda n: world.owner.tell("/facts", event(f"f{n % 2}", f"T-{n % 2}"), key="k"))
    assert statuses(answers) == {201: MANY // 2, 409: MANY // 2}
    taken = [one for one in answers if one.status_code == 201]
    assert len({one.content for one in taken}) == 1
    assert sum("Idempotency-Replayed" not in one for one in taken) == 1
    assert RecordedFact.objects.count() == 1


def test_one_batch_of_observations_is_counted_once(world: World) -> None:
    """By its key, or by what it says."""
    rows = [{"at": format_instant(NOW), "component": "api", "ok": True}]
    answers = at_once(lambda n: world.owner.tell("/observations", rows))
    assert statuses(answers) == {200: MANY}
    assert ObservedBatch.objects.count() == 1
    assert sorted(json.loads(one.content)["new"] for one in answers) == [0] * (MANY - 1) + [1]


def test_the_same_agreements_are_applied_once(world: World) -> None:
    """One revision, which all are told; each file is kept once."""
    files = {name: text.decode() for name, text in World.files("Northwind", {"c1": "Acme"}).items()}
    files["c3.yaml"] = contract("c3", "Fabrikam")
    answers = at_once(lambda n: world.owner.ask("PUT", "/agreements", {"files": files}))
    assert statuses(answers) == {200: MANY}
    assert {json.loads(one.content)["revision"] for one in answers} == {2}
    assert sum(bool(json.loads(one.content)["added"]) for one in answers) == 1
    assert Text.objects.filter(provider=world.provider, path="c3.yaml").count() == 1


def test_one_provider_is_made_once(world: World) -> None:
    """One gets its token; the others are told that there is one."""
    setup = Party(SETUP)
    answers = at_once(lambda n: setup.tell("/providers", {"key": "westwind", "name": f"W{n}"}))
    assert statuses(answers) == {201: 1, 409: MANY - 1}
    assert Provider.objects.filter(key="westwind").count() == 1


def test_one_page_is_acknowledged_once(world: World) -> None:
    """Whoever was first is who did; a fact says so, once."""
    way = {"channel": "mail", "way": "mail", "address": "lea@northwind.example"}
    told(world.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": [way]}))
    told(world.owner.tell("/chains", {"role": "lead", "levels": [{"people": ["Lea"], "within": "10m"}]}))
    number = told(world.owner.tell("/pages", {"role": "lead"}), 201)["number"]
    answers = at_once(lambda n: world.owner.tell(f"/pages/{number}/acknowledgement", b""))
    assert statuses(answers) == {200: MANY}
    assert len({one.content for one in answers}) == 1


def test_one_token_is_taken_back_once(world: World) -> None:
    """It lets nobody in afterwards, whoever asked for it."""
    body = {"name": "desk", "role": "operator", "scopes": ["facts:read"]}
    made = told(world.owner.tell("/tokens", body), 201)
    answers = at_once(lambda n: world.owner.ask("DELETE", f"/tokens/{made['number']}"))
    assert set(statuses(answers)) <= {200, 404}
    assert Party(made["token"]).get("/me").status_code == 401
