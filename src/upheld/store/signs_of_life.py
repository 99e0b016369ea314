"""Signs of life of the processes that work: rows on PostgreSQL, on SQLite files beside that of the database.

A sign in the database would be a commit every few seconds for as long as a server runs, and on SQLite each
one makes every loop ask anew what is to be done.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from django.db import connection

from upheld.core.timeline.instant import Duration, Instant
from upheld.store.locking import writing
from upheld.store.models import Beat

ENDING: Final = "-alive"
"""The folder has the name of the database with this behind it, and a file in it that of a process. When that
was changed, as the file system says, is the instant of its last sign."""
_STOPPED: Final = "stopped"
"""In place of a process: when one was last stopped as asked. No process is called so, see `Worker`."""
_NS: Final = 1_000


def give_sign(name: str, at: Instant, kept_us: Duration) -> None:
    """A process works at an instant. Signs are forgotten that are older than so long. OSError."""
    folder = _folder()
    if folder is None:
        with writing():
            Beat.objects.filter(at__lt=at - kept_us).delete()
            if not Beat.objects.filter(name=name).update(at=at):
                Beat.objects.bulk_create([Beat(name=name, at=at)], ignore_conflicts=True)
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(_file(folder, name), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.utime(descriptor, ns=(at * _NS, at * _NS))
    finally:
        os.close(descriptor)
    for path, last_at in _files(folder):
        if last_at < at - kept_us:
            path.unlink(missing_ok=True)


def end_signs(name: str, at: Instant, kept_us: Duration) -> None:
    """A process was stopped as asked: what is left of it is when that was. OSError."""
    give_sign(_STOPPED, at, kept_us)
    folder = _folder()
    if folder is None:
        Beat.objects.filter(name=name).delete()
    else:
        _file(folder, name).unlink(missing_ok=True)


def signs_since(after_at: Instant) -> int:
    """How many processes gave a sign after an instant, and were not stopped."""
    return sum(at > after_at for name, at in _signs() if name != _STOPPED)


def last_sign() -> Instant | None:
    """When a process last worked, as far as signs say; None if none is known."""
    return max((at for _, at in _signs()), default=None)


def _signs() -> Iterator[tuple[str, Instant]]:
    folder = _folder()
    if folder is None:
        yield from Beat.objects.values_list("name", "at")
    else:
        yield from ((path.name, at) for path, at in _files(folder))


def _folder() -> Path | None:
    """Where the signs are; None: in the database."""
    if connection.vendor != "sqlite":
        return None
    return Path(f"{connection.settings_dict['NAME']}{ENDING}")


def _file(folder: Path, name: str) -> Path:
    return folder / quote(name, safe="")


def _files(folder: Path) -> Iterator[tuple[Path, Instant]]:
    """The files that are there, each with the last sign."""
    for path in folder.glob("*"):
        try:
            yield path, path.stat().st_mtime_ns // _NS
        except FileNotFoundError:  # that process was just stopped
            continue
