"""What a fact can hold to be kept: names that tables have room for, texts that come back as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from upheld.core.facts.fact import Data, Fact, Value, number_text
from upheld.core.values.finding import Finding
from upheld.files.facts_file import fact_line
from upheld.language.lines import LINE_BYTES

NAME_LENGTH: Final = 200
TYPE_LENGTH: Final = 120
_WIDEST: Final = 6
"""Bytes that a character takes in a line at most: `\\u0001`."""
_BESIDE: Final = 1_000


def limit_findings(fact: Fact) -> Iterator[Finding]:
    """Why a fact cannot be kept, at its place."""
    for name, text in _names(fact):
        most = TYPE_LENGTH if name == "type" else NAME_LENGTH
        if len(text) > most:
            message = f"`{name}` has {len(text):,} characters, and {most} are kept"
            yield Finding("text-too-long", message, (fact.where,), "name it by a shorter text", field=name)
        if not text.isprintable():
            message = f"`{name}` holds a character that nobody can see"
            yield Finding("control-character", message, (fact.where,), "leave it out", field=name)
    weight = 0
    for text in _texts(fact.data, fact.private):
        weight += _WIDEST * len(text) + 4
        if "\x00" in text:
            message = "a text of this fact holds the character U+0000"
            yield Finding("control-character", message, (fact.where,), "leave it out", field="data")
            return
    if weight + _BESIDE > LINE_BYTES and len(fact_line(fact).encode()) > LINE_BYTES:
        message = f"written on a line, this fact is longer than {LINE_BYTES // 1024} KiB"
        yield Finding("line-too-long", message, (fact.where,), "keep what is large elsewhere", field="data")


def _names(fact: Fact) -> Iterator[tuple[str, str]]:
    """The texts of a fact by which it is found, each with its name."""
    yield from (("id", fact.id), ("source", fact.source), ("type", fact.type), ("subject", fact.subject))
    yield from _named("data", fact.data, "contract")
    corrects, replacement = fact.data.get("corrects"), fact.data.get("replacement")
    if isinstance(corrects, Data):
        yield from _named("data.corrects", corrects, "source", "id")
    if isinstance(replacement, Data):
        yield from _named("data.replacement", replacement, "type", "subject")
        if isinstance(data := replacement.get("data"), Data):
            yield from _named("data.replacement.data", data, "contract")


def _named(where: str, data: Mapping[str, Value], *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if isinstance(text := data.get(name), str):
            yield f"{where}.{name}", text


def _texts(*values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from value
            yield from _texts(*value.values())
        elif isinstance(value, tuple):
            yield from _texts(*value)
        elif isinstance(value, int | Decimal):
            yield number_text(value)
        else:
            yield "null"
