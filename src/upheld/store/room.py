"""Whether what the database refused is for want of room: then nothing was written, and all can be read."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT))
_DISK_FULL: Final = "53100"
"""The SQLSTATE of PostgreSQL."""


def is_for_want_of_room(fault: BaseException) -> bool:
    """Whether an error, or what it came from, says that the disk is full."""
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _FULL:
            return True
        if getattr(seen, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(seen, "sqlstate", None) == _DISK_FULL:
            return True
        seen = seen.__cause__
    return False
