"""The texts of a folder that are applied as a whole: agreements, locks, clause lists and contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MOST_BYTES: Final = 1 << 20
_PATTERNS: Final = ("*.yaml", "*.yml", "*.lock.json")


class TextsError(ValueError):
    """A folder that cannot be applied; the message says why."""


def texts_in(folder: Path) -> dict[str, bytes]:
    """The visible files by their paths in a folder. TextsError if there are none, or one is huge."""
    if not folder.is_dir():
        raise TextsError(f"{folder} is no folder: give the one with the agreements and contracts")
    paths = {path for pattern in _PATTERNS for path in folder.rglob(pattern) if path.is_file()}
    names = {path: path.relative_to(folder) for path in paths}
    visible = [path for path in sorted(paths) if not any(part.startswith(".") for part in names[path].parts)]
    if not visible:
        raise TextsError(f"{folder}: there are no agreements or contracts in it")
    if large := [path for path in visible if path.stat().st_size > MOST_BYTES]:
        raise TextsError(f"{large[0]}: this file is larger than a mebibyte")
    return {names[path].as_posix(): path.read_bytes() for path in visible}
