"""Making the next one while the last is worked on: what decodes, hashes and packs leaves Python free."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
_END: Final = object()


def ahead(made: Iterator[T]) -> Generator[T, None, None]:
    """The same in the same order, each made in a thread while whoever asks works on the one before.

    No more than one waits, so memory stays bounded. What is raised there is raised here, in its turn.
    """
    with ThreadPoolExecutor(1) as worker:
        coming = worker.submit(next, made, _END)
        while (one := coming.result()) is not _END:
            coming = worker.submit(next, made, _END)
            yield one  # type: ignore[misc]  # it is not the end
