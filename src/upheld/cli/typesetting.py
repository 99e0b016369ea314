"""Pages are set in a process of their own, which gets ready while this one still reads and computes.

What it is given is a text, and all that it does with it is to set it; a page that would load something is
refused there. Source: safety.md, threat 13.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import TypeAlias

from upheld.book.collecting import collecting_seldom
from upheld.render.statement.pdf import NoPdfError, set_pages

SetPages: TypeAlias = Callable[[str], bytes]


@contextmanager
def typesetting() -> Iterator[SetPages]:
    """In this block pages can be set, as `set_pages` does, with its errors.

    The process is a new one and no copy: a copy of one with threads may hold locks that nobody lets go of.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_get_ready) as process:
        process.submit(int)  # it begins when it is given something to do
        yield lambda text: process.submit(_set, text).result()


def _get_ready() -> None:
    """Loads what sets pages, and the fonts, by a first page that nobody sees."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is answered by the other process, which ends this one
    with suppress(NoPdfError):  # that is told when a page is asked for
        set_pages("<p>.")
    gc.freeze()  # what is there by now stays: nobody looks through it for garbage


def _set(text: str) -> bytes:
    with collecting_seldom():
        return set_pages(text)
