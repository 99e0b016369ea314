"""On PostgreSQL the keys of rows that come by thousands are checked with their statement, not at the end.

While it checks them the next rows are computed; at the end of the transaction everybody would wait. That there
is the provider whom such a row names is not asked row by row: the wall of its table says which one it is.
Source: decision 29.
"""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES: Final = ("recordedfact", "standingfact", "scoperow", "restrow", "change", "message")
PROVIDER: Final = "provider_id"
AT_ONCE: Final = ("log_id", "recorded_id", "scope_id", "person_id", "reach_id", "page_id")
"""Not what may be empty and goes with what it names: of those Django takes away the one that is named first."""


def _keys(editor: BaseDatabaseSchemaEditor) -> list[tuple[str, str, str]]:
    """The table, the name and the column of each of their keys to other tables."""
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, attname FROM pg_constraint "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] "
            "WHERE contype = 'f' AND conrelid = ANY(%s::text[]::regclass[])",
            [[f"store_{table}" for table in TABLES]],
        )
        return list(cursor.fetchall())


def at_once(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite has nobody to wait for."""
    if editor.connection.vendor != "postgresql":
        return
    for table, name, column in _keys(editor):
        if column == PROVIDER:
            editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        elif column in AT_ONCE:
            editor.execute(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY IMMEDIATE')


def at_the_end(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    if editor.connection.vendor != "postgresql":
        return
    for table, name, _ in _keys(editor):
        editor.execute(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED')
    editor.execute("SELECT set_config('upheld.every', 'yes', true)")  # their rows are read
    for table in TABLES:
        editor.execute(
            f"ALTER TABLE store_{table} ADD CONSTRAINT store_{table}_of_provider FOREIGN KEY ({PROVIDER}) "
            "REFERENCES store_provider (id) DEFERRABLE INITIALLY DEFERRED"
        )
    editor.execute("SELECT set_config('upheld.every', '', true)")


class Migration(migrations.Migration):
    dependencies = [("store", "0028_found_by_what_is_asked")]
    operations = [migrations.RunPython(at_once, at_the_end)]
