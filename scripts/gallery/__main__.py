"""`python -m scripts.gallery [--check] [--png FOLDER]` writes `docs/gallery`, or says what is out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.gallery.page import files, stale, write
from scripts.gallery.subjects import subjects


def main(words: list[str]) -> int:
    """With `--png`, takes screenshots into a folder instead."""
    found = list(subjects())
    if "--png" in words:
        from scripts.gallery.shots import shoot

        print(f"{len(shoot(found, Path(words[words.index('--png') + 1])))} pictures")
        return 0
    made = files(found)
    if "--check" in words:
        old = stale(made)
        for path in old:
            print(f"{path} is out of date: run `make docs`")
        return 1 if old else 0
    write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
