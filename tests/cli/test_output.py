"""Files that commands write: whole or not at all, and never in the place of what is no file."""

from __future__ import annotations

import os
from pathlib import Path

from upheld.cli.output import write_whole


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    """As /dev/null is: whoever may write beside it would put a file in its place, for everybody."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Opened for both, so that neither side waits for the other to open it.
    ours = os.open(pipe, os.O_RDWR)
    write_whole(pipe, "all of it")
    assert pipe.is_fifo()
    assert os.read(ours, 100) == b"all of it"
    os.close(ours)
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """It takes the place of the one before, and nothing is left beside it."""
    path = tmp_path / "told"
    path.write_text("before")
    write_whole(path, "after")
    assert path.read_text() == "after"
    assert [one.name for one in tmp_path.iterdir()] == ["told"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    """What it leads to is written."""
    path, link = tmp_path / "out.txt", tmp_path / "link"
    link.symlink_to(path)
    write_whole(link, "told")
    assert link.is_symlink()
    assert path.read_text() == "told"
