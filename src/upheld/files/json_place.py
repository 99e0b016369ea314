"""Where in a line of JSON something stands. Only faulty lines are walked, so it may be slow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in practice, absent from typeshed
from typing import NamedTuple

_SPACE = " \t\r\n"
_SPACES = re.compile(f"[{_SPACE}]*")


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


def offsets(text: str) -> Callable[[Sequence[str]], int]:
    """Where the value of a path begins, or the nearest one around it that is there, in a text that is JSON.

    A list leads on by number. It is walked as far as somebody asks, and into nothing else: what is large
    costs little. Of a name that is repeated the last one is meant whose repetition was walked.
    """
    opened: dict[int, tuple[dict[str, int], Iterator[tuple[str, int]]]] = {}

    def offset(path: Sequence[str]) -> int:
        at = _skip(text, 0)
        for name in path:
            if at not in opened:
                opened[at] = {}, _inside(text, at)
            found, walk = opened[at]
            while name not in found and (one := next(walk, None)) is not None:
                found[one[0]] = one[1]
            if name not in found:
                break
            at = found[name]
        return at

    return offset


def _inside(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The names of an object, or the numbers of a list, each with where its value begins; none of others."""
    opening = text[at : at + 1]
    if opening not in ("{", "["):
        return
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        name = str(number)
        if opening == "{":
            name, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
        yield name, at
        number += 1
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at


def elements(text: str, most: int, depth_limit: int) -> list[tuple[int, int]] | int:
    """Where each element of a list begins and ends, without the space around it.

    What the elements are is not looked at. Of a list with more than `most` there is one too many, and nobody
    looks further. Where it stops being a list with no more than `depth_limit` levels in one element is the
    answer if it is none.
    """
    start = _skip(text, 0)
    if not text.startswith("[", start):
        return start
    found: list[tuple[int, int]] = []
    depth, begin = 1, start + 1
    for token in _TOKEN.finditer(text, start + 1):
        sign, at = text[token.start()], token.start()
        if sign in "[{":
            depth += 1
            if depth > depth_limit + 1:
                return at
        elif sign in "]}":
            depth -= 1
        if depth and not (depth == 1 and sign == ","):
            continue
        own = _skip(text, begin)
        end = len(text[own:at].rstrip(_SPACE)) + own if own < at else own
        if own < end or sign == "," or found:
            if own >= end:
                return at
            found.append((own, end))
            if len(found) > most:
                return found
        begin = at + 1
        if not depth:
            rest = _skip(text, begin)
            return found if sign == "]" and rest == len(text) else at if sign != "]" else rest
    return len(text)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
"""What matters in JSON for where its parts end. A text that has no end takes the rest, and is read once."""
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]+|[\]}]+', re.DOTALL)
"""What matters for how deep it is: texts, and as many brackets of one kind as stand together."""


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
    depth = 0
    for token in _BRACKETS.finditer(text):
        count = token.end() - token.start()
        if (sign := text[token.start()]) in "]}":
            depth -= count
        elif sign != '"':
            depth += count
            if depth > limit:
                return token.end() - (depth - limit)
    return None


def _skip(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    assert found is not None
    return found.end()


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
