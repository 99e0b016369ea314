"""Rows by thousands: a few statements for all of them, without an object for each.

PostgreSQL writes them while the next ones are computed; see `under_way`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from django.db import connection
from django.db.models import Model

from upheld.store.under_way import in_parts, send, table_of, type_of, under_way


def insert(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    keys: Sequence[str] = (),
    changes: Sequence[str] = (),
) -> None:
    """Writes rows with the values of these columns. Where `keys` are there already, `changes` are written.

    Without `changes` what is there stays. JSON is given as text. IntegrityError for a row that cannot be: in
    a block of `under_way`, at its end at the latest.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    then = ""
    if keys:
        changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in changes)
        then = f" ON CONFLICT ({', '.join(map(quote, keys))}) DO "
        then += f"UPDATE SET {changed}" if changes else "NOTHING"
    with under_way():
        for some in in_parts(rows):
            if connection.vendor == "postgresql":
                _insert_columns(model, table, dict(zip(names, zip(*some, strict=True), strict=True)), then)
                continue
            columns, marks = ", ".join(map(quote, names)), ", ".join(repeat("%s", len(names)))
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}){then}", some)  # noqa: S608  names of columns


def _insert_columns(model: type[Model], table: str, columns: dict[str, tuple[Any, ...]], then: str) -> None:
    """One statement, to which each column goes as an array; or as one value, if all rows have the same."""
    same = {name: column[0] for name, column in columns.items() if column.count(column[0]) == len(column)}
    own = {name: column for name, column in columns.items() if name not in same}
    if not own:  # as many rows as were given
        own, same = columns, {}
    quoted = ", ".join(map(connection.ops.quote_name, (*same, *own)))
    values = ", ".join((*(f"%s::{type_of(model, name)}" for name in same), "own.*"))
    rows, arrays = table_of(model, own)
    statement = f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {rows} AS own{then}"  # noqa: S608  names of columns
    send(statement, [*same.values(), *arrays])


def new_ids(model: type[Model], many: int) -> list[int]:
    """Ids that the next rows of a table can be given, in order; nobody else gets them.

    In a transaction that writes: on SQLite it is the only one.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0"  # asked once
            asked = f"SELECT nextval(name) FROM ({sequence}) AS own, generate_series(1, %s)"  # noqa: S608  as above
            cursor.execute(asked, [table, many])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = 1 + (last[0] if last else 0)
    return [*range(first, first + many)]
