"""The canonical bytes of a record (RFC 8785), and their hash: the same values, the same bytes, everywhere.

A record has only texts, whole numbers, truths, nothing, lists and objects: fractions and money are texts. So
of the canonical scheme only the order of names and the escaping of texts are left. The encoder of the
standard library escapes as the scheme says; it orders names by characters and the scheme by units of UTF-16,
which is the same in ASCII. What has more than one form is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeAlias

from upheld.core.values.canonical_order import in_canonical_order

Json: TypeAlias = Any
"""What a record is made of: str, int, bool, None, lists and objects. `canonical` refuses all else."""
Record: TypeAlias = dict[str, Json]

_SAFE: Final = 2**53
"""No whole number of a record is as large: every program can hold it exactly."""


class NotCanonicalError(ValueError):
    """A value that no record can have; the message says which and where."""


def canonical(value: Json) -> bytes:
    """The bytes of a value. NotCanonicalError for floats, whole numbers from 2^53 on, and texts that are
    none."""
    try:
        is_ascii = _check(value)
    except _Fault as fault:
        raise NotCanonicalError(f"{fault.of}${fault.path} {fault.said}") from None
    return (_written(value) if is_ascii else _written_in_order(_by_utf_16(value))).encode()


def hash_of(value: Json) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal digits."""
    return sha256(canonical(value)).hexdigest()


_written: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_written_in_order: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _by_utf_16(value: Json) -> Json:
    if isinstance(value, list):
        return [_by_utf_16(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _by_utf_16(value[name]) for name in in_canonical_order(value)}
    return value


class _Fault(Exception):  # noqa: N818 - it never leaves: what leaves says where
    """What is wrong, and its path, which is put together on the way out: only then does anybody want it."""

    def __init__(self, said: str, of: str = "") -> None:
        super().__init__(said)
        self.said, self.of, self.path = said, of, ""


def _check(value: object) -> bool:
    """Whether all names below a value are in ASCII."""
    if isinstance(value, str):
        _check_text(value)
    elif value is None or value is True or value is False:
        pass
    elif isinstance(value, int):
        if not -_SAFE < value < _SAFE:
            raise _Fault(f"is {value}, which not every program can hold: write it as text")
    elif isinstance(value, Mapping):
        return _check_mapping(value)
    elif isinstance(value, list):
        is_ascii = True
        for number, one in enumerate(value):
            try:
                is_ascii &= _check(one)
            except _Fault as fault:
                fault.path = f"[{number}]{fault.path}"
                raise
        return is_ascii
    else:
        raise _Fault(f"is {type(value).__name__}, which has no canonical form")
    return True


def _check_mapping(value: Mapping[Any, object]) -> bool:
    is_ascii = True
    for name, one in value.items():
        if not isinstance(name, str):
            raise _Fault(f"has the name {name!r}, which is no text")
        if not name.isascii():
            is_ascii = False
            _check_text(name, "a name of ")
        if isinstance(one, str) and one.isascii():  # as nearly all are
            continue
        try:
            is_ascii &= _check(one)
        except _Fault as fault:
            fault.path = f".{name}{fault.path}"
            raise
    return is_ascii


def _check_text(text: str, of: str = "") -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _Fault("has half of a character that takes two", of) from None
