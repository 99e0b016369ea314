"""A finding with the lines that it is about drawn below it, and marked where it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from upheld.core.values.finding import Finding, Place

LinesOf = Callable[[str], Sequence[str]]
"""The lines of a file by its name; none if it cannot be shown."""
LengthOf = Callable[[Place], int]
"""How many characters stand at a place as one text; 0 if that is not known."""

_LEAST: Final = 40
"""Characters of a line that are shown on the narrowest screen."""
_WORD: Final = r"\w[\w.-]*|[<>=!]+|."
_CLOSING: Final = {"{": "}", "[": "]"}


def drawn(finding: Finding, lines_of: LinesOf, length_of: LengthOf, width: int) -> Iterator[str]:
    """The finding as text for a screen of so many columns: under each place its line, with carets."""
    yield finding.head
    yield from _marked(finding.place, lines_of, length_of, width)
    for place in finding.places[1:]:
        yield f"    see also {place}"
        yield from _marked(place, lines_of, length_of, width)
    yield from finding.ends


def length_at(line: str, start: int) -> int:
    """How many characters of a line belong to what begins at an index: a word, a quoted text, a map."""
    first = line[start : start + 1]
    if first and first in "\"'":
        end = line.find(first, start + 1)
        return (end if end > 0 else len(line) - 1) - start + 1
    if first in _CLOSING:
        return _bracketed(line, start)
    found = re.match(_WORD, line[start:], re.DOTALL)
    return len(found.group()) if found else 1


def _bracketed(line: str, start: int) -> int:
    """The length of a map or list in brackets; of its bracket alone if it goes on in another line."""
    open_, quote = 0, ""
    for i in range(start, len(line)):
        c = line[i]
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c in "{[":
            open_ += 1
        elif c in "}]":
            open_ -= 1
            if not open_:
                return i - start + 1
    return 1


def _marked(place: Place, lines_of: LinesOf, length_of: LengthOf, width: int) -> Iterator[str]:
    lines = lines_of(place.file)
    if not 1 <= place.line <= len(lines):
        return
    line, start = lines[place.line - 1], place.column - 1
    if start > len(line) or not line.strip():
        return
    length = min(length_of(place) or length_at(line, start), max(len(line) - start, 1))
    number = f"{place.line:>5} | "
    text, before, carets = _cut(line, start, length, max(width - len(number), _LEAST))
    yield f"{number}{text}"
    yield f"{'|':>7} {' ' * before}{'^' * carets}"


def _cut(line: str, start: int, length: int, width: int) -> tuple[str, int, int]:
    """What is shown of a line, the columns before the mark, and the columns of the mark."""
    shown = [_visible(c) for c in line]
    columns = [_columns(text) for text in shown]
    first, last = 0, len(shown)
    if sum(columns) > width:
        # The mark begins a third from the left, so that most of what is shown comes after it.
        room, first = width // 3, start
        while first and room >= columns[first - 1]:
            first -= 1
            room -= columns[first]
        room, last = width - 2 - sum(columns[first:start]), start
        while last < len(shown) and room >= columns[last]:
            room -= columns[last]
            last += 1
    head, tail = "…" if first else "", "…" if last < len(shown) else ""
    before = len(head) + sum(columns[first:start])
    carets = sum(columns[start : min(start + length, last)])
    return f"{head}{''.join(shown[first:last])}{tail}", before, max(carets, 1)


def _visible(c: str) -> str:
    return c if c.isprintable() else c.encode("unicode_escape").decode()


def _columns(text: str) -> int:
    """How many columns of a screen a character takes: two for wide ones, none for those that combine."""
    if text.isascii():
        return len(text)
    import unicodedata  # here: a large table for the few lines that need it

    if unicodedata.combining(text):
        return 0
    return 2 if unicodedata.east_asian_width(text) in "WF" else 1
