"""Parts of cells that are computed once for all readings that give them the same inputs.

A reading of a calendar changes how time is counted, and nothing of when the clock was started or stopped:
what does not rest on it is taken as it was computed under another reading.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")


class Once(Protocol):
    """Gives what `make` makes, or what it made when `inputs` were the same.

    `inputs` name all that a part is computed from, and which part it is. What is one object wherever it is
    the same may be named by its `id`: who remembers parts keeps alive what they are made of.
    """

    def __call__(self, inputs: Hashable, make: Callable[[], T]) -> T:
        """The part."""
        ...


def anew(inputs: Hashable, make: Callable[[], T]) -> T:
    """Every part computed: nothing is remembered."""
    return make()


_NONE: Final = object()


class Parts:
    """A memory of parts. It is of use as long as everything that they were computed from is alive."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def __call__(self, inputs: Hashable, make: Callable[[], T]) -> T:
        """The part, remembered."""
        found = self._found.get(inputs, _NONE)
        if found is _NONE:
            found = self._found[inputs] = make()
        part: T = found
        return part
