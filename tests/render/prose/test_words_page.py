"""The page of an agreement in a real browser: readable by everybody, in both themes, narrow and wide."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from upheld.book.diff import Version
from upheld.book.words import words
from upheld.files.folder import read_agreement_file
from upheld.render.prose.html import page
from upheld.render.prose.tongue import Tongue

ROOT = Path(__file__).parents[3]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "there is no Chromium on this machine; install it: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


def _page(name: str, language: str) -> str:
    agreement, _ = read_agreement_file(ROOT / "agreements" / f"{name}.yaml")
    assert agreement is not None
    version = Version(agreement.node, agreement.lock)
    texts, _ = words(version, Tongue(language), clauses=agreement.clauses)
    return page(texts)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "language"), [("sivo", "en"), ("ceng", "nl")])
def test_a_page_passes_axe_and_fits_its_window(
    browser: Browser, name: str, language: str, scheme: str
) -> None:
    """No violation is found; nothing is wider than a telephone but tables, which scroll by themselves."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_content(_page(name, language))
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == []
    context.close()
