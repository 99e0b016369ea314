"""Placing labels: in rows, beside each other, the important ones first; what finds no room is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.render.drawings.canvas import Anchor, Box, Canvas, box_of
from upheld.render.drawings.metrics import shortened, width_of
from upheld.render.drawings.style import FACES, Role

GAP: Final = 8.0
"""The least room between two labels of a row."""
LEADER_GAP: Final = 2.0
"""The least room between a label and the leader of another one, and its own."""
MOST: Final = 80
"""Of more wishes than that only the weightiest are looked at."""


class Wish(NamedTuple):
    """A label wanted at a place of the axis. The higher its weight, the sooner it is placed.

    `forms` are its texts from the fullest to the shortest that still says it.
    """

    x: float
    forms: tuple[str, ...]
    weight: int
    role: Role = "note"
    tone: str = ""


class Placed(NamedTuple):
    """A label with its place: the row, from where on it has room, and the end that its text is set at."""

    wish: Wish
    text: str
    row: int
    left: float
    anchor: Anchor = "start"

    def write(self, canvas: Canvas, baseline: float) -> Box | None:
        """Writes it."""
        width = width_of(self.text, FACES[self.wish.role])
        x = self.left + {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return canvas.text(x, baseline, self.text, self.wish.role, self.anchor, width + 1, self.wish.tone)


def place(wishes: Sequence[Wish], rows: int, left: float, right: float) -> list[Placed]:
    """The labels that fit into so many rows between two edges, in the order of the wishes.

    A label begins at its place, ends there, or stands over it, moved inwards at the edges: wherever it is in
    the way of the fewest others. From its row a leader comes down through the rows below it (row 0 is the
    nearest to what is labelled), which no other label may cross. What finds no room is not in the result.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    leaders: list[list[float]] = [[] for _ in range(rows)]
    found: dict[int, Placed] = {}
    order = sorted(range(len(wishes)), key=lambda i: (-wishes[i].weight, i))[:MOST]
    for n, i in enumerate(order):
        later = [wishes[j].x for j in order[n + 1 :]]
        placed = _placed(wishes[i], taken, leaders, later, (left, right))
        if placed is None:
            continue
        found[i] = placed
        width = width_of(placed.text, FACES[placed.wish.role])
        taken[placed.row].append((placed.left, placed.left + width))
        for below in range(placed.row):
            leaders[below].append(placed.wish.x)
    # Rows that stayed empty fall together: a leader that passes fewer of them crosses no more than before.
    used = sorted({one.row for one in found.values()})
    return [found[i]._replace(row=used.index(found[i].row)) for i in sorted(found)]


def _placed(
    wish: Wish,
    taken: list[list[tuple[float, float]]],
    leaders: list[list[float]],
    later: list[float],
    edges: tuple[float, float],
) -> Placed | None:
    """The place of one label among those there are; of its forms the first that fits anywhere."""
    face, (left, right) = FACES[wish.role], edges
    for text in wish.forms:
        width = width_of(text, face)
        if not text or width > right - left:
            continue
        best: tuple[int, int, int, float] | None = None
        for row in range(len(taken)):
            if row and any(_is_near(wish.x, other) for other in taken[row - 1]):
                break  # its leader would cross what stands in a lower row
            is_top = row == len(taken) - 1
            starts = (wish.x + LEADER_GAP, wish.x - LEADER_GAP - width, wish.x - width / 2)
            for n, start in enumerate(starts):
                at = min(max(start, left), right - width)
                ends = at, at + width
                if any(_collides(ends, other) for other in taken[row]) or any(
                    _is_near(x, ends) for x in leaders[row]
                ):
                    continue
                in_the_way = 0 if is_top else sum(_is_near(x, ends) for x in later)
                candidate = in_the_way, row, n, at
                best = candidate if best is None or candidate < best else best
        if best is not None:
            return Placed(wish, text, best[1], best[3], _anchor(best[2], best[3], width, edges))
    return None


def _anchor(n: int, at: float, width: float, edges: tuple[float, float]) -> Anchor:
    """A text may be narrower than its room: it is set at the end that lies at its place, or at the edge."""
    if at <= edges[0]:
        return "start"
    if at + width >= edges[1]:
        return "end"
    anchors: tuple[Anchor, Anchor, Anchor] = ("start", "end", "middle")
    return anchors[n]


def _collides(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] + GAP and other[0] < one[1] + GAP


def _is_near(x: float, ends: tuple[float, float]) -> bool:
    """Whether a leader would touch a label."""
    return ends[0] - LEADER_GAP < x < ends[1] + LEADER_GAP


def whole(forms: Sequence[str], role: Role, room: float) -> str:
    """The first of the forms of a label that fits whole into a room; empty if none does."""
    return next((text for text in forms if width_of(shortened(text), FACES[role]) <= room), "")


def fits(canvas: Canvas, x: float, baseline: float, text: str, role: Role, anchor: Anchor = "start") -> bool:
    """Whether a text would stand inside the picture without touching what is written already."""
    box = box_of(x, baseline, text, role, anchor)
    if box.left < 0 or box.right > canvas.width or box.top < 0:
        return False
    wide = Box(box.left - GAP / 2, box.top, box.right + GAP / 2, box.bottom)
    return not any(wide.overlaps(other.box) for other in canvas.labels)
