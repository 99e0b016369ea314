"""Into a file, a line for every drawing, page and text: its name and the hash of its bytes."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.gallery.subjects import subjects

from tests.render.drawings.clock_worlds import drawing_of, explanations
from tests.render.drawings.figure_results import strip
from tests.render.drawings.test_budget import random_fan
from tests.render.drawings.test_days import bars
from tests.render.drawings.test_months_and_versions import random_drawings
from upheld.cli import main
from upheld.render.drawings.drawing import Drawing
from upheld.render.prose.tongue import LANGUAGES

ROOT = Path(__file__).parents[2]
AT = "2026-06-18T09:00:00Z"


def drawings() -> Iterator[tuple[str, Drawing]]:
    """Those of the gallery, and some of each kind of anything."""
    for one in subjects():
        yield f"gallery {one.name}", one.drawing
    for seed in range(3):
        found = [strip(seed), random_fan(seed), bars(seed), *random_drawings(seed)]
        found += map(drawing_of, explanations(seed))
        for n, drawing in enumerate(found):
            yield f"{drawing.name} {seed}.{n}", drawing


def written(folder: Path) -> None:
    """Writes the pages of the shipped month, and the words and plans of every agreement in a form in turn."""
    asked = [str(ROOT / "agreements"), str(ROOT / "demo"), "--at", AT]
    assert main(["evaluate", *asked, "--html", str(folder / "pages")]) == 0
    forms = cycle(("html", "text", "markdown"))
    for path in sorted((ROOT / "agreements").glob("*.yaml")):
        for language in LANGUAGES:
            for command in ("words", "plans"):
                form = next(forms)
                name = f"{command}-{path.stem}-{language}.{form}"
                asked = ["--lang", language, "--format", form, "--output", str(folder / name)]
                assert main([command, str(path), *asked]) == 0


def lines() -> Iterator[str]:
    """Each by its name with its hash."""
    for name, drawing in drawings():
        for width in (360, 1440):
            told = (drawing.svg(width), drawing.title, drawing.description, repr(drawing.table))
            yield f"{name} {width} {_hash(repr(told).encode())}"
    with TemporaryDirectory() as folder:
        written(Path(folder))
        for path in sorted(Path(folder).rglob("*.*")):
            yield f"{path.relative_to(folder)} {_hash(path.read_bytes())}"


def _hash(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
