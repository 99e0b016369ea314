"""The tables are brought up to date step by step, in one order."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from tests.core.worlds import fact
from tests.live.databases import Postgres, Sqlite
from tests.live.test_messages import LATE_AT, OPENED_AT, Office
from upheld.app.audit import audit
from upheld.server.environment import EnvironmentFaultError, migrate, missing_migrations
from upheld.server.migrating import bring_tables_up_to_date
from upheld.store import migrations
from upheld.store.models import Log


def test_each_step_follows_the_one_before() -> None:
    """Steps that were made at the same time are put one after another before they come together."""
    names = sorted(path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for before, name in pairwise(names):
        step = import_module(f"{migrations.__name__}.{name}").Migration
        assert [one for one in step.dependencies if one[0] == "store"] == [("store", before)], name


def test_on_sqlite_one_process_does_it_at_a_time(
    sqlite: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`upheld admin` beside a first start made the same table, and one of them failed at it."""
    held: list[bool] = []

    def look(*_: object, **__: object) -> None:
        folder = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(False)
        except BlockingIOError:
            held.append(True)
        finally:
            os.close(folder)

    with sqlite.fresh(tmp_path):
        monkeypatch.setattr("upheld.server.migrating.emit_post_migrate_signal", look)
        bring_tables_up_to_date()
    look()
    assert held == [True, False]


def test_tables_of_a_newer_version_are_left_alone(address: str) -> None:
    """An older program does not start on them: it would write what the newer one does not expect."""
    MigrationRecorder(connection).record_applied("store", "9999_to_come")
    with pytest.raises(
        EnvironmentFaultError, match=r"a newer Upheld has used this database \(store.9999_to_"
    ):
        bring_tables_up_to_date()


def test_a_database_that_does_not_answer_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts a server, or sets it up, learns that it is not a fault of the program."""

    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("upheld.server.environment.check_database", away)
    with pytest.raises(EnvironmentFaultError, match="the database cannot be reached: connection refused"):
        migrate()


BEFORE = "0021"
"""Behind this step a table is made, others are made anew, and walls are drawn otherwise."""


class DeathError(BaseException):
    """As if the process died: nothing behind it is told to the database any more."""


def _dying(before: Callable[[str, int], bool]) -> Callable[..., Any]:
    """Dies before a statement."""
    numbers, dead = count(1), list[str]()

    def told(execute: Callable[..., Any], sql: str, *words: Any) -> Any:
        if dead or before(sql, next(numbers)):
            dead.append(sql)
            raise DeathError(sql)
        return execute(sql, *words)

    return told


def _deaths() -> Iterator[Callable[[str, int], bool]]:
    """By turns where a step is noted, right after it was committed, and at any statement."""
    drawn, noted = Random(6), 'INSERT INTO "django_migrations"'
    while True:
        yield lambda sql, _: sql.startswith(noted)
        committed = list[str]()

        def behind(sql: str, _: int, committed: list[str] = committed) -> bool:
            if sql.startswith(noted):
                transaction.on_commit(partial(committed.append, sql))
            return bool(committed)

        yield behind
        if drawn.random() < 0.3:
            number = drawn.randrange(5, 40)
            yield lambda _, n, number=number: n == number


def _forget_the_connection() -> None:
    """What was not committed is gone, as where a process died; whatever the connection would do about it."""
    assert connection.connection is not None
    connection.connection.close()
    del connections["default"]


def _schema() -> list[tuple[Any, ...]]:
    """The tables with their columns, indices, triggers and rules."""
    if connection.vendor == "sqlite":
        told = ["type, name, tbl_name, sql FROM sqlite_master"]
    else:
        told = [
            "table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns",
            "tablename, indexname, indexdef FROM pg_indexes",
            "event_object_table, trigger_name, event_manipulation FROM information_schema.triggers",
            "tablename, policyname, qual, with_check FROM pg_policies",
            "conrelid::regclass::text, contype, pg_get_constraintdef(oid) FROM pg_constraint",
        ]
    with connection.cursor() as cursor:
        rows: list[tuple[Any, ...]] = []
        for sql in told:
            cursor.execute(f"SELECT {sql}")
            rows += cursor.fetchall()
    return sorted(rows, key=repr)


@pytest.mark.slow
def test_who_dies_while_tables_are_brought_up_to_date_goes_on_at_the_next_start(
    databases: Sqlite | Postgres, tmp_path: Path
) -> None:
    """Wherever it dies, so often as it may: the tables are those of who was left alone, and the logs, too."""
    with databases.fresh(tmp_path):
        office = Office()
        office.tell(fact("ticket.replied", OPENED_AT + 1, "T-1", by="human"), at=OPENED_AT + 1)
        logs = list(Log.objects.order_by("pk").values_list("name", "size", "peaks"))
        call_command("migrate", "store", BEFORE, verbosity=0)
        call_command("migrate", "store", verbosity=0)
        wanted = _schema()
        call_command("migrate", "store", BEFORE, verbosity=0)
        left, died = missing_migrations(), 0
        for before in _deaths():
            connection.ensure_connection()  # whatever else listens to it comes first, and goes last
            with connection.execute_wrapper(_dying(before)):
                try:
                    bring_tables_up_to_date()
                    break
                except DeathError:
                    died += 1
            _forget_the_connection()
        assert len(left) > 5
        assert died > len(left), "at least once for each of them"
        assert missing_migrations() == []
        assert _schema() == wanted
        assert [tuple(row) for row in Log.objects.order_by("pk").values_list("name", "size", "peaks")] == logs
        assert audit([]).faults == ()
        assert office.settle(LATE_AT) >= 0
        kept = {scope: states for scope, states in office.states().items() if states != "{}"}
        assert kept == office.expected(LATE_AT)
