"""Django's backend of SQLite, with one addition: a process whose disk refuses to sync ends at once.

What was written before a sync that failed may be on the disk or not, and the next sync may say that all is
well without it: whoever went on would acknowledge what is not kept. So nobody goes on. The next start reads
what is really there. Source: safety.md, "fsync returns EIO once".
"""

from __future__ import annotations

import os
import sqlite3
from types import TracebackType
from typing import Final, NoReturn

import structlog
from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

DISK_FAILED: Final = 74
"""With this a process ends (EX_IOERR of sysexits.h)."""
_UNSYNCED: Final = frozenset((sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection: every statement and every commit passes through `wrap_database_errors`."""

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        """Makes errors of SQLite those of Django, unless the process ends for one."""
        return _Watching(self)


class _Watching(DatabaseErrorWrapper):
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if getattr(exc_value, "sqlite_errorcode", None) in _UNSYNCED:
            _end(str(exc_value))
        super().__exit__(exc_type, exc_value, traceback)


def _end(why: str) -> NoReturn:
    """Without a last word to the database, or to whoever waits for an answer."""
    structlog.get_logger("upheld.store").critical(
        "the disk did not keep what was written; this process ends, and the next start reads what is there",
        why=why,
    )
    os._exit(DISK_FAILED)
