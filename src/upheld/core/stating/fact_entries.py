"""Facts as values of a record: by their identity, with the hash of what they say.

Personal text is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from upheld.core.facts.fact import Data, Fact, Key, Value, number_text
from upheld.core.facts.fact_types import REPLACED, WITHDRAWN
from upheld.core.stating.canonical import Json, Record, hash_of


class Correction(NamedTuple):
    """A correction with the fact that it is about."""

    fact: Fact
    corrects: Key


def corrections_of(told: Iterable[Fact]) -> Iterator[Correction]:
    """The corrections among what was told, in its order."""
    for fact in told:
        reference = fact.data.get("corrects")
        if fact.type in (REPLACED, WITHDRAWN) and isinstance(reference, Data):
            yield Correction(fact, (str(reference.get("source")), str(reference.get("id"))))


def fact_entry(fact: Fact, correction: Fact | None) -> Record:
    """A fact that something rests on, and the correction that made it what it is."""
    return {
        "source": fact.source,
        "id": fact.id,
        "type": fact.type,
        "at": fact.at,
        "recorded_at": fact.recorded_at,
        "subject": fact.subject,
        "sha256": fact_hash(fact),
        "corrected_by": None
        if correction is None
        else {"source": correction.source, "id": correction.id, **said_by(correction)},
    }


def said_by(fact: Fact) -> Record:
    """Who told a fact, and why, where it says so."""
    by = fact.data.get("by") or fact.data.get("actor")
    reason = fact.data.get("reason")
    return {"by": by if isinstance(by, str) else "", "reason": reason if isinstance(reason, str) else ""}


def fact_hash(fact: Fact) -> str:
    """The hash of what a fact says, without what is personal, and without when it was recorded."""
    return hash_of([fact.source, fact.id, fact.type, fact.at, fact.subject, _plain(fact.data)])


def event_entry(fact: Fact) -> Record:
    """A fact about a subject as a step of what happened to it, with the words and numbers that it says."""
    told = [
        {"name": name, "value": str(value)}
        for name, value in fact.data.items()
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    ]
    return {"at": fact.at, "type": fact.type, "source": fact.source, "id": fact.id, "data": list(told)}


def _plain(value: Value | Mapping[str, Value]) -> Json:
    """A value of a fact; numbers are texts, and objects lists of pairs, for names need not be ASCII."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {"object": [[name, _plain(one)] for name, one in value.items()]}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str) else {"number": number_text(value)}
