"""Two versions of an agreement compared: what each commitment was and is, and for whom that is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.core.comparing.comparison import Change, Order
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import NARROW, heading, margin_of
from upheld.render.drawings.metrics import wrapped
from upheld.render.drawings.style import FACES, Role

_TONES: Final[dict[Order, str]] = {
    "better": "good-ink", "worse": "bad-ink", "equal": "soft-ink", "incomparable": "warn-ink"
}  # fmt: skip
_FILLS: Final[dict[Order, str]] = {
    "better": "good", "worse": "bad", "equal": "mute", "incomparable": "warn"
}  # fmt: skip
_RANK: Final[dict[Order, int]] = {"worse": 0, "incomparable": 1, "better": 2, "equal": 3}
_NEITHER: Final = "-"


class _Row(NamedTuple):
    """One part of a commitment: its name, both texts, and how they compare."""

    name: str
    what: str
    before: str
    after: str
    order: Order


def versions_compared(title: str, before: str, after: str, changes: Sequence[Change]) -> Drawing:
    """What changes from the version named `before` to that named `after`, the worst first."""
    rows = _rows(changes)
    return Drawing(
        name="versions-compared",
        title=title,
        description=_described(before, after, rows),
        table=Grid(
            ("commitment", "part", before, after, "for the customer"),
            tuple((row.name, row.what, row.before, row.after, row.order) for row in rows),
        ),
        paint=lambda canvas: _paint(canvas, title, (before, after), rows),
    )


def _rows(changes: Sequence[Change]) -> list[_Row]:
    found = []
    for change in sorted(changes, key=lambda one: (_RANK[one.order], one.name)):
        if not change.parts:
            told = ("", change.how) if change.how != "changed" else (_NEITHER, _NEITHER)
            found.append(_Row(change.name, change.kind, *told, change.order))
        found += [_Row(change.name, part.what, part.before, part.after, part.order) for part in change.parts]
    return found


def _described(before: str, after: str, rows: Sequence[_Row]) -> str:
    if not rows:
        return f"{after} promises the same as {before}."
    told = [f"{row.name}, {row.what}: {row.before} becomes {row.after}, {row.order}" for row in rows]
    return f"{after} beside {before}. " + "; ".join(told) + "."


def _paint(canvas: Canvas, title: str, names: tuple[str, str], rows: Sequence[_Row]) -> None:
    margin, face = margin_of(canvas), FACES["text"]
    top = heading(canvas, title, [f"{names[0]} → {names[1]}, as it is for the customer"]) + 12
    if not rows:
        canvas.text(margin, top + face.above, "nothing changes in meaning")
        top += face.line
    last = ""
    for row in rows:
        if row.name != last:
            canvas.line(margin, top, canvas.width - margin, top, "grid")
            top = _written(canvas, row.name, "strong", margin, top + 8, canvas.width - 2 * margin) + 2
            last = row.name
        top = (_narrow if canvas.width < NARROW else _wide)(canvas, row, top) + 8
    canvas.height = round(top + margin - 8)


def _wide(canvas: Canvas, row: _Row, top: float) -> float:
    """Four columns: the part, before, after, and the order with its mark."""
    margin = margin_of(canvas)
    room = canvas.width - 2 * margin
    part, order = room * 0.2, 120.0
    text = (room - part - order) / 2
    left = float(margin)
    ends = [
        _written(canvas, row.what, "note", left, top, part - 12),
        _written(canvas, row.before, "text", left + part, top, text - 16),
        _written(canvas, row.after, "text", left + part + text, top, text - 16),
    ]
    _mark(canvas, row.order, left + part + 2 * text, top)
    return max(*ends, top + FACES["text"].line)


def _narrow(canvas: Canvas, row: _Row, top: float) -> float:
    """The part and the order, and below them both texts."""
    margin, face = margin_of(canvas), FACES["text"]
    room = canvas.width - 2.0 * margin
    end = _written(canvas, row.what, "note", margin, top, room - 118)
    _mark(canvas, row.order, canvas.width - margin - 110, top)
    top = max(end, top + face.line)
    top = _written(canvas, row.before or _NEITHER, "note", margin, top, room)
    return _written(canvas, f"→ {row.after or _NEITHER}", "text", margin, top, room)


def _mark(canvas: Canvas, order: Order, left: float, top: float) -> None:
    """Up, down, both or a line: told apart without the colour; the word beside it."""
    face = FACES["text"]
    middle = top + face.above - face.size * 0.36
    fill = _FILLS[order]
    up = [(left, middle + 4), (left + 10, middle + 4), (left + 5, middle - 5)]
    down = [(left, middle - 4), (left + 10, middle - 4), (left + 5, middle + 5)]
    if order == "better":
        canvas.path(up, fill, is_closed=True)
    elif order == "worse":
        canvas.path(down, fill, is_closed=True)
    elif order == "equal":
        canvas.rect(left, middle - 2, 10, 4, fill)
    else:
        sides = [(left, middle), (left + 5, middle - 5), (left + 10, middle), (left + 5, middle + 5)]
        canvas.path(sides, fill, is_closed=True)
    canvas.text(left + 16, top + face.above, order, "text", tone=_TONES[order], room=96)


def _written(canvas: Canvas, text: str, role: Role, left: float, top: float, room: float) -> float:
    """A text in as many lines as it takes, four at most. Where it ends."""
    face = FACES[role]
    for line in wrapped(text, face, room, 4):
        canvas.text(left, top + face.above, line, role, room=room)
        top += face.line
    return top
