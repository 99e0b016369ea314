"""The few primitives that drawings are made of, written as SVG.

Everything says by its class what it means; colours and patterns are the style sheet's. Numbers have two
decimals at most, texts are escaped and cut to their room, so the same values give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple

from upheld.render.drawings.metrics import LONGEST, fitted, is_measured, shortened, width_of
from upheld.render.drawings.style import FACES, PATTERNS, Role, pattern

Anchor = Literal["start", "middle", "end"]

LONGEST_DESCRIPTION: Final = 4000
INSET: Final = 3.0
"""Glyphs squeezed into a length reach over it a little."""
SLACK: Final = 1.0
"""Browsers place letters on fractions of a pixel of their own: a box is so much wider at both sides."""

_CLASSES: Final = re.compile(r' class="([^"]*)"')
_ID: Final = re.compile(r"[^A-Za-z0-9_-]+")


class Box(NamedTuple):
    """A rectangle in pixels, from its upper left to its lower right corner."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Label(NamedTuple):
    """A text of a picture, and the box that it takes at most."""

    text: str
    box: Box


def number(value: float) -> str:
    """A position with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def escaped(text: str) -> str:
    """A text for XML, in an attribute too."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def told(text: str, longest: int = LONGEST) -> str:
    """A text of anybody's for a title or a description: visible, cut, escaped."""
    return escaped(shortened(text, longest))


def identifier(text: str) -> str:
    """What a text makes as a part of an id: letters, digits, - and _."""
    return _ID.sub("-", text).strip("-") or "x"


