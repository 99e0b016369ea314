"""A finding is drawn with its lines: the mark is under what is meant, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.values.finding import Finding, Place
from upheld.render.drawing import drawn, length_at


def _drawn(line: str, column: int, length: int = 0, width: int = 100) -> list[str]:
    finding = Finding("a-code", "said", (Place("a.yaml", 7, column),), "mend it")
    lines = ["", "", "", "", "", "", line]
    return list(drawn(finding, lambda _: lines, lambda _: length, width))


def test_the_line_stands_under_the_finding_with_carets_under_what_is_meant() -> None:
    """The number and the line, then carets from the first to the last character."""
    assert _drawn("    until: anwsered", 12) == [
        "a.yaml:7:12: error[a-code]: said",
        "    7 |     until: anwsered",
        "      |            ^^^^^^^^",
        "    way out: mend it",
    ]


def test_every_place_has_its_line() -> None:
    """A place to be seen also is drawn below its name, one of a file that is not there is only named."""
    finding = Finding("a-code", "said", (Place("a", 1, 1), Place("b", 2, 3), Place("gone", 9, 9)))
    texts = {"a": ["one"], "b": ["two", "- three"], "gone": []}
    assert list(drawn(finding, lambda name: texts[name], lambda _: 0, 100)) == [
        "a:1:1: error[a-code]: said",
        "    1 | one",
        "      | ^^^",
        "    see also b:2:3",
        "    2 | - three",
        "      |   ^^^^^",
        "    see also gone:9:9",
    ]


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("on: suport, within: 2h", 5, "suport"),
        ("where: 'kind = x'", 8, "'kind = x'"),
        ("where: 'no end", 8, "'no end"),
        ("a: {b: '}', c: [1]} # d", 4, "{b: '}', c: [1]}"),
        ("a: {b: 1,", 4, "{"),
        ("a >= 99.95 %", 3, ">="),
        ("a >= 99.95 %", 6, "99.95"),
        ("a: % b", 4, "%"),
        ("short", 6, ""),
    ],
)
def test_what_is_marked_without_knowing_the_text(line: str, column: int, marked: str) -> None:
    """A word, a quoted text, a map in brackets; where nothing stands, one mark behind the end."""
    assert length_at(line, column - 1) == max(len(marked), 1)
    assert line[column - 1 :].startswith(marked)


def test_a_long_line_is_cut_around_the_mark() -> None:
    """No more is shown than the screen has columns; dots stand where something was left out."""
    line = "start: " + "x" * 200 + " meant " + "y" * 200
    _, shown, carets, _ = _drawn(line, 209, width=60)
    assert shown == "    7 | …" + "x" * 16 + " meant " + "y" * 27 + "…"
    assert carets == "      | " + " " * 18 + "^^^^^"
    assert len(shown) == 60


def test_a_mark_that_is_longer_than_the_screen_ends_where_the_line_is_cut() -> None:
    """The carets never go beyond what is shown."""
    _, shown, carets, _ = _drawn("a: " + "x" * 300, 4, length=300, width=60)
    assert len(carets) == len(shown) - 1
    assert shown.endswith("x…")


def test_wide_and_invisible_characters_keep_the_mark_in_its_column() -> None:
    """A control character is shown as its escape, a wide one takes two columns, a combining one none."""
    assert _drawn("a\x1b[2J: b", 8)[1:3] == ["    7 | a\\x1b[2J: b", "      |           ^"]
    assert _drawn("日本: b", 5)[1:3] == ["    7 | 日本: b", "      |       ^"]
    assert _drawn("e\u0301a: b", 6)[1:3] == ["    7 | e\u0301a: b", "      |     ^"]
    assert _drawn("\ta: b", 5)[1:3] == ["    7 | \\ta: b", "      |      ^"]


def test_a_place_outside_the_text_is_only_named() -> None:
    """A line or a column that the file does not have is not drawn, nor is an empty line."""
    for line, column in (("short", 7), ("", 1), ("   ", 2)):
        assert _drawn(line, column) == [f"a.yaml:7:{column}: error[a-code]: said", "    way out: mend it"]


@given(st.text(max_size=80), st.data(), st.integers(0, 90), st.integers(0, 120))
def test_nothing_that_a_line_holds_reaches_the_screen_unseen(
    line: str, data: st.DataObject, length: int, width: int
) -> None:
    """Whatever stands in a line, what is drawn is printable and no wider than the screen can be."""
    column = data.draw(st.integers(1, len(line) + 1))
    found = _drawn(line.replace("\n", " "), column, length, width)
    assert all(text.isprintable() for text in found)
    assert found[0].startswith("a.yaml:7:")
