"""A bar that tells how much of something is used: what was allowed, what was used, and what is too much."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.frame import margin_of
from upheld.render.drawings.metrics import width_of, wrapped
from upheld.render.drawings.style import FACES

BAR: Final = 12
_FACE: Final = FACES["note"]


class Use(NamedTuple):
    """So much used of what is allowed, in any one unit, with its words: `used`, `rest` and `allowed`."""

    used: Fraction | int
    allowed: Fraction | int
    told_used: str
    told_rest: str
    told_allowed: str
    meaning: str = "counted"
    meaning_over: str = "late"


def use_bar(canvas: Canvas, top: float, use: Use) -> float:
    """Draws it from margin to margin, with its words above and below. Where it ends."""
    margin = margin_of(canvas)
    left, right = float(margin), float(canvas.width - margin)
    whole = max(use.used, use.allowed)
    baseline = _paint_words(canvas, top, use)
    bar = baseline + 8
    canvas.rect(left, bar, right - left, BAR, "track", radius=2)
    x = right
    if whole > 0:
        scale = (right - left) / float(whole)
        x = left + float(use.allowed) * scale
        canvas.rect(left, bar, float(min(use.used, use.allowed)) * scale, BAR, use.meaning, radius=2)
        if use.used > use.allowed:
            canvas.rect(x, bar, float(use.used - use.allowed) * scale, BAR, use.meaning_over, radius=2)
    canvas.line(x, bar - 3, x, bar + BAR + 3, "level")
    baseline = bar + BAR + 6 + _FACE.above
    half = width_of(use.told_allowed, _FACE) / 2
    if 2 * half > right - left:
        return _paint_lines(canvas, bar + BAR + 6, use.told_allowed)
    if x + half > right:
        canvas.text(right, baseline, use.told_allowed, "note", "end", room=right - left)
    else:
        canvas.text(max(x, left + half), baseline, use.told_allowed, "note", "middle")
    return baseline + _FACE.below


def _paint_words(canvas: Canvas, top: float, use: Use) -> float:
    """What is used and what is left: on one line if both fit, else one below the other. The last baseline."""
    margin = margin_of(canvas)
    room = canvas.width - 2.0 * margin
    if width_of(use.told_used, _FACE) + 12 + width_of(use.told_rest, _FACE) > room:
        end = _paint_lines(canvas, _paint_lines(canvas, top, use.told_used), use.told_rest)
        return end - _FACE.below
    baseline = top + _FACE.above
    canvas.text(canvas.width - margin, baseline, use.told_rest, "note", "end")
    canvas.text(margin, baseline, use.told_used, "note")
    return baseline


def _paint_lines(canvas: Canvas, top: float, text: str) -> float:
    """A text from margin to margin, in as many lines as it takes, four at most. Where it ends."""
    margin = margin_of(canvas)
    for line in wrapped(text, _FACE, canvas.width - 2.0 * margin, 4):
        canvas.text(margin, top + _FACE.above, line, "note")
        top += _FACE.line
    return top
