"""Whether the database did not answer: it restarts, is taken by others, is not there, or has given us up.

Or the disk below it failed: it is not known what was written then, either.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from django.db import Error, InterfaceError, OperationalError

_AWAY: Final = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
)
_GIVEN_UP: Final = "25P03"
"""The SQLSTATE of PostgreSQL for who stood still in the middle of a transaction."""


def is_out_of_reach(fault: BaseException) -> bool:
    """Whether an error says so; not what SQLite refuses otherwise, such as a table that it has not."""
    if isinstance(fault, InterfaceError):
        return True
    if isinstance(fault, Error) and getattr(fault.__cause__, "sqlstate", None) == _GIVEN_UP:
        return True
    if not isinstance(fault, OperationalError):
        return False
    cause = fault.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in _AWAY
    return True
