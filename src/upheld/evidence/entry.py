"""Entries of a log: what is said in it, as canonical bytes, stored as they are and hashed as a leaf.

    {"actor":"desk","fact":{"data":{"priority":"high"},"id":"1","private":"9f86...","source":"desk",
     "subject":"T-1","time":"2026-06-02T09:00:00.000000Z","type":"ticket.opened/1"},"index":0,
     "origin":"northwind.example/log/acme/1","recorded_at":"2026-06-02T09:00:04.000000Z",
     "schema":"upheld.entry/1","terms":{"agreement":"...","contract":"...","lock":"..."}}

An entry says one thing: a fact, that observations were sealed, that a new epoch begins after a gap, or that
a new key signs. Of personal text it holds a salted hash: when text and salt are erased, every proof holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

from upheld.core.book import Origin
from upheld.core.stating.canonical import Json, NotCanonicalError, Record, canonical
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.evidence.canonical import read_canonical
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.keys import KeyTextError, VerifierKey
from upheld.evidence.strict import MOST, hex_hash
from upheld.evidence.times import entry_instant, entry_time
from upheld.evidence.told import Told, check_text, read_told, told_record

SCHEMA: Final = "upheld.entry/1"
ENTRY_BYTES: Final = 65_535
"""The most that an entry has: bundles of them (C2SP tlog-tiles) count it in two bytes."""

_NAMES: Final = frozenset({"schema", "origin", "index", "recorded_at", "actor", "terms"})
_TERMS: Final = ("agreement", "lock", "contract")
NO_TERMS: Final = Origin()


class EntryError(ValueError):
    """Bytes are not an entry, or something cannot be one; the message says why."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A new epoch begins: what had been signed, what is left of it, and what of that is known to be the same.

    `signed` is the last head that was signed. `kept` is what is there of the log now, all before this entry.
    `agreed` is the largest size at which a checkpoint that was kept agrees with what is there: the entries
    from it up to `signed` cannot be vouched for. `because` says what happened, in the operator's words.
    """

    signed: Head
    kept: Head
    agreed: int
    because: str

    @property
    def lost(self) -> int:
        """How many signed entries are not there any more."""
        return max(0, self.signed.size - self.kept.size)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that signs from now on: believed because the one before signed a checkpoint over this entry."""

    key: VerifierKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file of observations of a day was sealed: the first has number 1, those of late rows follow.

    `sha256` is that of its file of hashes, as the manifest of the lake names it.
    """

    day_on: date
    number: int
    sha256: str


Said: TypeAlias = Told | Gap | NewKey | Sealed


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: in which log, at which index, when it was recorded and by whom, under which texts, and what.

    `terms` are the hashes of agreement, lock and contract that held for what it is about, if any.
    """

    name: LogName
    index: int
    recorded_at: Instant
    actor: str
    said: Said
    terms: Origin = NO_TERMS


def entry_bytes(entry: Entry) -> bytes:
    """The entry in canonical bytes, the same for the same entry always. EntryError for what cannot be one."""
    try:
        if not 0 <= entry.index <= MOST:
            raise ValueError(f"{entry.index} is no index")
        record = {
            "schema": SCHEMA,
            "origin": str(entry.name),
            "index": entry.index,
            "recorded_at": entry_time(entry.recorded_at),
            "actor": check_text(entry.actor, "actor"),
            **_said_record(entry.said),
        }
        if terms := _terms_record(entry.terms):
            record["terms"] = terms
        data = canonical(record)
    except ValueError as fault:
        raise EntryError(f"this cannot be an entry: {fault}") from None
    if len(data) > ENTRY_BYTES:
        raise EntryError(
            f"an entry has at most {ENTRY_BYTES:,} bytes, not {len(data):,}: keep what is large elsewhere"
        )
    return data


def read_entry(data: bytes) -> Entry:
    """The entry of its bytes. EntryError unless they are canonical, with all that an entry has and no more.

    A fact of an older type is brought up to the newest, as everywhere; personal text is not in it.
    """
    if len(data) > ENTRY_BYTES:
        raise EntryError(f"an entry has at most {ENTRY_BYTES:,} bytes, not {len(data):,}")
    try:
        record = read_canonical(data)
        return _entry(record)
    except (NotCanonicalError, KeyTextError, KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, EntryError):
            raise
        said = f"{fault} is missing" if isinstance(fault, KeyError) else fault
        raise EntryError(f"this is no entry: {said}") from None


