"""Real databases for tests: a copy of a migrated file, or a cluster of PostgreSQL started for them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg.pq import TransactionStatus

import upheld
from upheld.app.terms import forget
from upheld.server import environment
from upheld.server.databases import database
from upheld.store import walls

Made = TypeVar("Made")
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
ROLE = "upheld"
BEYOND = "upheld_tests"
"""The role in which a test itself asks where it stands between no walls: policies do not bind it."""
LOOKING = "upheld_looking"
"""As whom a test signs in, to act as `ROLE` and look as `BEYOND`; a server that it starts is `ROLE` alone."""
PROGRAM: Final = str(Path(upheld.__file__).parent)
TESTS: Final = tuple(str(Path(__file__).parents[2] / name) for name in ("tests", "benchmarks"))
ROOM = 2 * 1024**3
"""Bytes for clusters of all workers, of which each copies a few databases of ten megabytes at a time."""


def use(settings: dict[str, Any]) -> None:
    """Turns the default connection to a database."""
    if "default" in connections.settings:
        connections["default"].close()
    if settings.get("USER") == ROLE:
        settings = {**settings, "USER": LOOKING}
    connections.settings["default"] = connections.configure_settings({"default": settings})["default"]
    if hasattr(connections._connections, "default"):
        del connections["default"]
    forget()


def _beyond_walls(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """What a test itself asks is asked beyond the walls, unless it stands between some; nothing else is.

    So tests set up and look as they like, and what the program forgets to say is noticed.
    """
    if walls._STANDING.walls is not None or not _is_asked_by_a_test() or not _is_about_rows(sql):
        return execute(sql, params, many, context)
    found = context["connection"].connection
    found.execute(f"SET ROLE {BEYOND}")
    try:
        return execute(sql, params, many, context)
    finally:
        if found.info.transaction_status != TransactionStatus.INERROR:  # else it ends with the transaction
            found.execute("RESET ROLE")


def _past_walls(cursor: Any) -> list[str]:
    """As the program finds them, but for the role of the tests."""
    return [name for name in _PAST_WALLS(cursor) if name != BEYOND]


_PAST_WALLS: Final = environment.roles_past_walls
environment.roles_past_walls = _past_walls


def _is_about_rows(sql: str) -> bool:
    return sql.lstrip("( ").startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN"))


def _is_asked_by_a_test() -> bool:
    """Whether whoever asks, past all that is no code of this repository, is a test."""
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith((PROGRAM, *TESTS)) and path != __file__:
            return path.startswith(TESTS)
        frame = frame.f_back  # type: ignore[assignment]  # there is one, or the loop ends
    return False


@receiver(connection_created)
def look_beyond(connection: BaseDatabaseWrapper, **_: object) -> None:
    """As above, on every connection to PostgreSQL of this process."""
    if connection.vendor == "postgresql" and _beyond_walls not in connection.execute_wrappers:
        connection.execute_wrappers.append(_beyond_walls)


class Sqlite:
    """A migrated file, copied for each test. What is not about crashes does not wait for the disk."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        use(database(f"sqlite://{self.template}", folder))
        call_command("migrate", verbosity=0)
        connection.close()
        self._made: dict[object, tuple[Path, Any]] = {}

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """A database without rows, by its address."""
        with self._copied(self.template, folder) as address:
            yield address

    @contextmanager
    def with_rows(self, folder: Path, make: Callable[[], Made]) -> Iterator[Made]:
        """A database with what is made, which is made once and copied with its rows."""
        if make not in self._made:
            with self.fresh(folder):
                found = make()
            path = self.template.with_name(f"{len(self._made)}.sqlite3")
            shutil.copy(folder / "upheld.sqlite3", path)
            self._made[make] = path, found
        path, found = self._made[make]
        with self._copied(path, folder):
            yield deepcopy(found)

    @contextmanager
    def _copied(self, template: Path, folder: Path) -> Iterator[str]:
        path = folder / "upheld.sqlite3"
        shutil.copy(template, path)
        use(database(f"sqlite://{path}", folder))
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
        try:
            yield f"sqlite://{path}"
        finally:
            connection.close()


def _in_memory() -> str | None:
    """Where files are in memory, if there is room: a copy of a database has a thousand of them."""
    shared = Path("/dev/shm")  # what is put there has a name that nobody can foresee
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


