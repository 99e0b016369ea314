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
    is_ascii = _check(value, "$")
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


def _check(value: object, where: str) -> bool:
    """Whether all names below a value are in ASCII; the first fault is told by its path."""
    if value is None or value is True or value is False:
        return True
    if isinstance(value, str):
        _check_text(value, where)
        return True
    if isinstance(value, int):
        if not -_SAFE < value < _SAFE:
            raise NotCanonicalError(f"{where} is {value}, which not every program can hold: write it as text")
        return True
    is_ascii = True
    if isinstance(value, list):
        for number, one in enumerate(value):
            is_ascii &= _check(one, f"{where}[{number}]")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if not isinstance(name, str):
                raise NotCanonicalError(f"{where} has the name {name!r}, which is no text")
            _check_text(name, f"a name of {where}")
            is_ascii &= name.isascii() & _check(one, f"{where}.{name}")
    else:
        raise NotCanonicalError(f"{where} is {type(value).__name__}, which has no canonical form")
    return is_ascii


def _check_text(text: str, where: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotCanonicalError(f"{where} has half of a character that takes two") from None
