"""Fewer searches for garbage while what is made is kept anyway."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

SELDOM: Final = 200_000
"""So many objects more than before are made until Python looks for some that nobody holds."""
_LOCK: Final = Lock()
_BEFORE: Final[list[tuple[int, int, int]]] = []
"""What every use that is not over found: threads share one setting, and the last to leave puts it back."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For work whose objects live as long as it does: looking through them every 700 finds none.

    Whoever looks even less often, or never, is left alone.
    """
    with _LOCK:
        _BEFORE.append(gc.get_threshold())
        first, *others = _BEFORE[0]
        gc.set_threshold(max(first, SELDOM) if first else 0, *others)
    try:
        yield
    finally:
        with _LOCK:
            before = _BEFORE.pop()
            if not _BEFORE:
                gc.set_threshold(*before)
