"""Idempotency keys: of one token, for one request, where it is done once; elsewhere they are refused."""

from __future__ import annotations

import inspect
import json

import pytest

from tests.live.api_desk import NOW, Party, World, event, problem, told
from tests.live.api_urls import SETUP
from upheld.api.build import OPERATIONS
from upheld.api.operations import Operation
from upheld.app.tokens import revoke_token
from upheld.store.models import KeptAnswer, RecordedFact, Token

CHECK = {"at": NOW, "component": "api", "ok": True}


def test_a_key_is_of_one_token(world: World) -> None:
    """Two programs of a provider, and of two providers, may hit on the same key: each is answered its own."""
    other = Party(world.token(world.provider, "integration"))
    for party, fact, position in (
        (world.owner, event("f1"), 1),
        (other, event("f2", "T-2"), 2),
        (world.stranger, event("f3", contract="c9"), 1),
    ):
        assert told(party.tell("/facts", fact, key="k1"), 201)["positions"] == [position]
    problem(other.tell("/facts", event("f1"), key="k1"), 409, "key-reused")
    assert told(world.owner.tell("/facts", event("f1"), key="k1"), 201)["positions"] == [1]


def test_a_key_is_gone_with_its_token(world: World) -> None:
    """Nobody is answered by a token that was revoked; under a new one a fact has its id to be told once."""
    told(world.owner.tell("/facts", event(), key="k1"), 201)
    revoke_token(world.provider.pk, Token.objects.get(provider=world.provider, role="owner").pk, NOW)
    problem(world.owner.tell("/facts", event(), key="k1"), 401, "unauthenticated")
    new = Party(world.token(world.provider, "owner"))
    again = new.tell("/facts", event(), key="k1")
    assert told(again, 200) == {"positions": [1], "new": 0, "findings": []}
    assert "Idempotency-Replayed" not in again
    assert (RecordedFact.objects.count(), KeptAnswer.objects.count()) == (1, 2)


def test_two_keys_are_not_one(world: World) -> None:
    """Two headers come joined by a comma, as if they were another key: it is refused, and nothing is done."""
    for path, body in (("/facts", event()), ("/observations", [CHECK])):
        found = problem(world.owner.tell(path, body, key="k1,k2"), 422, "invalid")["findings"]
        assert [(one["code"], one["field"]) for one in found] == [("duplicate-key", "Idempotency-Key")]
    assert not RecordedFact.objects.exists()


def _asked(operation: Operation) -> set[str]:
    """What has to be said in the query."""
    given = inspect.signature(operation.does).parameters.values()
    return {one.name for one in given if one.default is one.empty and f"{{{one.name}}}" not in operation.path}


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if not (one.takes_key or one.signed)], ids=lambda one: one.name
)
def test_a_key_that_would_not_be_kept_is_not_taken(world: World, operation: Operation) -> None:
    """Where an answer holds a secret, or something is done without a body, no answer is kept: that is told.

    Of a question, which does nothing, a key changes nothing.
    """
    party = Party(SETUP) if operation.name == "makeProvider" else world.owner
    words = {
        "name": "x",
        "number": 1,
        "endpoint": 1,
        "delivery": "msg_1",
        "contract": "c1",
        "period": "2026-06",
    }
    words |= {"role": "lead", "language": "en", "kind": "ahead"}
    path = operation.path.format(**words)
    query = {name: words[name] for name in _asked(operation) & words.keys()}
    answer = party.ask(operation.method, path, b"{}", query=query, key="k1")
    found = [one["field"] for one in json.loads(answer.content).get("findings", ())]
    assert ("Idempotency-Key" in found) == (operation.method != "GET")
    assert answer.status_code == 422 or operation.method == "GET"
