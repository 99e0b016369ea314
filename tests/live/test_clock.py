"""The clock of the server can be a file, so that a fortnight passes in a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from upheld.core.timeline.instant import parse_instant
from upheld.server.clock import VARIABLE, FileClock, SystemClock, clock


def test_a_file_says_what_time_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands still until the file says another instant."""
    path = tmp_path / "now"
    path.write_text("2026-06-05T14:30:00Z\n")
    monkeypatch.setenv(VARIABLE, str(path))
    found = clock()
    assert isinstance(found, FileClock)
    assert found.now() == found.now() == parse_instant("2026-06-05T14:30:00Z")
    path.write_text("2026-06-05T14:31:00Z")
    assert found.now() == parse_instant("2026-06-05T14:31:00Z")


def test_without_a_file_the_machine_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the machine goes on."""
    monkeypatch.delenv(VARIABLE, raising=False)
    found = clock()
    assert isinstance(found, SystemClock)
    assert found.now() <= found.now()
