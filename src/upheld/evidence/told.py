"""Facts in entries, and back: nothing that is printed is lost, and nothing that is personal stands there.

A number that is not whole, or that not every program can hold, stands as its exact decimal text, and
`numbers` lists where such texts are (JSON pointers, RFC 6901): no reader needs a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

from upheld.core.facts.fact import NO_DATA, Data, Fact, Value, number_text
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.facts.fact_versions import newest
from upheld.core.stating.canonical import Json, NotCanonicalError, Record, canonical
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.evidence.strict import MOST, hex_hash
from upheld.evidence.times import entry_instant, entry_time

SALT_BYTES: Final = 32

FACT_BYTES: Final = 60_000

_DIGITS: Final = 120
"""The characters of a number at most: a short exponent could stand for more than fits into memory."""

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_NAMES: Final = frozenset({"id", "source", "type", "time", "subject", "data", "numbers", "private"})
_TEXTS: Final = ("id", "source", "type", "subject")


class PrivateTextError(ValueError):
    """Personal text is not what an entry holds the hash of."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as an entry has it: without its personal text, of which there is a salted hash.

    `private_sha256` is empty where there was none. The fact was recorded when the entry was.
    """

    fact: Fact
    private_sha256: str = ""

    def with_private(self, private: Mapping[str, Value], salt: bytes) -> Fact:
        """The fact with its personal text again. PrivateTextError unless it is the text that was told."""
        if not compare_digest(private_hash(Data(private), salt), self.private_sha256):
            raise PrivateTextError(f"this is not the personal text of {self.fact.source}#{self.fact.id}")
        return replace(self.fact, private=Data(private))


def told(fact: Fact, salt: bytes) -> Told:
    """The fact as an entry has it. `salt`: 32 random bytes, a new one for each fact, kept with the text.

    Without personal text there is nothing to salt. ValueError for another length of the salt.
    """
    hidden = private_hash(fact.private, salt) if fact.private else ""
    is_bare = not hidden and fact.place is None
    return Told(fact if is_bare else replace(fact, private=NO_DATA, place=None), hidden)


def private_hash(private: Mapping[str, Value], salt: bytes) -> str:
    """SHA-256 of the salt and the canonical text. ValueError for a salt of another length.

    Without a salt of that length whoever has the hash could try names and phone numbers until one fits.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(salt + canonical(_with_numbers("private", private))).hexdigest()


def composed(fact: Fact) -> Fact:
    """The fact with all its texts in Unicode's composed form (NFC).

    Texts that look the same are then the same bytes: for the door through which facts come, before they are
    compared with others.
    """
    names = f"{fact.id}{fact.source}{fact.type}{fact.subject}"  # in ASCII they are composed
    if names.isascii() and _is_composed(fact.data) and _is_composed(fact.private):
        return fact
    return replace(
        fact,
        id=_nfc(fact.id),
        source=_nfc(fact.source),
        type=_nfc(fact.type),
        subject=_nfc(fact.subject),
        data=_composed(fact.data),
        private=_composed(fact.private),
    )


def fault_of(fact: Fact) -> str:
    """Why a fact cannot stand in an entry, or nothing if it can: for a door that tells of every fact at once.

    Its own part of an entry has 60,000 bytes at most, which leaves room for what stands beside it.
    """
    try:
        size = len(canonical(told_record(told(fact, bytes(SALT_BYTES)))))
    except ValueError as fault:
        return str(fault)
    return f"it takes {size:,} bytes and may take {FACT_BYTES:,}" if size > FACT_BYTES else ""


def told_record(told: Told) -> Record:
    """The fact as the object in an entry. ValueError for what cannot stand there."""
    fact = told.fact
    known = FACT_TYPES.get(fact.type)
    check_text(fact.type, "type")
    record: Record = {
        "id": check_text(fact.id, "id"),
        "source": check_text(fact.source, "source"),
        "type": fact.type if known is None else f"{fact.type}/{known.version}",
        "subject": check_text(fact.subject, "subject"),
        "time": entry_time(fact.at),
    }
    if fact.data:
        record |= _with_numbers("data", fact.data)
    if told.private_sha256:
        record["private"] = hex_hash(told.private_sha256)
    return record


