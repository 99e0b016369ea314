"""What a fact can hold to be kept: names that tables have room for, texts that come back as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    texts = _texts(fact.data, fact.private)
    whole = "".join(texts)
    if "\x00" in whole:
        message = "a text of this fact holds the character U+0000"
        yield Finding("control-character", message, (fact.where,), "leave it out", field="data")
        return
    weight = _WIDEST * len(whole) + 4 * len(texts)
    if weight + _BESIDE > LINE_BYTES and len(fact_line(fact).encode()) > LINE_BYTES:
        message = f"written on a line, this fact is longer than {LINE_BYTES // 1024} KiB"
        yield Finding("line-too-long", message, (fact.where,), "keep what is large elsewhere", field="data")


def _names(fact: Fact) -> list[tuple[str, str]]:
    """The texts of a fact by which it is found, each with its name."""
    names = [("id", fact.id), ("source", fact.source), ("type", fact.type), ("subject", fact.subject)]
    names += _named("data", fact.data, "contract")
    corrects, replacement = fact.data.get("corrects"), fact.data.get("replacement")
    if isinstance(corrects, Data):
        names += _named("data.corrects", corrects, "source", "id")
    if isinstance(replacement, Data):
        names += _named("data.replacement", replacement, "type", "subject")
        if isinstance(data := replacement.get("data"), Data):
            names += _named("data.replacement.data", data, "contract")
    return names


def _named(where: str, data: Mapping[str, Value], *names: str) -> list[tuple[str, str]]:
    return [(f"{where}.{name}", text) for name in names if isinstance(text := data.get(name), str)]


def _texts(*values: Any) -> list[str]:
    """Whatever stands in values, as texts."""
    found: list[str] = []
    waiting = [*values]
    for value in waiting:  # which grows by what is in them
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Data):
            found += value
            waiting += [one for _, one in value.items()]
        elif isinstance(value, tuple):
            waiting += value
        else:
            found.append("null" if value is None else number_text(value))
    return found
