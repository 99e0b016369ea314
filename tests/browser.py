"""A real browser for tests: Debian's Chromium, driven by Playwright; it opens only what it is given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
TELEPHONE, DESK = 360, 1440


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, closed in the end. RuntimeError if it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("there is no chromium to look at pages with: apt-get install chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def shown(opened: Browser, html: str, width: int, theme: str = "light") -> Iterator[Page]:
    """A page of HTML in a window so wide, by the reader's preference for light or dark."""
    scheme: Any = theme
    page = opened.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page.set_content(html)
        yield page
    finally:
        page.close()


def faults_of_access(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, with the elements."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def overflow_px(page: Page) -> int:
    """How much wider a page is than its window."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)
