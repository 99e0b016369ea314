"""The drawings as a browser shows them: PNG files to look at."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright
from scripts.gallery.subjects import Subject

WIDTHS = (360, 1440)
THEMES = ("light", "dark")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def shoot(subjects: Sequence[Subject], folder: Path) -> list[Path]:
    """Writes a picture of each drawing at each width in each theme. RuntimeError without a browser."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        raise RuntimeError("there is no chromium; on Debian: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=SWITCHES)
        for width in WIDTHS:
            for theme in THEMES:
                page = browser.new_page(viewport={"width": width, "height": 400}, color_scheme=theme)
                for one in subjects:
                    page.set_content(f'<body style="margin:0">{one.drawing.svg(width)}</body>')
                    path = folder / f"{one.name}-{width}-{theme}.png"
                    page.locator("svg.drawing").screenshot(path=path)
                    made.append(path)
                page.close()
        browser.close()
    return made
