"""Decisions as facts: printed as JSON lines, and appended to a file of facts, whole lines or nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from upheld.cli.output import Stop
from upheld.core.facts.fact import Fact
from upheld.files.facts_file import write_facts

ENDING = ".jsonl"


def record(told: Sequence[Fact], new: Sequence[Fact], into: str | None, read: Sequence[str] = ()) -> None:
    """Prints the facts `told`; appends those that are `new` to a file, if one is named.

    `read` are the files and folders that the decision was made from: the file must be among them, because
    what is not read the next time would be decided again. Stops if it is not.
    """
    if into is not None:
        path = Path(into)
        if path.suffix != ENDING:
            raise Stop(f"upheld: --into {into}: facts stand in a file that ends in {ENDING}")
        if not any(_holds(Path(one), path) for one in read):
            message = f"--into {into}: that file is not among those that are read"
            raise Stop(f"upheld: {message}\n    way out: name it, or its folder, among the files")
        if new:
            append(path, write_facts(new))
    print(write_facts(told), end="")


def _holds(read: Path, path: Path) -> bool:
    """Whether a file is one that is read, or lies in a folder that is."""
    read, path = read.resolve(), path.resolve()
    return read == path or (read.is_dir() and read in path.parents)


def append(path: Path, lines: str) -> None:
    """More lines at the end of a file, after one that was left without an end, too: all of them or none.

    OSError if it cannot be written; then the file is as it was.
    """
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        start = ""
        if size:
            file.seek(size - 1)
            start = "" if file.read(1) == b"\n" else "\n"
        try:
            file.write(f"{start}{lines}".encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
