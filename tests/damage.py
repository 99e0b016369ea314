"""Bytes that somebody has damaged: always the same ones, unless `UPHELD_FUZZ_SEED` says otherwise."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Final

TRIES: Final = int(os.environ.get("UPHELD_FUZZ", "40"))
"""How many of each kind."""
ODD: Final = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\\ud800", b"\\u0000", b'"', b"'", b"{", b"}", b"[",
    b"]", b",", b":", b"\n", b"\r", b"\t", b"- ", b"? ", b"&a ", b"*a", b"!!str ", b"<<: ", b"%", b"#", b"|",
    b">", b"@", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"9" * 400, b"1" * 4_400, b"0x10",
    b"1_0", b"{}" * 50, b"[" * 200, b"{" * 200, b"9999-12-31T23:59:60Z", b"-0001-01-01T00:00:00Z",
    "\u0665".encode(), "\uff21".encode(),
)  # fmt: skip


def _damaged(seed: bytes, dice: random.Random) -> bytes:
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


def damaged(name: str, seed: bytes) -> Iterator[bytes]:
    """What became of a body, again and again; the name of its kind draws the wounds."""
    dice = random.Random(f"{name} {os.environ.get('UPHELD_FUZZ_SEED', '1')}")
    return (_damaged(seed, dice) for _ in range(TRIES))
