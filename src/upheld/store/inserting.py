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
    table = quote(model._meta.db_table)
    then = ""
    if keys:
        changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in changes)
        then = f" ON CONFLICT ({', '.join(map(quote, keys))}) DO "
        then += f"UPDATE SET {changed}" if changes else "NOTHING"
    if connection.vendor == "postgresql":
        _insert_columns(model, table, dict(zip(names, zip(*rows, strict=True), strict=True)), then)
        return
    columns, marks = ", ".join(map(quote, names)), ", ".join(repeat("%s", len(names)))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}){then}", rows)  # noqa: S608  names of columns


def _insert_columns(model: type[Model], table: str, columns: dict[str, tuple[Any, ...]], then: str) -> None:
    """One statement, to which each column goes as an array; or as one value, if all rows have the same."""
    from psycopg import Cursor  # here: where there is none, SQLite is used

    same = {name: column[0] for name, column in columns.items() if column.count(column[0]) == len(column)}
    own = {name: column for name, column in columns.items() if name not in same}
    if not own:  # as many rows as were given
        own, same = columns, {}
    quoted = ", ".join(map(connection.ops.quote_name, (*same, *own)))
    values = ", ".join((*(f"%s::{_type(model, name)}" for name in same), "own.*"))
    arrays = ", ".join(f"%b::{_type(model, name)}[]" for name in own)
    statement = f"INSERT INTO {table} ({quoted}) SELECT {values} FROM unnest({arrays}) AS own{then}"  # noqa: S608  names of columns
    # Django's cursor writes values into the text of a statement, which takes ten times as long.
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement, [*same.values(), *map(list, own.values())])


@lru_cache(maxsize=256)
def _type(model: type[Model], name: str) -> str:
    """The type of a column, as PostgreSQL calls it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = str(fields[name].db_type(connection)).partition("(")[0]
    return "text" if found in _AS_TEXT else found
