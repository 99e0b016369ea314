"""One embedded server to a ledger; of what is on PostgreSQL there may be many."""

from __future__ import annotations

import fcntl
import gc
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import granian
import pytest

from tests.live.test_backup import made_backup
from tests.live.test_sequence import NOW
from upheld.evidence.key_file import write_key
from upheld.evidence.keys import SigningKey
from upheld.server import exclusive, serve_command
from upheld.server.databases import database
from upheld.server.environment import EnvironmentFaultError
from upheld.server.exclusive import ENDING, hold_ledger, standing_still
from upheld.server.restore import restore
from upheld.server.signing import KEY_FILE

POSTGRES = "postgresql://upheld@db.example/upheld"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who lets go is waited for."""
    monkeypatch.setattr(exclusive, "WITHIN_S", 0)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[int]:
    """A file as another process has it open."""
    opened = os.open(tmp_path / f"upheld.sqlite3{ENDING}", os.O_RDWR | os.O_CREAT, 0o600)
    yield opened
    os.close(opened)


def test_a_second_server_does_not_start(tmp_path: Path, other: int) -> None:
    """It is told what to do instead; when the first one has gone, it starts."""
    fcntl.flock(other, fcntl.LOCK_EX)
    for alone in (True, False):
        with pytest.raises(EnvironmentFaultError, match="another server works with"):
            hold_ledger(database("", tmp_path), alone)
    fcntl.flock(other, fcntl.LOCK_UN)
    assert hold_ledger(database("", tmp_path), alone=True)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_parts_of_one_server_share_it(tmp_path: Path, other: int) -> None:
    """Web and worker may; a whole server beside them may not."""
    fcntl.flock(other, fcntl.LOCK_SH)
    assert not hold_ledger(database("", tmp_path), alone=False)
    with pytest.raises(EnvironmentFaultError):
        hold_ledger(database("", tmp_path), alone=True)


def test_postgresql_is_for_many(tmp_path: Path) -> None:
    """No file is made for it, and nobody is alone."""
    assert not hold_ledger(database(POSTGRES, tmp_path), alone=True)
    with standing_still(database(POSTGRES, tmp_path)):
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("address", "part", "works"),
    [("", "all", "alone"), ("", "web", ""), (POSTGRES, "all", "too"), (POSTGRES, "web", "")],
)
def test_who_may_not_be_alone_takes_up_what_others_left_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, part: str, works: str
) -> None:
    """On PostgreSQL another server may be sending, also beside a whole one."""
    monkeypatch.setenv("UPHELD_ADDRESS", "")
    monkeypatch.setenv("UPHELD_WORKS", "")
    for name in ("prepare", "migrate", "_check_ledger", "check_free"):
        monkeypatch.setattr(serve_command, name, lambda *_: None)
    monkeypatch.setattr(serve_command, "_database", lambda: database(address, tmp_path))
    monkeypatch.setattr(serve_command, "_serve", lambda _: 0)
    assert serve_command.main([part, "--data", str(tmp_path)]) == 0
    assert os.environ["UPHELD_WORKS"] == works


def test_nobody_starts_while_a_server_has_to_stand_still(tmp_path: Path, other: int) -> None:
    """Nor does it begin beside one that works; once it is over, the next one starts."""
    with standing_still(database("", tmp_path)), pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    refused = pytest.raises(EnvironmentFaultError, match=r"a server works with .*: stop it first")
    with refused, standing_still(database("", tmp_path)):
        pytest.fail("somebody works with it")


def test_nothing_is_restored_under_a_server(
    tmp_path: Path, other: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no memory of a signer is there to be held: on a new machine, started too soon."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("UPHELD_SECRET_KEY", "k" * 50)
    backup = made_backup(tmp_path / "old")
    write_key(tmp_path / KEY_FILE, SigningKey("upheld", b"k" * 32))
    fcntl.flock(other, fcntl.LOCK_SH)
    with pytest.raises(EnvironmentFaultError, match="stop it first"):
        restore(backup, tmp_path, NOW, replace=True)
    assert not list(tmp_path.glob("*before-*"))


def test_what_serves_holds_the_ledger_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is forked, however this Python begins processes: it may outlive who began it for a moment."""
    ways: list[str] = []

    class Served:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def serve(self) -> None:
            ways.append(multiprocessing.get_start_method())

    usual = multiprocessing.get_start_method()
    monkeypatch.setattr(granian, "Granian", Served)
    multiprocessing.set_start_method("spawn", force=True)
    try:
        serve_command._serve(serve_command._parser().parse_args(["--data", str(tmp_path)]))
    finally:
        multiprocessing.set_start_method(usual, force=True)
        gc.unfreeze()
    assert ways == ["fork"]
