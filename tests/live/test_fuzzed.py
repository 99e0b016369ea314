"""Bodies of bytes that somebody has damaged: each is taken or refused, and nothing ever breaks.

Source: safety.md, threats 21 and 25. `make sim` tries many more, and others.
"""

from __future__ import annotations

import json
from typing import Final

import pytest

from tests.damage import damaged
from tests.live.api_desk import NOW, World, event
from tests.live.test_senders import headers, sender, sent
from upheld.core.timeline.instant import format_instant

pytestmark = pytest.mark.slow

ROW: Final = {"at": format_instant(NOW), "component": "api", "signal": "http", "ok": True}
FACTS: Final = [event("f1", "T-1"), event("f2", "T-1", "ticket.replied", by="human")]
AGREEMENTS: Final = {name: text.decode() for name, text in World.files("Northwind", {"c1": "Acme"}).items()}
SEEDS: Final[dict[str, tuple[str, str, str, bytes]]] = {
    "fact": ("POST", "/facts", "application/cloudevents+json", json.dumps(FACTS[0]).encode()),
    "batch": ("POST", "/facts:batch", "application/cloudevents-batch+json", json.dumps(FACTS).encode()),
    "lines": ("POST", "/facts:batch", "application/x-ndjson", "\n".join(map(json.dumps, FACTS)).encode()),
    "rows": ("POST", "/observations", "application/json", json.dumps([ROW, ROW]).encode()),
    "row lines": ("POST", "/observations", "application/x-ndjson", json.dumps(ROW).encode()),
    "columns": (
        "POST", "/observations", "application/vnd.upheld.columns+json",
        json.dumps({**ROW, "at": [ROW["at"]] * 3, "ok": [True, False, True]}).encode(),
    ),
    "agreements": ("PUT", "/agreements", "application/json", json.dumps({"files": AGREEMENTS}).encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDS)
def test_a_damaged_body_is_taken_or_refused(world: World, name: str) -> None:
    """Never with an error of ours; what is refused is refused with a reason."""
    method, path, kind, seed = SEEDS[name]
    for body in damaged(name, seed):
        answer = world.owner.ask(method, path, body, kind)
        assert answer.status_code in (200, 201, 409, 413, 422), (answer.status_code, body)
        if answer.status_code == 422:
            assert json.loads(answer.content)["findings"], body
    assert world.owner.get("/facts").status_code == 200


def test_a_damaged_body_that_is_signed_is_taken_or_refused(world: World) -> None:
    """Whoever has the secret may send what they like: it is read as any other."""
    made = sender(world)
    for n, body in enumerate(damaged("webhook", json.dumps(FACTS[0]).encode())):
        answer = sent(made.id, body, headers(f"m{n}", body, made.secret))
        assert answer.status_code in (200, 201, 409, 413, 422), (answer.status_code, body)
