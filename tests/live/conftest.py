"""A database for each test: migrated once, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from upheld.app.terms import forget


def use(path: Path) -> None:
    """Turns the default connection to a file."""
    connection.close()
    connection.settings_dict["NAME"] = str(path)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows."""
    path = tmp_path_factory.mktemp("template") / "upheld.sqlite3"
    use(path)
    call_command("migrate", verbosity=0)
    connection.close()
    return path


@contextmanager
def fresh(template: Path, folder: Path) -> Iterator[Path]:
    """A database without rows in a folder, in place of any that is there."""
    path = folder / "upheld.sqlite3"
    connection.close()
    shutil.copy(template, path)
    use(path)
    forget()
    with connection.cursor() as cursor:
        # What is not about crashes does not wait for the disk.
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield path
    finally:
        connection.close()


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A database of its own."""
    with fresh(template, tmp_path) as path:
        yield path
