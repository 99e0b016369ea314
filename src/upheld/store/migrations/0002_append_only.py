"""What was recorded can be added to and read, and nothing else, whoever asks the database."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import REFUSE, REFUSED, append_only

TABLE = "store_recordedfact"


def protect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A trigger refuses every change of a recorded fact."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
    append_only(editor, TABLE)


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    if editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            editor.execute(f"DROP TRIGGER {TABLE}_no_{verb.lower()}")
        return
    editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
    editor.execute(f"DROP FUNCTION {REFUSE}()")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_ledger")]
    operations = [migrations.RunPython(protect, release)]
