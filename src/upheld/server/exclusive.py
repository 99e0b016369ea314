"""One embedded server to a ledger: two would each think that they alone decide, and alone send.

What is held is a file beside that of the database, for as long as this process lives or any that it has
forked: one that serves goes on for a moment after the one that started it was killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from upheld.server.databases import EMBEDDED
from upheld.server.environment import EnvironmentFaultError
from upheld.server.patience import tries

ENDING: Final = "-serving"
WITHIN_S: Final = 10.0
"""So long is waited for a server that was killed to let go."""


def hold_ledger(database: dict[str, Any], alone: bool) -> bool:
    """Holds the ledger of Django's settings of a database, until the end of this process.

    `alone`: nobody else may; otherwise others may that are not alone, either. PostgreSQL is for many, and is
    not held. Gives whether this process is alone. EnvironmentFaultError if somebody else holds it.
    """
    if database["ENGINE"] != EMBEDDED:
        return False
    if _hold(database, alone) is None:
        raise EnvironmentFaultError(
            f"another server works with {database['NAME']}: stop that one, give another --data, or share a "
            "PostgreSQL by DATABASE_URL"
        )
    return alone


@contextmanager
def standing_still(database: dict[str, Any]) -> Iterator[None]:
    """No server works with the ledger while the block runs, and none starts; on PostgreSQL nobody knows.

    EnvironmentFaultError if one does.
    """
    if database["ENGINE"] != EMBEDDED:
        yield
        return
    held = _hold(database, alone=True)
    if held is None:
        raise EnvironmentFaultError(f"a server works with {database['NAME']}: stop it first")
    try:
        yield
    finally:
        os.close(held)


def _hold(database: dict[str, Any], alone: bool) -> int | None:
    """What holds the file as long as it is open; None if somebody else does."""
    path = Path(f"{database['NAME']}{ENDING}")
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in tries(WITHIN_S):
        with suppress(BlockingIOError):
            fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            return held
    os.close(held)
    return None
