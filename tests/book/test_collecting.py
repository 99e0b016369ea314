"""Garbage is looked for less often for as long as something is made that is kept, and no longer."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from upheld.book.collecting import SELDOM, collecting_seldom


@pytest.fixture(autouse=True)
def threshold() -> Iterator[None]:
    """The setting of Python, as it is when nobody has changed it; put back at the end."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_what_was_set_is_set_again_whatever_happens() -> None:
    """An error does not leave the setting behind."""

    def fail() -> None:
        with collecting_seldom():
            assert gc.get_threshold() == (SELDOM, 10, 10)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.get_threshold() == (700, 10, 10)


def test_the_last_of_several_puts_it_back() -> None:
    """Two threads explore at once, and the one that began first is done first."""
    one, other = collecting_seldom(), collecting_seldom()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold() == (SELDOM, 10, 10)
    other.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("first", [0, 2 * SELDOM])
def test_who_looks_less_often_or_never_is_left_alone(first: int) -> None:
    """0 is never."""
    gc.set_threshold(first, 10, 10)
    with collecting_seldom():
        assert gc.get_threshold() == (first, 10, 10)
