"""Two texts beside each other, or one below the other where the page is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Final

NARROW: Final = 48
"""Columns narrower than this are hard to read: the texts then stand below each other."""
WIDE: Final = 96
"""How wide a column is at most."""
GAP: Final = " │ "


def side_by_side(left: Sequence[str], right: Sequence[str], columns: int | None = None) -> list[str]:
    """The lines of both texts, wrapped into two columns of one page; `columns` None: as wide as they need.

    Lines that the two have in common, in this order, stand beside each other.
    """
    room = WIDE if columns is None else min(WIDE, (columns - len(GAP)) // 2)
    if room < NARROW:
        return [f"  {line}".rstrip() for line in (*left, "", *right)]
    size = min(room, max(map(len, left), default=0))
    rows = []
    for one, other in _aligned(left, right):
        for a, b in zip_longest(_wrapped(one, size), _wrapped(other, room), fillvalue=""):
            rows.append(f"{a.ljust(size)}{GAP}{b}".rstrip())
    return rows


def _wrapped(line: str, size: int) -> list[str]:
    """A line in pieces, those that go on indented a little more than it."""
    if len(line) <= size:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return wrap(line, size, subsequent_indent=f"{indent}    ") or [""]


def _aligned(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of lines: common ones together, what lies between them line by line."""
    from difflib import SequenceMatcher

    for _, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        yield from zip_longest(left[a1:a2], right[b1:b2], fillvalue="")
