"""A drawing: a picture that lays itself out for a width, with the same in words and as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from upheld.core.values.frozen import dataclass
from upheld.render.drawings.canvas import Canvas, Label
from upheld.render.drawings.style import print_style_sheet, style_sheet

NARROWEST: Final = 320
WIDEST: Final = 1440


class Grid(NamedTuple):
    """A table: its headers, and rows of as many cells."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sentences(*parts: str) -> str:
    """What a drawing says in words: each part as a sentence."""
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture. `paint` draws it on a canvas of any width from 320 to 1440 px and says its height.

    `description` is the equivalent in text, with the numbers; `table` holds the same facts, those too that
    there was no room to write into the picture.
    """

    name: str
    title: str
    description: str
    table: Grid
    paint: Callable[[Canvas], None]

    def svg(
        self,
        width_px: int,
        prefix: str = "",
        with_style: bool = True,
        on_paper: bool = False,
    ) -> str:
        """The picture as an SVG document: the same bytes for the same values and width.

        `prefix` goes before every id, so that several drawings can stand in one page (by default the name of
        the drawing); a page that has the style sheet already needs none `with_style`. `on_paper` it has
        colours of its own and tells nothing to whoever points at a part. ValueError for a
        width outside 320 to 1440 px.
        """
        canvas = self._painted(width_px, prefix or self.name, on_paper)
        style = print_style_sheet(canvas.classes) if on_paper else style_sheet() if with_style else ""
        return canvas.document(self.title, self.description, style)

    def labels(self, width_px: int) -> tuple[Label, ...]:
        """Every text of the picture with the box that it takes at most. ValueError as `svg`."""
        return tuple(self._painted(width_px, self.name).labels)

    def _painted(self, width_px: int, prefix: str, on_paper: bool = False) -> Canvas:
        if not NARROWEST <= width_px <= WIDEST:
            raise ValueError(f"a drawing is {NARROWEST} to {WIDEST} px wide, not {width_px}")
        canvas = Canvas(width_px, prefix, on_paper)
        self.paint(canvas)
        return canvas
