"""Statements that tell nothing back, sent one after the other without waiting for the end of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def together() -> Iterator[None]:
    """Sends what is written in this block to PostgreSQL at once, and waits at its end. Nothing is read in it.

    What is wrong with a statement, an IntegrityError say, is raised at the end of the block at the latest.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
