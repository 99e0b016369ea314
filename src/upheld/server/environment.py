"""What a server needs before it starts: its folder, its key, its tables, a database that keeps its word."""

from __future__ import annotations

import os
import secrets
import sqlite3
from pathlib import Path
from typing import Any, Final

from upheld.server.databases import journal_mode

KEY_FILE: Final = "secret-key"
METRICS_FILE: Final = "metrics-token"
_MADE: Final = {"UPHELD_SECRET_KEY": KEY_FILE, "UPHELD_METRICS_TOKEN": METRICS_FILE}
"""What is made for a folder, unless the environment gives it."""
UNFINISHED: Final = "restore-unfinished"
"""Lies in a folder while what comes back from a backup takes its place: whoever dies then leaves it there."""
SETUP: Final = "UPHELD_SETUP_TOKEN"
"""The token with which providers are made by the API; without it nobody makes one there."""
SHORTEST_SETUP: Final = 32
_LENGTH: Final = 50
_DRAWN: Final[dict[str, str]] = {}
"""What was drawn for files of which nobody has said yet whether they are to be made."""


class EnvironmentFaultError(Exception):
    """The server cannot start here; the message says why, and what to do."""


def in_words(fault: Exception, folder: Path) -> str:
    """What an error says, for who set the server up: of a file its path, or else the folder of the server."""
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename or folder}: {fault.strerror[0].lower()}{fault.strerror[1:]}"
    return str(fault)


def prepare(folder: Path) -> None:
    """Makes the folder, and tells Django where it is, and its keys. OSError if that cannot be.

    Keys that are not there are drawn, and kept by `migrate`. EnvironmentFaultError for a setup token that
    could be guessed.
    """
    setup = os.environ.get(SETUP, "")
    if setup and len(setup) < SHORTEST_SETUP:
        raise EnvironmentFaultError(
            f"{SETUP}: write a random text of {SHORTEST_SETUP} characters or more, or nothing"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["UPHELD_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.server.settings")
    for name, file in _MADE.items():
        if name not in os.environ:
            os.environ[name] = _key(folder / file)
    import django

    from upheld.server.logs import configure

    configure()
    django.setup()


def migrate() -> None:
    """Brings the tables up to date, and what older versions keep in them; keeps the keys of a new database.

    EnvironmentFaultError for a database that does not keep what it says, cannot be reached, was used by a
    newer program or begun with other keys, and for half of what was to come back from a backup.
    """
    from django.conf import settings
    from django.db import DatabaseError

    from upheld.app.rebuild import bring_up_to_date
    from upheld.server.clock import clock
    from upheld.server.known_keys import agree_on_keys
    from upheld.server.migrating import bring_tables_up_to_date
    from upheld.store.reach import is_out_of_reach

    try:
        check_database()
    except DatabaseError as fault:
        if not is_out_of_reach(fault):
            raise
        raise EnvironmentFaultError(f"the database cannot be reached: {fault}") from None
    if (settings.DATA / UNFINISHED).exists():
        raise EnvironmentFaultError(
            "a backup was being brought back here, and that did not come to its end: do it again "
            "(upheld admin restore FOLDER), on PostgreSQL into a new database"
        )
    bring_tables_up_to_date()
    agree_on_keys(settings.DATA)
    bring_up_to_date(clock().now())


def unknown_migrations() -> list[str]:
    """What was done to the tables by a newer program than this one."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) not in loader.graph.nodes
    )


def missing_migrations() -> list[str]:
    """What is still to be done to the tables."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_database() -> None:
    """Reads back what the database says of itself. EnvironmentFaultError if it is not what was asked for.

    A journal mode that was asked for need not be the one in use, and a role that passes every wall has none;
    nor has one that may become such a role.
    Source: safety.md, findings 1 and 5.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = journal_mode(sqlite3.sqlite_version_info)
            found = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
            if (found.upper(), synchronous) != (wanted, 2):
                raise EnvironmentFaultError(
                    f"SQLite keeps its journal as {found} at sync level {synchronous}, not {wanted} at 2: "
                    "see that nobody else has the database open, and start again"
                )
            return
        cursor.execute("SELECT session_user")
        own = cursor.fetchone()[0]
        passing = roles_past_walls(cursor)
    if own in passing:
        raise EnvironmentFaultError(
            f"the role {own} of the database passes row-level security (SUPERUSER or BYPASSRLS): "
            "make one that does not, and name it in DATABASE_URL"
        )
    if passing:
        raise EnvironmentFaultError(
            f"the role {own} of the database may become {passing[0]}, which passes row-level security "
            f"(SUPERUSER or BYPASSRLS): take that from it (REVOKE {passing[0]} FROM {own}), or name in "
            "DATABASE_URL a role that is no member of such a one"
        )


def roles_past_walls(cursor: Any) -> list[str]:
    """The roles of PostgreSQL that no wall binds, of those that who asks is, or can take on by SET ROLE."""
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) "
        "AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname"
    )
    return [name for (name,) in cursor.fetchall()]


def is_drawn(file: str) -> bool:
    """Whether this process goes by a key that it has drawn, and not kept in its file."""
    from django.conf import settings

    own = {file: getattr(settings, name.removeprefix("UPHELD_")) for name, file in _MADE.items()}
    return file in _DRAWN and own[file] == _DRAWN[file]


def keep_what_was_drawn(folder: Path) -> None:
    """Writes the keys that were drawn, for nobody else to read. OSError.

    One that somebody else wrote meanwhile holds.
    """
    for name, file in _MADE.items():
        if is_drawn(file):
            _go_by(name, _kept(folder / file, _DRAWN.pop(file)))


def take_up_what_was_kept(folder: Path) -> None:
    """Goes by the keys that somebody has kept since this process drew its own, as a first start beside it."""
    for name, file in _MADE.items():
        if is_drawn(file) and (folder / file).exists():
            del _DRAWN[file]
            _go_by(name, _key(folder / file))


def _go_by(name: str, key: str) -> None:
    from django.conf import settings

    os.environ[name] = key
    setattr(settings, name.removeprefix("UPHELD_"), key)


def _key(path: Path) -> str:
    """A secret of this server; a drawn one where there is none."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    drawn = _DRAWN[path.name] = secrets.token_urlsafe(_LENGTH)
    return drawn


def _kept(path: Path, key: str) -> str:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