def _entry(record: Json) -> Entry:
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise EntryError(f"this is no entry of the schema {SCHEMA}")
    (kind, *more) = sorted(record.keys() - _NAMES) or [""]
    if more or kind not in _READERS:
        raise EntryError("an entry says one thing: a fact, a sealed file, a gap or a key")
    index, actor = record["index"], record["actor"]
    if type(index) is not int or index < 0 or not isinstance(actor, str):
        raise EntryError("an index is a whole number and an actor a text")
    recorded_at = entry_instant(record["recorded_at"])
    said = _READERS[kind](_object(record[kind]), recorded_at)
    name = LogName.of(check_text(record["origin"], "origin"))
    return Entry(name, index, recorded_at, check_text(actor, "actor"), said, _terms(record))


def _terms(record: Record) -> Origin:
    if "terms" not in record:
        return NO_TERMS
    terms = _object(record["terms"])
    if not terms or not terms.keys() <= set(_TERMS):
        raise EntryError("`terms` are hashes of agreement, lock and contract")
    return Origin(**{name: hex_hash(value) for name, value in terms.items()})


@lru_cache(maxsize=256)
def _terms_record(terms: Origin) -> Mapping[str, str]:
    """The hashes of some terms: the same of nearly all entries of a contract."""
    return {name: hex_hash(value) for name, value in terms._asdict().items() if value}


def _said_record(said: Said) -> Record:
    if isinstance(said, Told):
        return {"fact": told_record(said)}
    if isinstance(said, NewKey):
        return {"key": {"verifier": said.key.text}}
    if isinstance(said, Sealed):
        day = said.day_on.isoformat()
        return {"sealed": {"day": day, "number": said.number, "sha256": hex_hash(said.sha256)}}
    return {
        "gap": {
            "signed": _head_record(said.signed),
            "kept": _head_record(said.kept),
            "agreed": said.agreed,
            "because": check_text(said.because, "because"),
        }
    }


def _head_record(head: Head) -> Record:
    return {"origin": str(head.name), "size": head.size, "root": head.root.hex()}


def _read_head(value: Json) -> Head:
    head = _object(value, {"origin", "size", "root"})
    if type(head["size"]) is not int:
        raise EntryError("a size is a whole number")
    name = LogName.of(check_text(head["origin"], "origin"))
    return Head(name, head["size"], bytes.fromhex(hex_hash(head["root"])))


def _read_gap(record: Record, _: Instant) -> Gap:
    _object(record, {"signed", "kept", "agreed", "because"})
    agreed = record["agreed"]
    signed, kept = _read_head(record["signed"]), _read_head(record["kept"])
    if type(agreed) is not int or not 0 <= agreed <= min(signed.size, kept.size):
        raise EntryError("what is agreed was both signed and kept")
    return Gap(signed, kept, agreed, check_text(record["because"], "because"))


def _read_key(record: Record, _: Instant) -> NewKey:
    return NewKey(VerifierKey.of(check_text(_object(record, {"verifier"})["verifier"], "verifier")))


def _read_sealed(record: Record, _: Instant) -> Sealed:
    _object(record, {"day", "number", "sha256"})
    day_on, number = date.fromisoformat(record["day"]), record["number"]
    if type(number) is not int or number < 1 or day_on.isoformat() != record["day"]:
        raise EntryError("the sealed files of a day, such as 2026-06-02, are counted from 1")
    return Sealed(day_on, number, hex_hash(record["sha256"]))


def _object(value: Json, names: set[str] | None = None) -> Record:
    if not isinstance(value, dict) or (names is not None and value.keys() != names):
        raise EntryError(f"an object with the names {', '.join(sorted(names or ()))} is needed")
    return value


_READERS: Final[Mapping[str, Callable[[Record, Instant], Said]]] = {
    "fact": read_told,
    "gap": _read_gap,
    "key": _read_key,
    "sealed": _read_sealed,
}
