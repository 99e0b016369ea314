"""A full disk is told of, also where nobody writes, and costs no more room in the log than it has to."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog

from tests.live.test_worker import channels_to
from upheld.core.timeline.instant import MINUTE, SECOND
from upheld.server import room, worker
from upheld.server.clock import SystemClock
from upheld.server.databases import database
from upheld.server.room import FULL, NO_SIGN, ROOM, Room


def test_what_was_refused_is_told_for_a_minute_or_until_something_is_written(tmp_path: Path) -> None:
    """The last of it counts."""
    found, settings = Room(), database("", tmp_path)
    assert found.lacking(settings, 0) == []
    found.refused(NO_SIGN, SECOND)
    found.refused(FULL, 2 * SECOND)
    assert found.lacking(settings, MINUTE + SECOND) == [FULL]
    assert found.lacking(settings, MINUTE + 2 * SECOND) == []
    found.refused(FULL, 2 * MINUTE)
    found.wrote()
    assert found.lacking(settings, 2 * MINUTE) == []


def test_a_disk_without_room_is_told_of_though_nobody_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database is a file; that of PostgreSQL may be on another machine."""
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: SimpleNamespace(free=room.LEAST - 1))
    assert Room().lacking(database("", tmp_path), 0) == [FULL]
    assert Room().lacking(database("postgresql://x/y", tmp_path), 0) == []


def test_a_loop_without_room_tries_again_after_a_pause_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try is one line of the log, and what comes after it goes at its own pace again."""
    one = worker.Worker(SystemClock(), channels_to(1))
    left, waited = [True] * 6 + [False], list[float]()

    def turn() -> bool:
        if left.pop(0):
            raise OSError(errno.ENOSPC, "no space")
        one._stop.set()
        return False

    monkeypatch.setattr(one, "_rest", lambda name, wait_s: waited.append(wait_s))
    with structlog.testing.capture_logs() as logged:
        one._loop("wake", turn, None)
    assert waited == [0.5, 1, 2, 4, 5, 5, worker.WAITS_S["wake"]]
    assert [one["event"] for one in logged] == ["there is no room, and a loop tries again"] * 6
    assert not any("exc_info" in one for one in logged)
    assert ROOM.lacking(database("postgresql://x/y", Path()), worker.ticks()) == [FULL]
    ROOM.wrote()
