"""The primitives: escaped, cut, numbered alike, and never larger than they say."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.drawings.pictures import HOSTILE, SVG, assert_sound
from upheld.render.drawings.canvas import Box, Canvas, number
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import Swatch, heading, legend
from upheld.render.drawings.labels import whole
from upheld.render.drawings.metrics import fitted, width_of, wrapped
from upheld.render.drawings.style import FACES

pytestmark = pytest.mark.slow


def painted(text: str) -> Drawing:
    """A picture that writes a text wherever one can stand."""

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, text or "untitled", [text])
        canvas.rect(10, top, 10, 10, "up", title=text)
        canvas.line(30, top, 40, top, "due")
        canvas.rect(40, top, 10, 10, "unknown", title=text)
        with canvas.group("mark", link=text, title=text):
            canvas.circle(60, top, 3, "ring", title=text)
        meanings = [Swatch("up", text), Swatch("unknown", text), Swatch("due", text, "line")]
        top = legend(canvas, top + 20, [*meanings, Swatch("excluded", text)])
        canvas.text(canvas.width - 10, top + 20, text, "strong", "end", room=200)
        canvas.text(canvas.width / 2, top + 50, text, "tick", "middle")
        canvas.height = round(top + 60)

    return Drawing("painted", text.strip() or "untitled", text.strip() or "nothing", Grid((), ()), paint)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [320, 1440])
def test_hostile_text_is_escaped_and_cut(text: str, width: int) -> None:
    """Whatever a name holds, the picture is well-formed, has no script, and keeps it inside."""
    root = assert_sound(painted(text), width)
    assert all(len(element.text or "") <= 4000 for element in root.iter() if element.tag != f"{SVG}style")


def test_a_legend_tells_what_is_drawn_and_nothing_else() -> None:
    """Of all that a picture can have; what has no width was not drawn."""
    canvas = Canvas(400)
    canvas.rect(0, 0, 10, 10, "down")
    canvas.rect(0, 0, 0.001, 10, "excluded")
    canvas.rect(0, 0, 10, -1, "degraded")
    canvas.line(0, 0, 5, 5, "now")
    names = ("down", "excluded", "degraded", "up", "now")
    end = legend(canvas, 20, [Swatch(name, f"is {name}") for name in names])
    assert [label.text for label in canvas.labels] == ["is down", "is now"]
    assert legend(Canvas(400), 20, [Swatch("down", "down")]) == 20 < end


@given(text=st.text(max_size=60), width=st.integers(320, 1440))
def test_any_text_is_inside(text: str, width: int) -> None:
    """Texts of any characters, also of those that no table of widths knows."""
    assert_sound(painted(text), width)


@given(text=st.text(st.characters(codec="utf-8"), max_size=80), room=st.floats(0, 400))
def test_a_cut_text_fits(text: str, room: float) -> None:
    """Cut to a room, it is no wider; what fits is whole."""
    face = FACES["text"]
    assert width_of(fitted(text, face, room), face) <= room or not fitted(text, face, room)
    if text.isprintable() and width_of(text, face) <= room:
        assert fitted(text, face, room) == text
    for line in wrapped(text, face, room, 3):
        assert width_of(line, face) <= room


def test_what_cannot_be_shown_is_made_visible() -> None:
    """A control character is told by its name; any space is a space."""
    face = FACES["text"]
    assert fitted("a\x1bb\u202ec\td", face, 400) == "a\\x1bb\\u202ec d"


def test_numbers_have_two_decimals_at_most() -> None:
    """And no trailing zeros, and no negative zero."""
    assert [number(one) for one in (0, -0.001, 1.5, 2.345, 100.0, -3.999)] == [
        "0", "0", "1.5", "2.35", "100", "-4"
    ]  # fmt: skip


def test_boxes_that_touch_do_not_overlap() -> None:
    """They overlap only if they share an area."""
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 20, 20))


def test_ids_begin_with_the_prefix() -> None:
    """So that a page can hold the same drawing twice."""
    one, other = (painted("x").svg(320, prefix) for prefix in ("first", "second one"))
    ids = [
        {element.get("id") for element in ElementTree.fromstring(text).iter() if element.get("id")}
        for text in (one, other)
    ]
    assert not ids[0] & ids[1]
    assert 'id="second-one-title"' in other


def test_on_paper_no_part_tells_what_it_is() -> None:
    """Nobody points there: only the picture has a title, and its style is of what is drawn."""
    printed = painted("x").svg(640, on_paper=True)
    root = ElementTree.fromstring(printed)
    assert [element.get("id") for element in root.iter(f"{SVG}title")] == ["painted-title"]
    assert "var(" not in printed
    used = {one for element in root.iter() for one in (element.get("class") or "").split()}
    styled = re.findall(r"\.drawing (?:text)?\.([a-z-]+)", printed)
    assert set(styled) <= used
    assert {"up", "due", "ring", "paper", "dots", "strong", "tick"} <= set(styled)


def test_a_picture_with_links_is_a_group() -> None:
    """What is one image has no parts that could be reached."""

    def bare(canvas: Canvas) -> None:
        canvas.height = 10

    assert 'role="img"' in Drawing("bare", "t", "d", Grid((), ()), bare).svg(320)
    assert 'role="group"' in painted("x").svg(320)


@pytest.mark.parametrize("width", [319, 1441])
def test_other_widths_are_refused(width: int) -> None:
    """A drawing is laid out for 320 to 1440 px."""
    with pytest.raises(ValueError, match="320 to 1440"):
        painted("x").svg(width)


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    """Whatever the room: no line begins with a unit, a sign or a currency whose number ends the one above."""
    face = FACES["note"]
    told = "442 min 40 s excluded in 43,200 min, 8 min 12.8 s too much; 99.5 % and 49.90 EUR, 2 × 3 h"
    for room in range(80, 500, 7):
        lines = wrapped(told, face, room, 20)
        assert " ".join(lines) == told
        for above, line in pairwise(lines):
            assert not (above[-1].isdigit() and re.match(r"(%|×|min|s|h|EUR)(?!\w)", line)), (above, line)
    assert wrapped("43,200 min", face, 50, 3) == ["43,200", "min"]  # where not even both have room


def test_a_piece_of_a_word_is_not_written() -> None:
    """What is cut leaves at least five letters, or nothing: `Pentecost…`, but no `Pe…`."""
    face = FACES["tick"]
    cuts = {fitted("Pentecost Monday", face, room) for room in range(200)}
    assert "" in cuts
    assert all(len(cut.removesuffix("…")) >= 5 for cut in cuts - {""})


def test_of_the_forms_of_a_label_the_first_that_fits_is_written_whole() -> None:
    """Also of one with characters that have to be told by their names."""
    assert whole(("Pentecost Monday", "holiday"), "tick", 300) == "Pentecost Monday"
    assert whole(("Pentecost Monday", "holiday"), "tick", 60) == "holiday"
    assert whole(("Pentecost Monday", "holiday"), "tick", 20) == ""
    assert whole(("\x00\x00\x00",), "tick", width_of("aaa", FACES["tick"])) == ""


def test_on_paper_rectangles_of_one_meaning_are_one_shape() -> None:
    """Those that follow each other, in the order in which they were drawn; round ones stay as they are."""
    canvas = Canvas(320, on_paper=True)
    for left, meaning in ((0, "up"), (10, "up"), (20, "down"), (30, "up")):
        canvas.rect(left, 0, 8, 20, meaning, title="told to nobody")
    canvas.line(0, 0, 9, 9, "grid")
    canvas.rect(40, 0, 8, 20, "up")
    canvas.rect(50, 0, 8, 20, "up", radius=2)
    shapes = re.findall(r'<(?:path|rect|line) [^>]*class="(?:up|down|grid)"[^>]*>', canvas.document("t", "d"))
    assert shapes == [
        '<path d="M0 0h8v20h-8zM10 0h8v20h-8z" class="up"/>',
        '<path d="M20 0h8v20h-8z" class="down"/>',
        '<path d="M30 0h8v20h-8z" class="up"/>',
        '<line x1="0" y1="0" x2="9" y2="9" class="grid"/>',
        '<path d="M40 0h8v20h-8z" class="up"/>',
        '<rect x="50" y="0" width="8" height="20" rx="2" class="up"/>',
    ]
