"""Facts as rows and back: the narrow place between core's values and the tables.

A fact that is as it was recorded is read from its entry and its personal text; one that was corrected stands
beside it in full, as a record of its own.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from upheld.core.facts.fact import NO_DATA, Data, Fact, Value, number_text
from upheld.core.facts.fact_versions import newest
from upheld.core.stating.canonical import Json
from upheld.core.timeline.instant import Instant, instant_of
from upheld.core.values.frozen import replace
from upheld.evidence.told import read_told

_NUMBER: Final = "\x00"
"""Before the text of a number that is not whole: no text of a fact holds it."""


def fact_of(entry: bytes | memoryview, personal: str | None) -> Fact:
    """The fact of a row.

    Its entry was written here and cannot be changed, so it is not checked again: the scrub of the log does
    that, and whoever verifies. ValueError if it is no fact.
    """
    record = json.loads(str(entry, "utf-8"))
    recorded_at, told = _instant(record["recorded_at"]), record.get("fact")
    if told is None:
        raise ValueError("this entry is no fact")
    private = NO_DATA if personal is None else data_of(personal)
    if "numbers" in told:
        return replace(read_told(told, recorded_at).fact, private=private)
    type_, data = newest(told["type"], Data(told["data"]) if "data" in told else NO_DATA)
    at = _instant(told["time"])
    return Fact(told["id"], told["source"], type_, at, recorded_at, told["subject"], data, private)


def _instant(text: str) -> Instant:
    """The instant of a time in an entry, which is written in one way only."""
    return instant_of(datetime.fromisoformat(text))


def is_erased(entry: bytes | memoryview, personal: str | None) -> bool:
    """Whether the fact of a row had personal text that was taken away: there is only its hash."""
    return personal is None and "private" in json.loads(bytes(entry)).get("fact", {})


def personal_text(fact: Fact) -> str | None:
    """What is personal in a fact, as `data_of` reads it; None if nothing is."""
    return text_of(fact.private) if fact.private else None


def corrected_text(fact: Fact) -> str:
    """A fact in full, as `corrected_fact` reads it."""
    record = _attributes(fact) | {"data": _plain(fact.data), "private": _plain(fact.private)}
    record |= {"hands": list(fact.hands)} if fact.hands else {}
    return json.dumps(record, ensure_ascii=False)


def corrected_fact(text: str) -> Fact:
    """The fact of such a text."""
    record: dict[str, Any] = json.loads(text)
    data, private = Data(_thawed(record.pop("data"))), Data(_thawed(record.pop("private")))
    hands = tuple(record.pop("hands", ()))
    return Fact(**record, data=data, private=private, hands=hands)


def text_of(data: Data | Any) -> str:
    """Data as JSON that gives it back exactly."""
    return json.dumps(_plain(data), ensure_ascii=False)


def data_of(text: str) -> Data:
    """The data of such a text."""
    return Data(_thawed(json.loads(text)))


def _attributes(fact: Fact) -> dict[str, Any]:
    names = ("id", "source", "type", "at", "recorded_at", "subject", "data")
    return {name: getattr(fact, name) for name in names}


def _plain(value: Value | Any) -> Json:
    if isinstance(value, Data):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return f"{_NUMBER}{number_text(value)}" if isinstance(value, Decimal) else value


def _thawed(value: Json) -> Any:
    if isinstance(value, dict):
        return {name: _thawed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_thawed(one) for one in value]
    if isinstance(value, str) and value.startswith(_NUMBER):
        return Decimal(value[1:])
    return value
