"""The next one is made while the last is worked on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from upheld.lake.ahead import ahead


def _counted(most: int, made: list[int]) -> Iterator[int]:
    for n in range(most):
        made.append(n)
        yield n


def test_all_come_in_their_order() -> None:
    """As they were made, and nothing twice; of nothing comes nothing."""
    assert list(ahead(_counted(100, []))) == list(range(100))
    assert list(ahead(_counted(0, []))) == []


def test_no_more_than_one_waits() -> None:
    """Whoever is slow is not overtaken by more than one: memory stays bounded."""
    made: list[int] = []
    for n in ahead(_counted(20, made)):
        assert made[-1] <= n + 1


def test_the_next_one_is_made_meanwhile() -> None:
    """It comes to be although whoever has the last one waits for it."""
    is_there = [threading.Event() for _ in range(3)]

    def numbers() -> Iterator[int]:
        for n, event in enumerate(is_there):
            event.set()
            yield n

    for n in ahead(numbers()):
        assert is_there[min(n + 1, 2)].wait(60)


def test_what_is_raised_comes_in_its_turn() -> None:
    """What was made before it is given first."""

    def broken() -> Iterator[int]:
        yield 1
        raise OSError("the file has ended")

    coming = ahead(broken())
    assert next(coming) == 1
    with pytest.raises(OSError, match="the file has ended"):
        next(coming)


def test_whoever_stops_early_leaves_no_thread() -> None:
    """Nothing goes on being made for nobody."""
    before = threading.active_count()
    coming = ahead(_counted(10, []))
    next(coming)
    coming.close()
    assert threading.active_count() == before
