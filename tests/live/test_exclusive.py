"""One embedded server to a ledger; of what is on PostgreSQL there may be many."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from upheld.server import exclusive
from upheld.server.databases import database
from upheld.server.environment import EnvironmentFaultError
from upheld.server.exclusive import ENDING, hold_ledger


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who lets go is waited for."""
    monkeypatch.setattr(exclusive, "WAITS", 1)


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
    hold_ledger(database("", tmp_path), alone=True)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_parts_of_one_server_share_it(tmp_path: Path, other: int) -> None:
    """Web and worker may; a whole server beside them may not."""
    fcntl.flock(other, fcntl.LOCK_SH)
    hold_ledger(database("", tmp_path), alone=False)
    with pytest.raises(EnvironmentFaultError):
        hold_ledger(database("", tmp_path), alone=True)


def test_postgresql_is_for_many(tmp_path: Path) -> None:
    """No file is made for it."""
    hold_ledger(database("postgresql://upheld@db.example/upheld", tmp_path), alone=True)
    assert not list(tmp_path.iterdir())
