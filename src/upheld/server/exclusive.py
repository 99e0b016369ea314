"""One embedded server to a ledger: two would each think that they alone decide, and alone send.

What is held is a file beside that of the database, for as long as this process lives or any that it has
forked: one that serves goes on for a moment after the one that started it was killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from upheld.server.databases import EMBEDDED
from upheld.server.environment import EnvironmentFaultError

ENDING: Final = "-serving"
WAITS: Final = 40
"""So often it is looked whether a server that was killed has let go, which it does by itself."""
WAIT_S: Final = 0.25


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
    pause = threading.Event()
    for left in reversed(range(WAITS)):
        try:
            fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            return held
        except BlockingIOError:
            if left:
                pause.wait(WAIT_S)
    os.close(held)
    return None
