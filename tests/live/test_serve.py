"""`upheld serve --demo`, as a user starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
WITHIN_S = 180


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Server:
    """A server while it runs: what it tells is read as it comes."""

    def __init__(self, command: Sequence[str], address: str, environment: Mapping[str, str]) -> None:
        self.address = address
        self.told: list[str] = []
        self._telling = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, **environment},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def session(self) -> int:
        """The session of all its processes."""
        return self._process.pid

    def begin(self) -> None:
        """Waits until it says that it serves, and asks it."""
        self.tells("upheld: serving at ")
        with urllib.request.urlopen(f"{self.address}/healthz", timeout=60) as answer:
            assert json.load(answer) == {"alive": True}

    def tells(self, text: str) -> None:
        """Waits until it has told a text within a line."""
        with self._telling:
            self._telling.wait_for(lambda: self._ended or self._has_told(text), WITHIN_S)
            assert self._has_told(text), "".join(self.told)

    def _has_told(self, text: str) -> bool:
        return any(text in line for line in self.told)

    def _read(self) -> None:
        with self._process.stdout as lines:  # type: ignore[union-attr]  # it is a pipe
            for line in lines:
                with self._telling:
                    self.told.append(line)
                    self._telling.notify_all()
        with self._telling:
            self._ended = True
            self._telling.notify_all()

    def stopped(self) -> str:
        """All that it told, after Ctrl-C, which reaches every process of the terminal's group."""
        os.killpg(self._process.pid, signal.SIGINT)
        assert self._process.wait(60) == 0, "".join(self.told)
        self._reader.join(60)
        return "".join(self.told)

    def killed(self) -> None:
        """The process that was started is killed; what it started is to end by itself."""
        self._process.kill()
        self.gone()

    def died(self) -> None:
        """All its processes are killed, so that none comes to its end."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("utf-8")
        for pid in (self._process.pid, *map(int, children.split())):
            os.kill(pid, signal.SIGKILL)
        self.gone()

    def gone(self) -> None:
        """Nothing of it runs any more: what it tells has an end."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(60)
        self._reader.join(60)
        assert not self._reader.is_alive(), "a process of it still runs"


@contextmanager
def serving(data: Path, *words: str, **environment: str) -> Iterator[Server]:
    """A server while the block runs."""
    port = _free_port()
    program = str(Path(sys.executable).with_name("upheld"))
    command = [program, "serve", "--data", str(data), "--port", str(port), *words]
    server = Server(command, f"http://127.0.0.1:{port}", environment)
    try:
        server.begin()
        yield server
    finally:
        server.gone()


def test_it_starts_stops_and_finds_everything_again(tmp_path: Path) -> None:
    """The first start makes five providers and says what is due; the second one finds them, days later in the
    next month, and tells the rest of theirs."""
    now, data = tmp_path / "now", tmp_path / "data"
    now.write_text("2026-11-29T12:00:00Z")
    with serving(data, "--demo", UPHELD_CLOCK=str(now)) as server:
        first = server.stopped()
    assert "five providers" in first
    assert "Due next:" in first
    assert "next comes something about" in first
    assert "/api/v1" in first
    now.write_text("2026-12-02T12:00:00Z")
    with serving(data, "--demo", UPHELD_CLOCK=str(now)) as server:
        server.tells(", was ")
        second = server.stopped()
    assert '"level": "info"' not in first + second, "whoever watches is told what happens, not what is logged"
    assert "their month is told to its end" in second
    assert "a round of the demo failed" not in second
    assert "Traceback" not in first + second
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
    signs = [path.name for path in (tmp_path / "data" / "upheld.sqlite3-alive").iterdir()]
    assert signs == ["stopped"], "it came to its end, and was not cut off"


def test_nothing_is_left_of_a_server_that_is_killed(tmp_path: Path) -> None:
    """The process that serves does not outlive the one that started it, and the next server starts.

    Ctrl-C ends the stream of whoever listens to that at once, and cleanly: it has not said that it is still
    there, which it does after a while. Before that, `HEAD` is answered as it goes over the wire.
    """
    setup = "setup-" + "s" * 40
    with serving(tmp_path / "data") as server:
        server.killed()
    with serving(tmp_path / "data", UPHELD_SETUP_TOKEN=setup) as server:
        made = json.load(_ask(server, "/providers", setup, {"key": "acme", "name": "Acme"}))
        for path in ("/me", "/docs"):
            got, head = (_ask(server, path, made["token"], method=method) for method in ("GET", "HEAD"))
            assert int(head.headers["Content-Length"]) == len(got.read()) > 0
            assert head.read() == b""
        follow = {"Accept": "text/event-stream"}
        assert _ask(server, "/changes", made["token"], method="HEAD", **follow).read() == b""
        stream = _ask(server, "/changes", made["token"], **follow)
        assert stream.readline() == b"retry: 2000\n"
        assert "Traceback" not in server.stopped()
        assert stream.read() == b"\n"


def _works(data: Path, **environment: str) -> bool:
    """Whether anybody works, as the doctor says, who is a process of their own."""
    command = [str(Path(sys.executable).with_name("upheld")), "doctor", "--data", str(data)]
    env = {**os.environ, **environment}
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60).stdout
    assert ("no process works" in told) != ("1 process works" in told), told
    return "1 process works" in told


def test_who_died_without_leaving_is_silent_after_half_a_minute(tmp_path: Path) -> None:
    """Another process knows nothing of it but its last sign of life, by the clock of the server."""
    now, data = tmp_path / "now", tmp_path / "data"
    now.write_text("2026-06-05T12:00:00Z")
    with serving(data, UPHELD_CLOCK=str(now)) as server:
        server.died()
    for second, works in ((29, True), (30, False)):
        now.write_text(f"2026-06-05T12:00:{second}Z")
        assert _works(data, UPHELD_CLOCK=str(now)) is works


def _ask(
    server: Server, path: str, token: str, body: object = None, method: str | None = None, **headers: str
) -> Any:
    """An answer of the API, as it comes."""
    told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{server.address}/api/v1{path}", data, told, method=method)
    return urllib.request.urlopen(asked, timeout=60)


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
