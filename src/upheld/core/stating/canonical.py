"""The canonical bytes of a record (RFC 8785), and their hash: the same values, the same bytes, everywhere.

A record has only texts, whole numbers, truths, nothing, lists and objects: fractions and money are texts. So
of the canonical scheme only the order of names and the escaping of texts are left, which the encoder of the
standard library does as the scheme says; what it does not do is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
"""What a record is made of: str, int, bool, None, lists and objects. `canonical` refuses all else."""
Record: TypeAlias = dict[str, Json]

_SAFE: Final = 2**53
"""No whole number of a record is as large: every program can hold it exactly."""


class NotCanonicalError(ValueError):
    """A value that no record can have; the message says which and where."""


def canonical(value: Json) -> bytes:
    """The bytes of a value. NotCanonicalError for floats, whole numbers from 2^53 on, and names or texts
    that would be written in more than one way."""
    _check(value, "$")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def hash_of(value: Json) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal digits."""
    return sha256(canonical(value)).hexdigest()


def _check(value: object, where: str) -> None:
    """Everything below a value, the first fault told by its path."""
    if value is None or value is True or value is False:
        return
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise NotCanonicalError(f"{where} has half of a character that takes two") from None
    elif isinstance(value, int):
        if not -_SAFE < value < _SAFE:
            raise NotCanonicalError(f"{where} is {value}, which not every program can hold: write it as text")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            _check(one, f"{where}[{number}]")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            # By UTF-16, as the scheme orders names, others would stand elsewhere.
            if not isinstance(name, str) or not name.isascii():
                raise NotCanonicalError(f"{where} has the name {name!r}, which is not ASCII")
            _check(one, f"{where}.{name}")
    else:
        raise NotCanonicalError(f"{where} is {type(value).__name__}, which no record holds")
