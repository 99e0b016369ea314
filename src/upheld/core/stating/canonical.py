"""The canonical bytes of a record (RFC 8785), and their hash: the same values, the same bytes, everywhere.

A record has only texts, whole numbers, truths, nothing, lists and objects: fractions and money are texts. So
of the canonical scheme only the order of names and the escaping of texts are left. The encoder of the
standard library escapes as the scheme says; names are ordered by units of UTF-16, which is their order by
characters in ASCII. What has more than one form is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
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
        return _written(value).encode()
    except _Fault as fault:
        raise NotCanonicalError(f"{fault.of}${fault.path} {fault.said}") from None


def hash_of(value: Json) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal digits."""
    return sha256(canonical(value)).hexdigest()


class _Fault(Exception):  # noqa: N818 - it never leaves: what leaves says where
    """What is wrong, and its path, which is put together on the way out: only then does anybody want it."""

    def __init__(self, said: str, of: str = "") -> None:
        super().__init__(said)
        self.said, self.of, self.path = said, of, ""


def _written(value: object) -> str:
    """A value as text: written as it is checked, in one walk."""
    if isinstance(value, str):
        return _quoted(value if value.isascii() else _checked(value))
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        if not -_SAFE < value < _SAFE:
            raise _Fault(f"is {value}, which not every program can hold: write it as text")
        return int.__repr__(value)
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 - the second takes long to answer
        return _object(value)
    if isinstance(value, list):
        return _list(value)
    raise _Fault(f"is {type(value).__name__}, which has no canonical form")


def _list(value: list[object]) -> str:
    parts: list[str] = []
    for one in value:
        try:
            parts.append(_written(one))
        except _Fault as fault:
            fault.path = f"[{len(parts)}]{fault.path}"
            raise
    return f"[{','.join(parts)}]"


def _object(value: Mapping[Any, object]) -> str:
    parts: list[str] = []
    for name in _names(value):
        one = value[name]
        if isinstance(one, str) and one.isascii():  # as nearly all are
            parts.append(f"{_quoted(name)}:{_quoted(one)}")
            continue
        try:
            parts.append(f"{_quoted(name)}:{_written(one)}")
        except _Fault as fault:
            fault.path = f".{name}{fault.path}"
            raise
    return f"{{{','.join(parts)}}}"


def _names(value: Mapping[Any, object]) -> list[str]:
    """The names of an object, in order."""
    try:
        names = sorted(value)
        if "".join(names).isascii():  # as nearly all are
            return names
    except TypeError:  # one is no text
        pass
    for name in value:
        if not isinstance(name, str):
            raise _Fault(f"has the name {name!r}, which is no text")
        _checked(name, "a name of ")
    return in_canonical_order(value)


def _checked(text: str, of: str = "") -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Fault("has half of a character that takes two", of) from None
    return text
