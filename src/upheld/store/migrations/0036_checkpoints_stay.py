"""What was signed of a log can be added to and read, and nothing else; changes go by their age alone."""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import append_only, refuse_on_postgresql

CHECKPOINTS: Final = "store_checkpoint"
CHANGES: Final = "store_change"


def protect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers refuse every change of a checkpoint, and to empty the table of changes at once."""
    append_only(editor, CHECKPOINTS)
    if editor.connection.vendor == "postgresql":  # SQLite has no such verb; what is old is deleted
        refuse_on_postgresql(editor, CHANGES, "TRUNCATE")


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    if editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {CHECKPOINTS}_no_{verb}")
        return
    for table in (CHECKPOINTS, CHANGES):
        editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")


class Migration(migrations.Migration):
    dependencies = [("store", "0035_changes_of_whose_they_were")]
    operations = [migrations.RunPython(protect, release)]