class Postgres:
    """A cluster of its own in a folder of its own, reached by a socket there; stopped with `stop`.

    A `durable` one waits for the disk and sweeps up behind itself, as one that is in use does.
    """

    def __init__(self, *, durable: bool = False) -> None:
        if not PROGRAMS:
            raise RuntimeError("there is no PostgreSQL: apt-get install postgresql")
        self.home = Path(tempfile.mkdtemp(prefix="upheld-pg-", dir=None if durable else _in_memory()))
        self.home.chmod(0o755)
        self._as_root = os.getuid() == 0
        if self._as_root:
            user = pwd.getpwnam("postgres")
            os.chown(self.home, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        # A crash of the cluster loses nothing that the machine was told; only one of the machine would.
        quick = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c dynamic_shared_memory_type=mmap"
        reach = f"-c listen_addresses='' -c unix_socket_directories={self.home} -c max_connections=60"
        options = reach if durable else f"{reach} {quick}"
        self._run("pg_ctl", "-D", "data", "-w", "-o", options, "-l", "log", "start")
        self._sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        self._sql(f"CREATE ROLE {BEYOND} BYPASSRLS")
        self._sql(f"CREATE ROLE {LOOKING} LOGIN")
        self._sql(f"GRANT {ROLE}, {BEYOND} TO {LOOKING}")
        self._sql(f"ALTER ROLE {LOOKING} SET role = {ROLE}")
        for what in ("TABLES", "SEQUENCES"):
            self._sql(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {ROLE} GRANT ALL ON {what} TO {BEYOND}", "template1"
            )
        self._sql(f"CREATE DATABASE template_upheld OWNER {ROLE}")
        use(database(self.address("template_upheld"), self.home))
        call_command("migrate", verbosity=0)
        connection.close()
        self._count = 0
        self._made: dict[object, tuple[str, Any]] = {}

    def address(self, name: str, role: str = ROLE) -> str:
        """The address of a database of the cluster."""
        return f"postgresql://{role}@/{name}?host={self.home}"

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """A database without rows, by its address."""
        with self._copied("template_upheld", folder) as address:
            yield address

    @contextmanager
    def with_rows(self, folder: Path, make: Callable[[], Made]) -> Iterator[Made]:
        """A database with what is made, which is made once and copied with its rows."""
        if make not in self._made:
            name = f"template_{len(self._made)}"
            self._copy("template_upheld", name)
            use(database(self.address(name), folder))
            self._made[make] = name, make()
            connection.close()
        name, found = self._made[make]
        with self._copied(name, folder):
            yield deepcopy(found)

    @contextmanager
    def _copied(self, template: str, folder: Path) -> Iterator[str]:
        self._count += 1
        name = f"upheld_{self._count}"
        self._copy(template, name)
        use(database(self.address(name), folder))
        try:
            yield self.address(name)
        finally:
            connection.close()
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, name: str) -> str:
        """A database without tables, by its address; it goes with the cluster."""
        self._sql(f"CREATE DATABASE {name} OWNER {ROLE}")
        return self.address(name)

    def without_constraints(self, name: str, statements: Iterable[str]) -> None:
        """Statements in a database of the cluster, whose rows need not be such as the program would write."""
        with psycopg.connect(f"host={self.home} user=postgres dbname={name}", autocommit=True) as found:
            checks = (
                "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0"
            )
            for table, check in found.execute(checks).fetchall():
                if table.startswith("store_"):
                    found.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
            found.execute("SET session_replication_role = replica")
            for statement in statements:
                found.execute(statement)

    def restart(self) -> None:
        """Stops the cluster as a crash would, and starts it again."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "-t", "150", "-l", "log", "restart")

    def stop(self) -> None:
        """Stops the cluster and removes it."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def _copy(self, template: str, name: str) -> None:
        # Files that nobody waits for are copied faster than what is in them is written to a log.
        how = "" if int(PROGRAMS[0].parent.name) < 15 else "STRATEGY FILE_COPY"
        self._sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template} {how}")

    def _sql(self, statement: str, name: str = "postgres") -> None:
        with psycopg.connect(f"host={self.home} user=postgres dbname={name}", autocommit=True) as found:
            found.execute(statement)

    def _run(self, program: str, *words: str) -> None:
        command = [str(PROGRAMS[0] / program), *words]
        user = "postgres" if self._as_root else None
        done = subprocess.run(command, cwd=self.home, user=user, capture_output=True, text=True, timeout=160)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
