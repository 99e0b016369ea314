"""Two texts beside each other where they differ, or one below the other where the page is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Final, NamedTuple

NARROW: Final = 48
"""Columns narrower than this are hard to read: the texts then stand below each other."""
WIDE: Final = 96
"""How wide a column is at most."""
GAP: Final = " │ "
AROUND: Final = 2
"""So many common lines are shown before and after a place where the texts differ."""


def side_by_side(left: Sequence[str], right: Sequence[str], columns: int | None = None) -> list[str]:
    """What two texts have in common once, and where they differ both beside each other.

    Lines are wrapped into two columns of one page; `columns` None: as wide as they need. On a narrow page
    what differs stands below each other, behind `<` and `>`. Of a long run of common lines the middle is
    counted.
    """
    room = WIDE if columns is None else min(WIDE, (columns - len(GAP)) // 2)
    runs = list(_runs(left, right))
    if room < NARROW:
        return [line for run in runs for line in _below(run)]
    size = min(room, max((len(line) for run in runs if not run.is_common for line in run.left), default=0))
    return [line for run in runs for line in _beside(run, size, room)]


class _Run(NamedTuple):
    """Lines of both texts that are the same, or that stand for each other."""

    left: Sequence[str]
    right: Sequence[str]
    is_common: bool


def _runs(left: Sequence[str], right: Sequence[str]) -> Iterator[_Run]:
    from difflib import SequenceMatcher

    for how, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if how != "equal":
            yield _Run(left[a1:a2], right[b1:b2], False)
            continue
        common = list(left[a1:a2])
        hidden = len(common) - 2 * AROUND
        if hidden > AROUND:
            common[AROUND:-AROUND] = [f"  ({hidden} lines alike)"]
        yield _Run(common, common, True)


def _below(run: _Run) -> list[str]:
    if run.is_common:
        return [f"  {line}".rstrip() for line in run.left]
    return [
        f"{sign} {line}".rstrip() for sign, lines in (("<", run.left), (">", run.right)) for line in lines
    ]


def _beside(run: _Run, size: int, room: int) -> Iterator[str]:
    if run.is_common:
        yield from run.left
        return
    for one, other in zip_longest(run.left, run.right, fillvalue=""):
        for a, b in zip_longest(_wrapped(one, size), _wrapped(other, room), fillvalue=""):
            yield f"{a.ljust(size)}{GAP}{b}".rstrip()


def _wrapped(line: str, size: int) -> list[str]:
    """A line in pieces, those that go on indented a little more than it."""
    if len(line) <= size:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return wrap(line, size, subsequent_indent=f"{indent}    ") or [""]
