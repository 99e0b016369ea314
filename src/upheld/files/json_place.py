"""Where in a line of JSON something stands. Only faulty lines are walked, so it may be slow."""

from __future__ import annotations

from contextlib import suppress
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in practice, absent from typeshed
from typing import NamedTuple

_SPACE = " \t\r\n"


class Member(NamedTuple):
    """A name of an object and its value: the names that lead to it, and where both begin (from 0)."""

    path: tuple[str, ...]
    name_at: int
    value_at: int


def members(text: str) -> tuple[Member, ...]:
    """Every name in a line of JSON as written, repeated ones too; a list leads on by number.

    Where the line stops being JSON, what was found before is the answer.
    """
    found: list[Member] = []
    with suppress(IndexError, ValueError):
        _walk(text, _skip(text, 0), (), found)
    return tuple(found)


def offset_of(text: str, path: tuple[str, ...]) -> int:
    """Where the value of the last repetition of `path` begins, or of the nearest object that is there."""
    found = {member.path: member.value_at for member in members(text)}
    while path and path not in found:
        path = path[:-1]
    return found.get(path, _skip(text, 0))


def second_name(text: str) -> tuple[str, int] | None:
    """The first name that an object repeats, and where it stands the second time."""
    seen: set[tuple[str, ...]] = set()
    for member in members(text):
        if member.path in seen:
            return member.path[-1], member.name_at
        seen.add(member.path)
    return None


def depth_of(text: str, limit: int) -> int | None:
    """Where nesting first goes deeper than `limit`, or None. Good JSON is not needed."""
    depth, quoted, escaped = 0, False, False
    for offset, character in enumerate(text):
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > limit:
                return offset
        elif character in "]}":
            depth -= 1
    return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


_DECODER = JSONDecoder(parse_int=str, parse_float=str)


def _walk(text: str, at: int, path: tuple[str, ...], found: list[Member]) -> int:
    """Note the names of the value that begins at `at`; where the value ends."""
    opening = text[at]
    if opening not in "{[":
        return _DECODER.raw_decode(text, at)[1]
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        name_at, name = at, str(number)
        if opening == "{":
            name, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
            found.append(Member((*path, name), name_at, at))
        at = _skip(text, _walk(text, at, (*path, name), found))
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1
