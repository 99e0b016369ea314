"""Words that strangers wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from upheld.render import words


def test_a_line_cannot_command_a_terminal_nor_forge_another() -> None:
    """Escape sequences, line ends, and what turns the direction of writing are shown as they are typed."""
    assert words.visible("a\x1b[31mb\nc\u202ed\u00a0e") == "a\\x1b[31mb\\nc\\u202ed\\xa0e"


def test_columns_stand_below_each_other_whatever_is_in_them() -> None:
    """An escape takes more room than what it stands for, so the cells beside it start as if it were text."""
    told = words.table([["T-\x1b[31m1", "met"], ["T-2", "missed"]])
    assert told == ["  T-\\x1b[31m1  met", "  T-2          missed"]


@given(line=st.text(max_size=60))
def test_what_is_shown_is_printable(line: str) -> None:
    """Whatever it was; and what was printable stays."""
    shown = words.visible(line)
    assert shown.isprintable()
    assert not line.isprintable() or shown == line
