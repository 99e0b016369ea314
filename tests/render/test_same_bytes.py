"""Whatever is rendered is the same in every process: nothing hangs on the hashes of sets and maps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KINDS = (
    "availability-strip", "budget-fan", "clock-timeline", "credits-by-month", "day-bars", "heat-map",
    "month-calendar", "versions-compared", "gallery", "pages", "words", "plans",
)  # fmt: skip


def told(seed: str, out: Path) -> list[str]:
    """What a process with a seed of its own for hashes renders."""
    subprocess.run(
        [sys.executable, "-m", "tests.render.everything", str(out)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": seed, "COLUMNS": "100"},
    )
    return out.read_text("utf-8").splitlines()


@pytest.mark.slow
def test_every_drawing_page_and_text_is_the_same_in_two_processes(tmp_path: Path) -> None:
    """The eight drawings at two widths, with their descriptions and tables; pages, words and plans."""
    one, other = (told(seed, tmp_path / seed) for seed in ("1", "2"))
    assert one == other
    for kind in KINDS:
        assert any(line.startswith(kind) for line in one), kind
