"""`make setup` without uv, and with a uv that cannot do its work."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = "install --quiet --require-hashes -r requirements.lock"
OWN = "install --quiet --no-deps --no-build-isolation -e ."


def ran(home: Path, failing: str) -> tuple[int, list[str]]:
    """The exit code, and each call of an installer; those whose words hold `failing` fail."""
    (home / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup.sh", home / "scripts")
    (home / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "uv"):
        stub = home / ".venv" / "bin" / name
        log = f'echo "{name} $*" >> calls\n'
        stub.write_text(f'#!/bin/sh\n{log}case "{name} $*" in *"$FAILING"*) exit 1;; esac\n')
        stub.chmod(0o755)
    found = subprocess.run(
        ["sh", "scripts/setup.sh"], cwd=home, env={**os.environ, "FAILING": failing}, check=False
    )
    return found.returncode, (home / "calls").read_text().splitlines()


@pytest.mark.parametrize(
    ("failing", "code", "calls"),
    [
        ("nothing fails", 0, [f"uv pip {LOCKED}", f"uv pip {OWN}"]),
        ("-r scripts/uv.lock.txt", 0, [f"python -m pip {LOCKED}", f"python -m pip {OWN}"]),
        (
            "uv pip install --quiet --require-hashes",
            0,
            [f"uv pip {LOCKED}", f"python -m pip {LOCKED}", f"python -m pip {OWN}"],
        ),
        (
            "uv pip install --quiet --no-deps",
            0,
            [f"uv pip {LOCKED}", f"uv pip {OWN}", f"python -m pip {LOCKED}", f"python -m pip {OWN}"],
        ),
        (LOCKED, 1, [f"uv pip {LOCKED}", f"python -m pip {LOCKED}"]),
    ],
)
def test_plain_pip_takes_over_where_uv_does_not_do(
    tmp_path: Path, failing: str, code: int, calls: list[str]
) -> None:
    """Whether uv cannot be had or cannot install; and what pip cannot either is a failure, and not ready."""
    found, told = ran(tmp_path, failing)
    assert (found, told[1:]) == (code, calls)
    assert (tmp_path / ".venv" / ".ready").exists() == (code == 0)
