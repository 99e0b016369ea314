"""How much room texts take: an upper bound of their width, and texts cut or broken to a width.

The bound holds for the faces that `advances` names. A text with a character outside that table is drawn with
a `textLength` of its bound, so it holds there too, whatever the reader's machine draws it with.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from unicodedata import combining, east_asian_width

from upheld.render.drawings.advances import BOLD, REGULAR
from upheld.render.words import TIE, held

ELLIPSIS: Final = "…"
LONGEST: Final = 400
"""No text is drawn longer than this many characters; it would not fit into the widest picture."""

ASCENT: Final = 1.0
DESCENT: Final = 0.34
"""The room above and below the baseline, as shares of the size, with the rounding of browsers."""

_FEWEST: Final = 5
"""A piece of fewer characters tells nothing."""
_UNKNOWN: Final = 750
_WIDE: Final = 1050


class Face(NamedTuple):
    """How a role of text is set: the size in pixels, and whether it is bold."""

    size: int
    is_bold: bool = False

    @property
    def above(self) -> float:
        """The room above the baseline."""
        return self.size * ASCENT

    @property
    def below(self) -> float:
        """The room below the baseline."""
        return self.size * DESCENT

    @property
    def line(self) -> int:
        """The distance of one line to the next."""
        return round(self.size * 1.45)


def visible(text: str) -> str:
    """The text with what cannot be shown made visible: controls, and marks that turn the direction of a line.

    White space of any kind is a space.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c.isspace() else c.encode("unicode_escape").decode() for c in text
    )


def shortened(text: str, longest: int = LONGEST) -> str:
    """As `visible`, of at most so many characters of the text: what is longer is whole in the table."""
    return visible(text if len(text) <= longest else f"{text[: longest - 1]}{ELLIPSIS}")


def is_measured(text: str) -> bool:
    """Whether the table knows every character."""
    return all(c in REGULAR for c in text)


def width_of(text: str, face: Face) -> float:
    """The most that a text is wide, in pixels."""
    table = BOLD if face.is_bold else REGULAR
    try:
        units = sum(map(table.__getitem__, text))
    except KeyError:
        units = sum(table.get(c) or _foreign(c) for c in text)
    return units * face.size / 1000


def fitted(text: str, face: Face, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room; nothing where that leaves too little.

    A piece of a few letters would be no word: what stands beside it, the table and the description tell more.
    """
    text = shortened(text)
    if width_of(text, face) <= room:
        return text
    low, high = 0, len(text)
    while low < high:  # the most characters that fit with the ellipsis
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + ELLIPSIS, face) <= room:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip()
    return cut + ELLIPSIS if len(cut) >= _FEWEST else ""


def wrapped(text: str, face: Face, room: float, lines: int) -> list[str]:
    """The text in at most so many lines, broken between words; the last one is cut if there is more.

    A number and its unit stay on one line.
    """
    words = held(shortened(text)).split(" ")
    found: list[str] = []
    while words and len(found) < lines:
        if len(found) == lines - 1:
            found.append(fitted(_untied(" ".join(words)), face, room))
            break
        if width_of(_untied(words[0]), face) > room:
            words[:1] = words[0].split(TIE)
        line = words.pop(0)
        while words and width_of(_untied(f"{line} {words[0]}"), face) <= room:
            line = f"{line} {words.pop(0)}"
        found.append(fitted(_untied(line), face, room))
    return [line for line in found if line]


def _untied(text: str) -> str:
    return text.replace(TIE, " ")


def _foreign(c: str) -> int:
    if combining(c):
        return 1  # of no width of its own; not nothing, so that a text of such marks only still has a length
    return _WIDE if east_asian_width(c) in "WF" else _UNKNOWN
