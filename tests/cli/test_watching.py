"""What is watched is looked at again when it changes, and only then; nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from upheld.cli.watching import state_of, watch


class Day:
    """What happens between two looks: one step each time, and then Ctrl-C."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = iter(steps)

    def __call__(self) -> None:
        step = next(self.steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in a folder of its own."""
    path = tmp_path / "a.yaml"
    path.write_text("one", encoding="utf-8")
    return path


def test_it_is_done_once_and_again_after_every_change(file: Path) -> None:
    """A new text, a file gone, a file back: each is one more time; a quiet rest is none."""
    seen: list[str] = []

    def once() -> Iterator[Path]:
        seen.append(file.read_text("utf-8") if file.exists() else "gone")
        yield file

    day = Day(
        lambda: None,
        lambda: file.write_text("changed", encoding="utf-8"),
        lambda: None,
        file.unlink,
        lambda: file.write_text("back", encoding="utf-8"),
        lambda: None,
    )
    watch([file], once, day)
    assert seen == ["one", "changed", "gone", "back"]


def test_what_changes_while_it_is_done_is_seen_by_the_next_look(file: Path) -> None:
    """A text that is written while the old one is being checked is checked as well."""
    seen: list[str] = []

    def once() -> Iterator[Path]:
        seen.append(file.read_text("utf-8"))
        if len(seen) == 1:
            file.write_text("written meanwhile", encoding="utf-8")
        yield file

    watch([file], once, Day())
    assert seen == ["one", "written meanwhile"]


def test_a_file_that_is_read_for_the_first_time_changes_nothing(file: Path, tmp_path: Path) -> None:
    """What `once` gives back besides what was asked for is watched from then on."""
    other, times = tmp_path / "other.yaml", []

    def once() -> Iterator[Path]:
        times.append(1)
        yield from (file, other)

    watch([file], once, Day(lambda: None, lambda: other.write_text("x", encoding="utf-8"), lambda: None))
    assert len(times) == 2


def test_of_a_folder_all_is_watched_but_what_is_hidden(tmp_path: Path, file: Path) -> None:
    """Files below a folder count with their sizes and times, hidden ones and folders do not."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_text("x", encoding="utf-8")
    assert list(state_of([tmp_path])) == [str(file)]
    assert state_of([file])[str(file)][1] == 3
