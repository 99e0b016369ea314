"""Bodies of bytes that somebody has damaged: each is taken or refused, and nothing ever breaks.

Source: safety.md, threats 21 and 25. `make sim` tries many more, and others.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from typing import Final

import pytest

from tests.live.api_desk import NOW, World, event
from upheld.core.timeline.instant import format_instant

TRIES: Final = int(os.environ.get("UPHELD_FUZZ", "40"))
"""How many damaged bodies of each kind."""
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
ODD: Final = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\\ud800", b"\\u0000", b'"', b"'", b"{", b"}", b"[",
    b"]", b",", b":", b"\n", b"\r", b"\t", b"- ", b"? ", b"&a ", b"*a", b"!!str ", b"<<: ", b"%", b"#", b"|",
    b">", b"@", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"9" * 400, b"1" * 4_400, b"0x10",
    b"1_0", b"{}" * 50, b"[" * 200, b"{" * 200, b"9999-12-31T23:59:60Z", b"-0001-01-01T00:00:00Z",
    "\u0665".encode(), "\uff21".encode(),
)  # fmt: skip


def damaged(seed: bytes, dice: random.Random) -> bytes:
    """A body with a few wounds: bytes taken out, doubled, exchanged, or odd ones put in."""
    body = bytearray(seed)
    for _ in range(dice.choice((1, 1, 2, 5))):
        start = dice.randrange(len(body) + 1)
        end = min(len(body), start + dice.choice((0, 1, 4, 40)))
        other = dice.randrange(len(body) + 1)
        body[start:end] = dice.choice((b"", bytes(body[other : other + 20]), *[dice.choice(ODD)] * 3))
        if dice.random() < 0.1:
            del body[dice.randrange(len(body) + 1) :]
    return bytes(body)


def bodies(name: str) -> Iterator[bytes]:
    """Damaged bodies of a kind, always the same ones unless `UPHELD_FUZZ_SEED` says otherwise."""
    dice = random.Random(f"{name} {os.environ.get('UPHELD_FUZZ_SEED', '1')}")
    return (damaged(SEEDS[name][3], dice) for _ in range(TRIES))


@pytest.mark.parametrize("name", SEEDS)
def test_a_damaged_body_is_taken_or_refused(world: World, name: str) -> None:
    """Never with an error of ours; what is refused is refused with a reason."""
    method, path, kind, _ = SEEDS[name]
    for body in bodies(name):
        answer = world.owner.ask(method, path, body, kind)
        assert answer.status_code in (200, 201, 409, 413, 422), (answer.status_code, body)
        if answer.status_code == 422:
            assert json.loads(answer.content)["findings"], body
    assert world.owner.get("/facts").status_code == 200
