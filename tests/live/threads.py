"""Threads of a test that do something at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection
from django.db.backends.utils import CursorWrapper


def together(*runs: Callable[[], None]) -> None:
    """Runs all of them at once; what one of them raises is raised here."""
    faults: list[BaseException] = []

    def run(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if faults:
        raise faults[0]


def waits_for_a_lock(cursor: CursorWrapper) -> None:
    """Returns when somebody waits for a lock of PostgreSQL; fails if nobody does within half a minute."""
    for _ in range(3_000):
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        if cursor.fetchone() != (0,):
            return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")
