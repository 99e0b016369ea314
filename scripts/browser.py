"""Debian's Chromium, driven by Playwright, for what is to be looked at: it opens only what it is given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

SWITCHES: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window, closed in the end. RuntimeError if it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("there is no chromium to look with; on Debian: apt-get install chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=SWITCHES)
        try:
            yield opened
        finally:
            opened.close()
