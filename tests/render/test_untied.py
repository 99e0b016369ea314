"""Blanks that hold words together, where nothing is broken between them."""

from __future__ import annotations

from upheld.render import words


def test_a_terminal_is_given_plain_blanks() -> None:
    """A sign and its amount in Dutch, the thousands of a number: no escape is shown for what holds them."""
    assert words.visible(words.untied("\u20ac\u00a0100,01 en 1\u202f000")) == "\u20ac 100,01 en 1 000"