def read_told(record: Record, recorded_at: Instant) -> Told:
    """The fact of such an object. KeyError or ValueError if it is none."""
    if more := record.keys() - _NAMES:
        raise ValueError(f"a fact has no {sorted(more)[0][:60]!r}")
    identity, source, type_text, subject = (check_text(record[name], name) for name in _TEXTS)
    data: Mapping[str, Value] = NO_DATA
    written: Record = {}
    if "data" in record:
        if not isinstance(record["data"], dict) or not record["data"]:
            raise ValueError("`data` is an object that is not empty")
        data = Data(_restored(record["data"], "", frozenset(record.get("numbers", ()))))
        written = _with_numbers("data", data)
    if written != {name: record[name] for name in ("data", "numbers") if name in record}:
        raise ValueError("`numbers` lists, in order, the texts in `data` that are numbers")
    name, data = newest(type_text, data)
    at = entry_instant(record["time"])
    fact = Fact(identity, source, name, at, recorded_at, subject, data)
    return Told(fact, hex_hash(record["private"]) if "private" in record else "")


def check_text(text: object, name: str) -> str:
    """The text. ValueError unless it is one, not empty and in Unicode's composed form."""
    if not isinstance(text, str) or not text:
        raise ValueError(f"`{name}` is a text that is not empty")
    return text if text.isascii() else _check_composed(text, name)


def _check_composed(text: str, where: str) -> str:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise NotCanonicalError(f"{where} is not in composed form (NFC)")
    return text


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _is_composed(value: Any) -> bool:
    """Whether all texts in a value are composed, as nearly all are."""
    if isinstance(value, str):
        return value.isascii() or unicodedata.is_normalized("NFC", value)
    if isinstance(value, tuple):
        return all(map(_is_composed, value))
    if isinstance(value, Data):
        for name, one in value.items():
            is_plain = name.isascii() and isinstance(one, str) and one.isascii()  # as nearly all are
            if not is_plain and not (_is_composed(name) and _is_composed(one)):
                return False
    return True


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return _nfc(value)
    if isinstance(value, tuple):
        return tuple(map(_composed, value))
    if isinstance(value, Mapping):
        return Data({_nfc(name): _composed(one) for name, one in value.items()})
    return value


# -- numbers -----------------------------------------------------------------------------------------------


def _with_numbers(name: str, data: Mapping[str, Value]) -> Record:
    numbers: list[str] = []
    record: Record = {name: _plain(Data(data) if not isinstance(data, Data) else data, "", numbers)}
    if numbers:
        record["numbers"] = sorted(numbers)
    return record


def _plain(value: Value, pointer: str, numbers: list[str]) -> Json:
    """A value without numbers that have more than one form; `numbers` gathers where texts are numbers."""
    if isinstance(value, str):
        return _check_composed(value, pointer)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Data):
        plain: Record = {}
        for name in value:
            one = value[name]
            if name.isascii() and isinstance(one, str) and one.isascii():
                plain[name] = one  # as nearly all are: no pointer is needed
                continue
            _check_composed(name, f"a name of {pointer or 'the data'}")
            plain[name] = _plain(one, _below(pointer, name), numbers)
        return plain
    if isinstance(value, tuple):
        return [_plain(one, _below(pointer, str(place)), numbers) for place, one in enumerate(value)]
    if type(value) is int and -MOST <= value <= MOST:
        return value
    if not Decimal(value).is_finite():
        raise NotCanonicalError(f"{pointer} is {value}, which is no number")
    if -MOST <= value <= MOST and value == int(value):
        return int(value)
    if abs(Decimal(value).adjusted()) > _DIGITS or len(text := number_text(value)) > _DIGITS:
        raise NotCanonicalError(f"{pointer} is too large or too fine a number")
    numbers.append(pointer)
    return text


def _restored(value: Json, pointer: str, numbers: frozenset[str]) -> Json:
    """A value with its numbers. Whether these are right, and all there, is seen by writing them again."""
    if isinstance(value, dict):
        return {name: _restored(one, _below(pointer, name), numbers) for name, one in value.items()}
    if isinstance(value, list):
        return [_restored(one, _below(pointer, str(place)), numbers) for place, one in enumerate(value)]
    if pointer not in numbers or not isinstance(value, str):
        return value
    if len(value) > _DIGITS or not _NUMBER.fullmatch(value):
        raise ValueError(f"{pointer} is not the decimal text of a number")
    return Decimal(value) if "." in value else int(value)


def _below(pointer: str, name: str) -> str:
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
