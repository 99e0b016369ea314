"""Lines as wide as a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from upheld.render import words


def test_a_line_fits_into_the_width_of_a_terminal() -> None:
    """What goes on stands under the last cell; nothing is lost."""
    row = "  #1  acme  uptime  breached; promised >= 99.9 %; 24 min down in 43,200 min"
    assert words.fitted(row, 50) == [
        "  #1  acme  uptime  breached; promised >= 99.9 %;",
        "                    24 min down in 43,200 min",
    ]
    assert words.fitted(row, 80) == [row]


def test_a_line_without_room_under_its_last_cell_goes_on_a_little_further_in() -> None:
    """A cell that begins far to the right would leave a column of single words."""
    assert words.fitted("  one two three four  six seven eight", 28) == [
        "  one two three four  six",
        "      seven eight",
    ]
    assert words.fitted("a" * 60 + " b", 40) == ["a" * 60, "    b"]


@given(line=st.text("ab  ", max_size=200), width=st.integers(10, 60))
def test_no_word_is_lost_and_only_long_words_are_too_wide(line: str, width: int) -> None:
    """Whatever the line begins with, and however many spaces it has."""
    parts = words.fitted(line, width)
    assert " ".join(parts).split() == line.split()
    for part in parts:
        assert len(part) <= width or len(part.split()) <= 1
