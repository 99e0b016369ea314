"""What holds of every drawing at every width: the checks that the tests of each one share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from upheld.render.drawings.canvas import Label
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.frame import UNEXPLAINED

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (320, 360, 767, 1440)
HOSTILE = (
    "</svg><script>alert(1)</script>",
    "\x00\x1b[31m\x07 controls \ud800 \ufffe",
    "quotes \" ' & <title> &amp; ]]>",
    "\u202eturned\u202c \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "Ж日本語😀\ufdfd " * 12,
    "ten thousand " * 800,
    "W" * 10_000,
    " ",
    "",
)
"""Names as strangers give them."""


def assert_sound(drawing: Drawing, width: int, again: Drawing | None = None) -> ElementTree.Element:
    """At a width: well-formed, titled, described, nothing active in it, labels apart and inside.

    Made again, it has the same bytes.
    """
    text = drawing.svg(width)
    assert again is None or text == again.svg(width)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text or "").strip()
    assert (root[1].text or "").strip()
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), "an id is there twice"
    assert set((root.get("aria-labelledby") or "").split()) <= set(ids)
    for used in re.findall(r"url\(#([^)]*)\)", text):
        assert used in ids, f"{used} is used but not there"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "path", "circle", "text", "g", "a"
    }  # fmt: skip
    assert_apart(drawing.labels(width), width, int(root.get("height") or 0))
    assert_explained(root)
    for row in drawing.table.rows:
        assert len(row) == len(drawing.table.headers)
    return root


def assert_explained(root: ElementTree.Element) -> None:
    """Whatever is drawn is in the legend, once, unless it needs no words; and nothing else is there."""
    legends = [group for group in root.iter(f"{SVG}g") if group.get("class") == "legend"]
    if not legends:
        return
    # The shapes of one layered swatch follow each other.
    told = [name for name, _ in groupby(one.get("class") for one in legends[0] if one.tag != f"{SVG}text")]
    there = {
        shape.get("class")
        for shape in root.iter()
        if shape.tag in (f"{SVG}rect", f"{SVG}line", f"{SVG}path", f"{SVG}circle")
        and shape not in (*legends[0], *(drawn for one in root.iter(f"{SVG}defs") for drawn in one.iter()))
    }
    assert len(told) == len(set(told)), told
    assert set(told) == there - UNEXPLAINED


def assert_apart(labels: Sequence[Label], width: int, height: int) -> None:
    """No label lies on another one, and none leaves the picture."""
    for label in labels:
        box = label.box
        assert box.left >= 0, (label, width)
        assert box.right <= width, (label, width)
        assert box.top >= 0, (label, width)
        assert box.bottom <= height, (label, height)
    rows = sorted(labels, key=lambda label: label.box.top)
    for i, one in enumerate(rows):
        for other in rows[i + 1 :]:
            if other.box.top >= one.box.bottom:
                break
            assert not one.box.overlaps(other.box), (one, other, width)
