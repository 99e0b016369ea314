"""Rows that each get other values: a few words for each, where those of Django take ten times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model

from upheld.store.under_way import in_parts, send, table_of, under_way


def update(rows: Iterable[Model], names: Sequence[str]) -> None:
    """Writes these columns of rows, which are all of one table and are there. JSON is not among them.

    It is awaited as what is inserted is.
    """
    quote = connection.ops.quote_name
    with under_way():
        for some in in_parts(rows):
            model = type(some[0])
            table, key = quote(model._meta.db_table), "id"
            if connection.vendor == "postgresql":
                own, arrays = table_of(
                    model, {name: [getattr(row, name) for row in some] for name in (key, *names)}
                )
                columns = ", ".join(f"{quote(name)} = own.{quote(name)}" for name in names)
                named = ", ".join(map(quote, (key, *names)))
                send(
                    f"UPDATE {table} SET {columns} FROM {own} AS own ({named}) WHERE {table}.id = own.id",  # noqa: S608  names of columns
                    arrays,
                )
                continue
            columns = ", ".join(f"{quote(name)} = %s" for name in names)
            values = [[getattr(row, name) for name in (*names, key)] for row in some]
            with connection.cursor() as cursor:
                cursor.executemany(f"UPDATE {table} SET {columns} WHERE id = %s", values)  # noqa: S608  names of columns
