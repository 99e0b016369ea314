"""`upheld serve --demo`, as a user starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
WITHIN_S = 180


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(data: Path, *words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server while the block runs, and its address once it is ready."""
    port = _free_port()
    command = [
        str(Path(sys.executable).with_name("upheld")),
        "serve",
        "--data",
        str(data),
        "--port",
        str(port),
        *words,
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _until_ready(process, address)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _until_ready(process: subprocess.Popen[str], address: str) -> None:
    for _ in range(WITHIN_S * 5):
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                if json.load(answer)["ready"]:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)  # a process of its own gives no sign to wait for
    pytest.fail("the server did not get ready")


def _stopped(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    return told


def test_it_starts_stops_and_finds_everything_again(tmp_path: Path) -> None:
    """The first start makes five providers and says what is due; the second one finds them."""
    with serving(tmp_path / "data", "--demo") as (process, _):
        first = _stopped(process)
    assert "five providers" in first
    assert "Due next:" in first
    assert "/api/v1" in first
    with serving(tmp_path / "data", "--demo") as (process, _):
        second = _stopped(process)
    assert "Traceback" not in first + second
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    """The address of a database that is not kept is refused with what to write."""
    command = [str(Path(sys.executable).with_name("upheld")), "serve", "--data", str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": "mysql://x/y"}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "upheld: DATABASE_URL: `mysql` is no database that Upheld keeps its ledger in: "
        "write postgresql://USER:PASSWORD@HOST/NAME, or nothing for SQLite\n"
    )
