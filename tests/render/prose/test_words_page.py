"""The page of an agreement in a real browser: readable by everybody, in both themes, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from scripts.browser import browser

from tests.browser import faults_of_access
from upheld.book.diff import Version
from upheld.book.plans import plans
from upheld.book.words import words
from upheld.files.folder import read_agreement_file
from upheld.render.prose.html import page
from upheld.render.prose.plans import plans_prose
from upheld.render.prose.tongue import Tongue

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    with browser() as found:
        yield found


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
    opened: Browser, name: str, language: str, scheme: str
) -> None:
    """No violation is found; nothing is wider than a telephone but tables, which scroll by themselves."""
    context = opened.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_content(_page(name, language))
    assert faults_of_access(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == []
    context.close()


def _plans(name: str, language: str) -> str:
    agreement, _ = read_agreement_file(ROOT / "agreements" / f"{name}.yaml")
    assert agreement is not None
    found, _ = plans(Version(agreement.node, agreement.lock))
    return page([plans_prose(found, Tongue(language))])


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "is_stacked"), [(360, True), (1440, False)])
def test_plans_stand_in_columns_or_one_below_the_other(
    opened: Browser, width: int, is_stacked: bool, scheme: str
) -> None:
    """On a telephone each plan has a line of its own with its name; nothing is cut off."""
    context = opened.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    tab = context.new_page()
    tab.set_content(_plans("sivo", "nl"))
    assert faults_of_access(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    row = tab.query_selector("tbody tr:has(td[data-label=starter])")
    assert row is not None
    first, second = row.query_selector_all("td")[:2]
    boxes = first.bounding_box(), second.bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert (boxes[1]["y"] > boxes[0]["y"]) == is_stacked
    label = tab.evaluate("cell => getComputedStyle(cell, '::before').content", first)
    assert label == ('"starter: "' if is_stacked else "none")
    context.close()
