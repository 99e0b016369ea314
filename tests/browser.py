"""What a real browser makes of a page: how it is shown to whom, and what stands in somebody's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

TELEPHONE, DESK = 360, 1440


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
    """What axe finds, by all of its rules, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def overflow_px(page: Page) -> int:
    """How much wider a page is than its window."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)
