"""Numbers that are not given: a table that came back from a backup would give some of them again."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model


def skip(model: type[Model], count: int) -> None:
    """Rows of a table have numbers from now on that are greater by so many than the last one given."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            cursor.execute(
                "SELECT setval(%s::regclass, nextval(%s::regclass) + %s)", [sequence, sequence, count]
            )
            return
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) "
            "SELECT %s, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
            [table, table],
        )
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
