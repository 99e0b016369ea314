"""The texts that findings are about: their lines to be drawn, and where what is marked ends."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from upheld.cli.output import text_of
from upheld.core.values.finding import Place
from upheld.language.lengths import lengths_of
from upheld.language.node import Node
from upheld.language.reader import MAX_BYTES
from upheld.render.drawing import length_at

_LINE_ENDS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
"""What ends a line in YAML besides a line feed; findings count lines by it."""


class Sources:
    """Files by the names that findings give them, read when one is asked for and kept."""

    def __init__(self, trees: Iterable[Node] = ()) -> None:
        self._lines: dict[str, list[str]] = {}
        self._trees = tuple(trees)
        self._lengths: dict[Place, int] | None = None

    def lines(self, name: str) -> list[str]:
        """The lines of a file; none if it cannot be read, or is too large to be a text of ours."""
        if name not in self._lines:
            self._lines[name] = _read(Path(name))
        return self._lines[name]

    def length(self, place: Place) -> int:
        """How many characters the text at a place has, 0 if no text begins there."""
        if self._lengths is None:
            self._lengths = {}
            for tree in self._trees:
                self._lengths |= lengths_of(tree)
        return self._lengths.get(place, 0)

    def end_column(self, place: Place) -> int:
        """The column behind the last character of what stands at a place."""
        length = self.length(place)
        if not length:
            lines = self.lines(place.file)
            known = place.line <= len(lines) and place.column <= len(lines[place.line - 1])
            length = length_at(lines[place.line - 1], place.column - 1) if known else 1
        return place.column + length


def _read(path: Path) -> list[str]:
    try:
        data = text_of(path, MAX_BYTES)
    except (OSError, ValueError):
        return []
    if len(data) > MAX_BYTES:
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    return text.split("\n")
