"""Canonical JSON (RFC 8785) read back: bytes that are exactly what they would be written as.

`core.stating.canonical` writes. There are no floats here: of two readers of a float, each may mean another
number, so a number that is not whole is a text.
"""

from __future__ import annotations

import json
from typing import Final, NoReturn

from upheld.core.stating.canonical import Json, NotCanonicalError, canonical

DEPTH: Final = 32
_DIGITS: Final = 17


def read_canonical(data: bytes) -> Json:
    """The value of canonical bytes. NotCanonicalError for bytes that are not, or with more than 32 levels."""
    # Counted before it is parsed: a parser of nested brackets stops at a limit of its own, or crashes.
    if data.count(b"[") + data.count(b"{") > DEPTH and _depth_of(data) > DEPTH:
        raise NotCanonicalError(f"more than {DEPTH} levels are nested")
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise NotCanonicalError(f"byte {fault.start} is not UTF-8") from None
    except json.JSONDecodeError as fault:
        raise NotCanonicalError(f"this is not JSON at character {fault.pos}") from None
    if canonical(value) != data:
        raise NotCanonicalError("this is JSON, but not in its canonical form")
    return value


def _depth_of(data: bytes) -> int:
    """How deep brackets are nested outside texts."""
    depth = deepest = 0
    in_text = escaped = False
    for byte in data:
        if escaped:
            escaped = False
        elif in_text:
            escaped, in_text = byte == 0x5C, byte != 0x22
        elif byte == 0x22:
            in_text = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise NotCanonicalError("a name is there twice")
    return entries


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise NotCanonicalError("a whole number is too long")
    return int(text)


def _refused(text: str) -> NoReturn:
    raise NotCanonicalError(f"{text[:40]} is no whole number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_refused, parse_constant=_refused
)
