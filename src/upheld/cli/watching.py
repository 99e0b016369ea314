"""Doing something again whenever one of the files that it read has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

State: TypeAlias = dict[str, tuple[int, int]]
"""Files by name, each with when it was written last and its size."""


def watch(asked: Iterable[Path], once: Callable[[], Iterable[Path]], rest: Callable[[], None]) -> None:
    """Calls `once`, and again whenever a file or folder that it gave back changes, until it is interrupted.

    `asked` are the files and folders that are known before; `rest` waits a while between two looks. What
    changes while `once` works is seen by the next look: what it read is compared as it was before.
    """
    try:
        now = state_of(asked)
        while True:
            watched = tuple(once())
            before = {name: now.get(name, told) for name, told in state_of(watched).items()}
            now = state_of(watched)
            while now == before:
                rest()
                now = state_of(watched)
    except KeyboardInterrupt:
        return


def state_of(paths: Iterable[Path]) -> State:
    """Every file among these and in these folders. What is not there, or hidden in a folder, is left out."""
    found: State = {}
    for path in paths:
        for one in path.rglob("*") if path.is_dir() else (path,):
            hidden = one is not path and any(part.startswith(".") for part in one.relative_to(path).parts)
            try:
                told = one.stat()
            except OSError:  # it went away between the two questions
                continue
            if not hidden and not one.is_dir():
                found[str(one)] = (told.st_mtime_ns, told.st_size)
    return found
