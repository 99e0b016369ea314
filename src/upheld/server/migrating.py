"""The tables are brought up to date step by step: a step, and the note that it was made, is one transaction.

Whoever dies under way leaves a whole number of steps, and the next start goes on after them. Django by itself
notes a step that makes indices after it has committed it: who dies in between begins it again, and fails at
what is there already, at every start.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from upheld.server.environment import EnvironmentFaultError, unknown_migrations

_LOCK: Final = 0x75706865  # "uphe"
"""The number of the lock on PostgreSQL: of several servers that start at once one does it at a time."""


class _Whole(MigrationExecutor):
    """Makes steps whole or not at all."""

    def apply_migration(self, *words: Any, **named: Any) -> Any:
        """One step."""
        # SQLite can only be told outside of a transaction that tables are about to be made anew.
        with connection.constraint_checks_disabled(), transaction.atomic():
            return super().apply_migration(*words, **named)


def bring_tables_up_to_date() -> None:
    """Makes every step that is still to be made. EnvironmentFaultError if a newer program has made more."""
    with alone_with_tables(connection):
        if unknown := unknown_migrations():
            raise EnvironmentFaultError(
                f"a newer Upheld has used this database ({unknown[-1]}): install that version, or a newer one"
            )
        executor = _Whole(connection)
        executor.loader.check_consistent_history(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder itself is the lock: no file is made for it, and who dies lets go."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


@contextmanager
def alone_with_tables(way: Any) -> Iterator[None]:
    """No other process makes tables meanwhile, so no server that starts gets any further.

    On SQLite that may be `upheld admin` beside a first start. `way` is a connection, which the block leaves
    open.
    """
    if way.vendor != "postgresql":
        with _held(Path(way.settings_dict["NAME"]).parent):
            yield
        return
    with way.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
