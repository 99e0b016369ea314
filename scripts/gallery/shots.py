"""The drawings as a browser shows them: PNG files to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.browser import browser
from scripts.gallery.subjects import Subject

WIDTHS = (360, 1440)
THEMES = ("light", "dark")


def shoot(subjects: Sequence[Subject], folder: Path) -> list[Path]:
    """Writes a picture of each drawing at each width in each theme. RuntimeError without a browser."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with browser() as opened:
        for width in WIDTHS:
            for theme in THEMES:
                page = opened.new_page(viewport={"width": width, "height": 400}, color_scheme=theme)
                for one in subjects:
                    page.set_content(f'<body style="margin:0">{one.drawing.svg(width)}</body>')
                    path = folder / f"{one.name}-{width}-{theme}.png"
                    page.locator("svg.drawing").screenshot(path=path)
                    made.append(path)
                page.close()
    return made
