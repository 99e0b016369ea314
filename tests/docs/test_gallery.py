"""The gallery is what the shipped month gives, small, and shown by a browser as it was laid out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from scripts.browser import browser
from scripts.gallery.page import GALLERY, files, stale
from scripts.gallery.subjects import Subject, subjects

from tests.browser import faults_of_access
from tests.render.drawings.clock_worlds import drawing_of, explanations
from tests.render.drawings.figure_results import strip
from tests.render.drawings.pictures import HOSTILE, assert_sound
from tests.render.drawings.test_budget import random_fan
from tests.render.drawings.test_canvas import painted
from tests.render.drawings.test_days import bars
from upheld.render.drawings.drawing import Drawing

pytestmark = pytest.mark.slow

BOXES = """() => [...document.querySelectorAll("svg.drawing text")].map(text => {
  const box = text.getBBox();
  return [box.x, box.y, box.x + box.width, box.y + box.height];
})"""


@pytest.fixture(scope="module")
def shown() -> list[Subject]:
    """What the gallery draws."""
    return list(subjects())


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    """A real browser; without one the test fails and says how to get it."""
    with browser() as found:
        yield found


def assert_drawn_inside(page: Page, drawing: Drawing, width: int) -> None:
    """Every text is inside the box that it was given, as the browser draws it."""
    page.set_content(f'<body style="margin:0">{drawing.svg(width)}</body>')
    boxes = page.evaluate(BOXES)
    labels = drawing.labels(width)
    assert len(boxes) == len(labels)
    for label, (left, top, right, bottom) in zip(labels, boxes, strict=True):
        box = label.box
        # A tenth of a pixel for the rounding of positions and of what the browser measures.
        assert box.left - 0.1 <= left, (label, left)
        assert right <= box.right + 0.1, (label, right)
        assert box.top - 0.1 <= top, (label, top)
        assert bottom <= box.bottom + 0.1, (label, bottom)


def test_the_gallery_is_what_the_month_gives(shown: list[Subject]) -> None:
    """Byte for byte; `make docs` writes it."""
    assert stale(files(shown)) == []
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < 1_000_000


def test_the_gallery_can_be_read(shown: list[Subject]) -> None:
    """Every drawing of it, at every width."""
    for one in shown:
        for width in (320, 360, 768, 960, 1440):
            assert_sound(one.drawing, width)


def test_no_text_is_larger_than_its_box(opened: Browser, shown: list[Subject]) -> None:
    """Also texts of strangers, in scripts that no table knows."""
    page = opened.new_page()
    drawings = [one.drawing for one in shown]
    drawings += [drawing_of(one) for seed in range(12) for one in explanations(seed)]
    drawings += [make(seed) for make in (strip, bars, random_fan) for seed in range(12)]
    drawings += [painted(text) for text in HOSTILE]
    for drawing in drawings:
        for width in (360, 1440):
            assert_drawn_inside(page, drawing, width)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_pass_axe_inside_a_page(opened: Browser, shown: list[Subject], theme: str) -> None:
    """All of them in one page: each has a name, no id is there twice, texts have contrast."""
    page = opened.new_page(color_scheme=theme)  # type: ignore[arg-type]
    pictures = "".join(
        f"<figure>{one.drawing.svg(960, f'picture-{n}')}</figure>" for n, one in enumerate(shown)
    )
    main = f"<main><h1>Drawings</h1>{pictures}</main>"
    page.set_content(f'<!doctype html><html lang="en"><title>Drawings</title>{main}</html>')
    assert faults_of_access(page) == []


def test_the_theme_of_a_page_is_followed(opened: Browser, shown: list[Subject]) -> None:
    """`data-theme` wins over what the reader prefers; paper is light whatever either says."""
    page = opened.new_page(color_scheme="light")
    fill = "() => getComputedStyle(document.querySelector('.drawing .paper')).fill"
    svg = shown[0].drawing.svg(960)
    seen = {}
    for theme in ("", "dark", "light"):
        page.set_content(f'<html data-theme="{theme}"><body>{svg}</body></html>')
        seen[theme] = page.evaluate(fill)
    assert seen[""] == seen["light"] == "rgb(255, 255, 255)"
    assert seen["dark"] == "rgb(20, 25, 31)"
    page.set_content(f'<html data-theme="dark"><body>{svg}</body></html>')
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(fill) == "rgb(255, 255, 255)"
