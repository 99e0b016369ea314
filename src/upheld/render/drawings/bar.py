"""A bar that tells how much of something is used: what was allowed, what was used, and what is too much."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.frame import margin_of
from upheld.render.drawings.metrics import width_of
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


def use_bar(canvas: Canvas, top: float, use: Use) -> float:
    """Draws it from margin to margin, with its words above and below. Where it ends."""
    margin = margin_of(canvas)
    left, right = float(margin), float(canvas.width - margin)
    whole = max(use.used, use.allowed)
    baseline = top + _FACE.above
    rest = max(right - left - width_of(use.told_used, _FACE) - 12, (right - left) / 2)
    box = canvas.text(right, baseline, use.told_rest, "note", "end", room=rest)
    canvas.text(left, baseline, use.told_used, "note", room=(box.left if box else right) - 12 - left)
    bar = baseline + 8
    canvas.rect(left, bar, right - left, BAR, "band", radius=2)
    x = right
    if whole > 0:
        scale = (right - left) / float(whole)
        x = left + float(use.allowed) * scale
        canvas.rect(left, bar, float(min(use.used, use.allowed)) * scale, BAR, use.meaning, radius=2)
        if use.used > use.allowed:
            canvas.rect(x, bar, float(use.used - use.allowed) * scale, BAR, "late", radius=2)
    canvas.line(x, bar - 3, x, bar + BAR + 3, "due")
    baseline = bar + BAR + 6 + _FACE.above
    half = width_of(use.told_allowed, _FACE) / 2
    if x + half > right:
        canvas.text(right, baseline, use.told_allowed, "note", "end", room=right - left)
    else:
        canvas.text(max(x, left + half), baseline, use.told_allowed, "note", "middle")
    return baseline + _FACE.below
