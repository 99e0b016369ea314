"""Rows by thousands: one statement for all of them, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Final

from django.db import connection
from django.db.models import Model

_AS_TEXT: Final = ("varchar", "char")
"""To cast to a type with a length cuts a text off without a word; to insert one that is too long fails."""


def insert(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    keys: Sequence[str] = (),
    changes: Sequence[str] = (),
) -> None:
    """Writes rows with the values of these columns. Where `keys` are there already, `changes` are written.

    Without `changes` what is there stays. JSON is given as text. IntegrityError for a row that cannot be.
    """
    if not rows:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    table = quote(model._meta.db_table)
    then = ""
    if keys:
        changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in changes)
        then = f" ON CONFLICT ({', '.join(map(quote, keys))}) DO "
        then += f"UPDATE SET {changed}" if changes else "NOTHING"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_array_type(model, name)}" for name in names)
            values = [list(column) for column in zip(*rows, strict=True)]
            statement = f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays}){then}"  # noqa: S608  names of columns
            cursor.execute(statement, values)
            return
        marks = ", ".join(repeat("%s", len(names)))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}){then}", rows)  # noqa: S608  names of columns


@lru_cache(maxsize=256)
def _array_type(model: type[Model], name: str) -> str:
    """The type of an array of a column, as PostgreSQL calls it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = str(fields[name].db_type(connection)).partition("(")[0]
    return f"{'text' if found in _AS_TEXT else found}[]"