class Canvas:
    """A picture in the making: so many pixels wide, as high as `height` says when it is done.

    `labels` are the texts so far with their boxes, `drawn` the meanings of the shapes so far. `on_paper`
    nobody points at a part, so none tells what it is, and the picture is half as large; rectangles of one
    meaning that follow each other are one shape, as what sets pages takes its time for each.
    """

    def __init__(self, width: int, prefix: str = "drawing", on_paper: bool = False) -> None:
        self.width = width
        self.on_paper = on_paper
        self.height = 0
        self.prefix = identifier(prefix)
        self.labels: list[Label] = []
        self.drawn: set[str] = set()
        self._parts: list[str] = []
        self._patterns: set[str] = set()
        self._has_links = False
        self._last_rects: tuple[int, str, str] = (-1, "", "")
        """On paper the place, the meaning and the way of the last shape of rectangles."""

    # -- primitives ----------------------------------------------------------------------------------------

    def rect(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        meaning: str,
        title: str = "",
        radius: float = 0,
    ) -> None:
        """A rectangle that means something: a class of the style sheet, filled by its pattern if it has one.

        `title` is what it tells whoever points at it. One without a width or a height is not drawn.
        """
        if "0" in (number(max(width, 0)), number(max(height, 0))):
            return
        if self.on_paper and not radius:
            self.rects([(left, top, width, height)], meaning)
            return
        round_ = f' rx="{number(radius)}"' if radius else ""
        self._shape(
            f'rect x="{number(left)}" y="{number(top)}" width="{number(width)}"'
            f' height="{number(height)}"{round_}',
            meaning,
            title,
        )

    def rects(self, boxes: Iterable[tuple[float, float, float, float]], meaning: str) -> None:
        """Many rectangles of one meaning (left, top, width, height), as one shape: in half the bytes."""
        drawn = [one for one in boxes if "0" not in (number(max(one[2], 0)), number(max(one[3], 0)))]
        parts = [
            f"M{number(left)} {number(top)}h{number(width)}v{number(height)}h{number(-width)}z"
            for left, top, width, height in drawn
        ]
        way = "".join(parts)
        place, before, drawn_before = self._last_rects
        if way and self.on_paper:
            if place == len(self._parts) - 1 and before == meaning:
                self._parts.pop()
                way = drawn_before + way
            self._last_rects = len(self._parts), meaning, way
        if way:
            self._shape(f'path d="{way}"', meaning)

    def line(self, x1: float, y1: float, x2: float, y2: float, meaning: str) -> None:
        """A straight line."""
        self._shape(f'line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"', meaning)

    def path(self, points: Sequence[tuple[float, float]], meaning: str, is_closed: bool = False) -> None:
        """A line through points, or the area inside them."""
        if not points:
            return
        through = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self._shape(f'path d="M{through}{"Z" if is_closed else ""}"', meaning)

    def circle(self, x: float, y: float, radius: float, meaning: str, title: str = "") -> None:
        """A disc."""
        self._shape(f'circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"', meaning, title)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        role: Role = "text",
        anchor: Anchor = "start",
        room: float | None = None,
        tone: str = "",
    ) -> Box | None:
        """A text at a baseline, cut to its room (by default up to the edge of the picture).

        `tone` is a meaning whose colour it takes. Its box, or None if nothing of it fits.
        """
        room = self._room(x, anchor) if room is None else min(room, self._room(x, anchor))
        shown = fitted(text, FACES[role], room)
        if not shown.strip():
            return None
        box = box_of(x, baseline, shown, role, anchor)
        self.labels.append(Label(shown, box))
        measured = is_measured(shown)
        if not measured:
            x += {"start": INSET, "middle": 0.0, "end": -INSET}[anchor]
        attributes = f'x="{number(x)}" y="{number(baseline)}" class="{role}{f" {tone}" if tone else ""}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if not measured:
            length = number(max(box.right - box.left - 2 * (SLACK + INSET), 1))
            attributes += f' textLength="{length}" lengthAdjust="spacingAndGlyphs"'
        self._parts.append(f"<text {attributes}>{escaped(shown)}</text>")
        return box

    @contextmanager
    def group(self, meaning: str = "", link: str = "", title: str = "") -> Iterator[None]:
        """What is drawn inside belongs together; a `link` is an id of the page, and needs a title."""
        if self.on_paper and not (meaning or link):
            yield
            return
        head = f"<title>{told(title)}</title>" if title and not self.on_paper else ""
        of_class = f' class="{meaning}"' if meaning else ""
        if link:
            self._has_links = True
            self._parts.append(f'<a href="#{identifier(link)}"{of_class}>{head}')
        else:
            self._parts.append(f"<g{of_class}>{head}")
        yield
        self._parts.append("</a>" if link else "</g>")

    # -- the whole -----------------------------------------------------------------------------------------

    @property
    def classes(self) -> frozenset[str]:
        """The classes of everything drawn so far, of its paper and of its patterns."""
        patterns = (pattern(one, "x") for one in self._patterns)
        named = (name for part in (*self._parts, *patterns) for name in _CLASSES.findall(part))
        return frozenset(["paper", *(one for name in named for one in name.split())])

    def document(self, title: str, description: str, style: str = "") -> str:
        """The picture as an SVG document with its title and description."""
        name, width, height = self.prefix, self.width, self.height
        # A picture is one thing to who hears it; one with links in it has parts that can be reached.
        role = "group" if self._has_links else "img"
        defs = "".join(pattern(one, f"{name}-{one}") for one in sorted(self._patterns))
        attributes = (
            f'xmlns="http://www.w3.org/2000/svg" class="drawing" role="{role}"'
            f' aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}"'
        )
        lines = [
            f"<svg {attributes}>",
            f'<title id="{name}-title">{told(title)}</title>',
            f'<desc id="{name}-desc">{told(description, LONGEST_DESCRIPTION)}</desc>',
            *([f"<style>{style}</style>"] if style else []),
            *([f"<defs>{defs}</defs>"] if defs else []),
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *self._parts,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"

    def _shape(self, shape: str, meaning: str, title: str = "") -> None:
        fill, kind = "", meaning.partition(" ")[0]
        self.drawn.add(kind)
        if kind in PATTERNS:
            self._patterns.add(kind)
            fill = f' fill="url(#{self.prefix}-{kind})"'
        end = (
            f"><title>{told(title)}</title></{shape.partition(' ')[0]}>"
            if title and not self.on_paper
            else "/>"
        )
        self._parts.append(f'<{shape} class="{meaning}"{fill}{end}')

    def _room(self, x: float, anchor: Anchor) -> float:
        sides = {"start": self.width - x, "end": x, "middle": 2 * min(x, self.width - x)}
        return sides[anchor] - 2 * SLACK


def box_of(x: float, baseline: float, text: str, role: Role, anchor: Anchor = "start") -> Box:
    """The box that a text takes at most."""
    face = FACES[role]
    width = width_of(text, face)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left - SLACK, baseline - face.above, left + width + SLACK, baseline + face.below)
