"""A database as one file, at one moment, while others use it; and a database from such a file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any, Final

SQLITE: Final = "upheld.sqlite3"
POSTGRES: Final = "upheld.pgdump"
_AS_SEEN: Final = ("--enable-row-security", "--inserts", "--rows-per-insert=500")
"""What is kept is what the role of the server sees; COPY passes no policies."""
_OVER_EVERY: Final = "-c upheld.every=yes"
"""What the session of the dump says, to see the rows of every provider."""


_MADE: Final = """
SELECT format('DROP TABLE %s CASCADE', pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
UNION ALL
SELECT format('DROP ROUTINE %s CASCADE', pg_proc.oid::regprocedure)
FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
"""
"""How each table is taken away, and then each function that they use."""


class DumpError(Exception):
    """A database could not be written or read; the message says what the program said."""


def dump_sqlite(database: Path, into: Path) -> None:
    """A copy as of one moment, by SQLite itself: who writes meanwhile waits, nobody reads half of anything.

    DumpError.
    """
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as found:
            found.execute("VACUUM INTO ?", (str(into),))
    except sqlite3.Error as fault:
        raise DumpError(f"{database}: {fault}") from None
    into.chmod(0o600)


def check_sqlite(database: Path) -> None:
    """DumpError unless a file is a database of SQLite that is whole."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as found:
            told = [row[0] for row in found.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as fault:
        raise DumpError(f"{database.name}: {fault}") from None
    if told != ["ok"]:
        raise DumpError(f"{database.name}: {'; '.join(told)}")


def dump_postgres(settings: dict[str, Any], into: Path) -> None:
    """A dump by `pg_dump`, as of one moment. DumpError."""
    _run("pg_dump", settings, "--format=custom", "--no-owner", *_AS_SEEN, f"--file={into}")
    into.chmod(0o600)


def load_postgres(settings: dict[str, Any], dump: Path) -> None:
    """A dump into an empty database, whole or not at all, by `pg_restore`. DumpError."""
    _run("pg_restore", settings, "--no-owner", "--exit-on-error", "--single-transaction", f"{dump}")


def made_in(way: Any) -> list[str]:
    """What tables and functions are in a database of PostgreSQL, each by the statement that takes it away.

    `way` is a connection, here and below.
    """
    with way.cursor() as cursor:
        cursor.execute(_MADE)
        return [row[0] for row in cursor.fetchall()]


def take_out(way: Any, before: Collection[str]) -> None:
    """Whatever was loaded is taken out of a database again; what was there `before` stays."""
    with way.cursor() as cursor:
        for statement in made_in(way):
            if statement not in before:
                cursor.execute(statement)


def _run(program: str, settings: dict[str, Any], *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise DumpError(f"there is no {program} here: install the client programs of PostgreSQL")
    said = {
        "PGPASSWORD": settings["PASSWORD"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {_OVER_EVERY}".strip(),
    }
    environment = {**os.environ, **{name: value for name, value in said.items() if value}}
    command = [found, f"--dbname={settings['NAME']}", *words]
    done = subprocess.run(  # noqa: S603  the program of PostgreSQL, with our own words
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpError(f"{program}: {done.stderr.strip() or done.returncode}")
