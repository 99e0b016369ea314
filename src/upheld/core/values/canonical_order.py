"""The order of the names of an object in canonical JSON (RFC 8785)."""

from collections.abc import Iterable


def in_canonical_order(names: Iterable[str]) -> list[str]:
    """By units of UTF-16, which is not Python's order for characters beyond U+FFFF."""
    return sorted(names, key=lambda name: name.encode("utf-16-be"))
