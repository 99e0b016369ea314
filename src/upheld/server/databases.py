"""Which database: SQLite in a folder by default, PostgreSQL where an address says so."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

PATCHED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases of SQLite from which on, in their series, two connections cannot corrupt a write-ahead log."""

EMBEDDED: Final = "upheld.store.embedded"
"""Django's name of the backend of the file."""
JOURNALS: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file, by how their names end."""
IDLE: Final = "-c idle_in_transaction_session_timeout=60s"
"""Who stands still in the middle of a transaction loses it, and what others wait for: nothing is changed.
Whoever is at work is never silent for so long."""


class AddressError(ValueError):
    """The address of a database cannot be used; the message says what to write."""


def journal_mode(version: tuple[int, int, int]) -> str:
    """How SQLite of a version may keep its journal. Source: the WAL-reset race, sqlite.org 3.51.3."""
    newest = version >= PATCHED[0]
    backported = any(version[:2] == one[:2] and version >= one for one in PATCHED[1:])
    return "WAL" if newest or backported else "DELETE"


def database(address: str, folder: Path) -> dict[str, Any]:
    """Django's settings of the database at an address; an empty one is the file in a folder.

    AddressError if the address is of another kind.
    """
    if not address:
        return _sqlite(folder / "upheld.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise AddressError(
            f"DATABASE_URL: `{parts.scheme or address[:40]}` is no database that Upheld keeps its ledger in: "
            "write postgresql://USER:PASSWORD@HOST/NAME, or nothing for SQLite"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["options"] = f"{IDLE} {options.get('options', '')}".strip()  # the last one holds
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    mode = journal_mode(sqlite3.sqlite_version_info)
    return {
        "ENGINE": EMBEDDED,
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": f"PRAGMA journal_mode={mode}; PRAGMA synchronous=FULL; PRAGMA mmap_size=0",
        },
        "TEST": {"NAME": str(path)},
    }
