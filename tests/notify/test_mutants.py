"""The tests of channels and probes are worth something: each planted fault is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import upheld
from tests.notify.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, in a folder that Python looks into first."""
    folder = tmp_path_factory.mktemp("mutated")
    shutil.copytree(
        Path(upheld.__file__).parent, folder / "upheld", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


def _run(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    said = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_PROFILE": "brisk",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # none is needed, and to load them takes longer than the tests
    }
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", tests]
    return subprocess.run(words, cwd=ROOT, env=said, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_every_mutant_is_caught(copy: Path, mutant: Mutant) -> None:
    """With one line changed, one of the tests that are named fails."""
    path = copy / "upheld" / mutant.module
    source = path.read_text("utf-8")
    assert source.count(mutant.before) == 1, f"{mutant.before!r} is there {source.count(mutant.before)} times"
    path.write_text(source.replace(mutant.before, mutant.after), "utf-8")
    try:
        done = _run(copy, mutant.tests)
    finally:
        path.write_text(source, "utf-8")
    assert done.returncode == 1, f"nobody notices: {mutant.name}\n{done.stdout[-2000:]}{done.stderr[-500:]}"
    assert "1 failed" in done.stdout or "FAILED" in done.stdout


@pytest.mark.slow
def test_the_copy_is_what_is_tested(copy: Path) -> None:
    """A copy that cannot be imported fails at once, so it is the copy that runs; unchanged, it passes."""
    broken = copy / "upheld" / "notify" / "repeating.py"
    source = broken.read_text("utf-8")
    broken.write_text("raise RuntimeError('the copy')\n", "utf-8")
    try:
        assert "the copy" in _run(copy, "tests/notify/test_repeating.py").stdout
    finally:
        broken.write_text(source, "utf-8")
    assert _run(copy, "tests/notify/test_repeating.py").returncode == 0
