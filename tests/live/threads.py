"""Threads of a test that do something at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


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
