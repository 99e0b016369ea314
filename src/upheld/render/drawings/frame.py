"""What stands around every drawing: its margins, its heading, and the legend of what its fills mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.metrics import fitted, width_of, wrapped
from upheld.render.drawings.style import FACES, Role

NARROW: Final = 560
"""Below this width a drawing re-flows for a telephone."""


UNEXPLAINED: Final = frozenset(
    {"paper", "grid", "axis", "leader", "frame", "track", "level", "ring", "spent", "over"}
)
"""What no legend tells: the frame and the axis of a picture, and what has its words beside it."""


class Swatch(NamedTuple):
    """A fill or line of a legend with what it means; `meaning` is its class, `form` how it is drawn.

    Lines lie or stand as they do in the picture; layers are of an area that is darker where it lies twice.
    `share` is the share of the usual side that an area has, where its size tells something.
    """

    meaning: str
    text: str
    form: Literal["area", "line", "upright", "layers"] = "area"
    share: float = 1.0


def margin_of(canvas: Canvas) -> int:
    """The room that stays free at the sides."""
    return 16 if canvas.width < NARROW else 24


def heading(
    canvas: Canvas,
    title: str,
    notes: Sequence[str] = (),
    outcome: tuple[str, str] | None = None,
    because: str = "",
) -> float:
    """Writes the title, the lines below it, an outcome in its tone, and what is behind it. Where it ends.

    Each takes as many lines as it needs, up to six: what is cut are only names that somebody made too long.
    """
    top = float(margin_of(canvas))
    top = _paragraph(canvas, top, title, "title", 6) + 2
    for note in notes:
        top = _paragraph(canvas, top, note, "note", 6)
    if outcome is not None:
        top = _paragraph(canvas, top + 4, outcome[0], "strong", 6, outcome[1])
    return _paragraph(canvas, top, because, "note", 6)


def _paragraph(canvas: Canvas, top: float, text: str, role: Role, lines: int, tone: str = "") -> float:
    margin, face = margin_of(canvas), FACES[role]
    for line in wrapped(text, face, canvas.width - 2 * margin, lines):
        canvas.text(margin, top + face.above, line, role, tone=tone)
        top += face.line
    return top


def legend(canvas: Canvas, top: float, swatches: Sequence[Swatch]) -> float:
    """Writes what the fills and lines mean that were drawn, in as many rows as it takes. Where it ends.

    `swatches` are all that the picture can have, in their order: what is not in it needs no words.
    """
    margin, face = margin_of(canvas), FACES["note"]
    left, baseline = float(margin), top + face.above
    told = [one for one in swatches if one.meaning in canvas.drawn]
    with canvas.group("legend"):
        for one in told:
            text = fitted(one.text, face, canvas.width - 2 * margin - 22)
            width = 22 + width_of(text, face)
            if left > margin and left + width > canvas.width - margin:
                left, baseline = float(margin), baseline + face.line + 2
            _paint_swatch(canvas, left, baseline, one)
            canvas.text(left + 22, baseline, text, "note")
            left += width + 20
    return baseline + face.below if told else top


def _paint_swatch(canvas: Canvas, left: float, baseline: float, one: Swatch) -> None:
    match one.form:
        case "line":
            canvas.line(left, baseline - 4, left + 16, baseline - 4, one.meaning)
        case "upright":
            canvas.line(left + 8, baseline - 11, left + 8, baseline + 3, one.meaning)
        case "layers":
            for n in range(4):
                canvas.rect(left + 4 * n, baseline - 10, 16 - 4 * n, 12, one.meaning)
        case "area":
            side = 12 * one.share
            x, y = left + 8 - side / 2, baseline - 4 - side / 2
            canvas.rect(x, y, side, side, one.meaning, radius=2 if one.share == 1 else 0)
