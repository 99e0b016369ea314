"""A statement: the frozen record of one contract and period, known by the hash of its canonical bytes."""

from __future__ import annotations

import json
from typing import Final

from upheld.core.stating.canonical import NotCanonicalError, Record, canonical, hash_of
from upheld.core.values.frozen import dataclass

HASH: Final = "sha256"
_ENVELOPE: Final = frozenset({"record", HASH})


class NotAStatementError(ValueError):
    """A text is no statement, or not the one it says it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The record as plain JSON values, and the SHA-256 of its canonical bytes."""

    record: Record
    sha256: str

    @staticmethod
    def of(record: Record) -> Statement:
        """The statement of a record. NotCanonicalError if the record has a value that none can have."""
        return Statement(record, hash_of(record))

    @property
    def text(self) -> str:
        """The envelope as one line: the record and its hash, canonical."""
        return canonical({"record": self.record, HASH: self.sha256}).decode() + "\n"


def read_statement(text: str) -> Statement:
    """The statement in a file. NotAStatementError if it is none, or if its hash is that of another record."""
    try:
        envelope = json.loads(text, parse_float=_no_float)
    except json.JSONDecodeError as fault:
        if not text.strip():
            raise NotAStatementError("it is no statement: it is empty") from None
        raise NotAStatementError(
            f"it is no statement: no JSON is at line {fault.lineno}, column {fault.colno}; a record is what "
            "`upheld statement --format json` writes"
        ) from None
    except (ValueError, RecursionError) as fault:
        raise NotAStatementError(f"it is no statement: {fault}") from None
    if not isinstance(envelope, dict) or set(envelope) != _ENVELOPE:
        raise NotAStatementError("it is no statement: an object with `record` and `sha256` is expected")
    if not isinstance(envelope["record"], dict):
        raise NotAStatementError("it is no statement: an object with `record` and `sha256` is expected")
    try:
        sha256 = hash_of(envelope["record"])
    except NotCanonicalError as fault:
        raise NotAStatementError(f"it is no statement: {fault}") from None
    if sha256 != envelope[HASH]:
        raise NotAStatementError("its record was changed after it was made: the hash is another one")
    return Statement(envelope["record"], sha256)


def _no_float(text: str) -> None:
    raise ValueError(f"{text} is no whole number")
