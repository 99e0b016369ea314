"""Texts of numbers and bytes that have one form each: what a lenient reader takes is refused.

Python's `int` takes `+5`, ` 5`, `5_0` and `٥`; its base64 reader skips foreign characters, or takes bits
after the end. Whoever signs a text must mean the same by it as whoever reads it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from typing import Final

MOST: Final = 2**53 - 1
"""The largest index or size: every program can hold it exactly."""

HASH_BYTES: Final = 32

CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""A control character other than a newline."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def decimal(text: str) -> int:
    """The number of `0` or of digits without a leading zero, up to `MOST`. ValueError for all else."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > MOST:
        raise ValueError(f"{text[:40]!r} is not a decimal number from 0 to {MOST}")
    return number


def base64_bytes(text: str) -> bytes:
    """The bytes of standard base64 with padding (RFC 4648, 4). ValueError unless they give the same text."""
    try:
        found = b64decode(text, validate=True)
    except (Error, ValueError):
        found = None
    if found is None or base64_text(found) != text:
        raise ValueError(f"{text[:40]!r} is not base64")
    return found


def base64_hash(text: str) -> bytes:
    """The 32 bytes of a hash in base64. ValueError for all else."""
    found = base64_bytes(text)
    if len(found) != HASH_BYTES:
        raise ValueError(f"{text[:60]!r} is not a hash: it has {len(found)} bytes")
    return found


def base64_text(data: bytes) -> str:
    """The bytes in standard base64."""
    return b64encode(data).decode("ascii")


def hex_hash(text: object) -> str:
    """The text itself if it is a SHA-256 in 64 lower-case digits. ValueError for all else."""
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise ValueError(f"{str(text)[:80]!r} is not a hash of 64 lower-case hexadecimal digits")
    return text
