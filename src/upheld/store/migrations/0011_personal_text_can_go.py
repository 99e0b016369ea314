"""Of what was recorded the personal text and its salt can be taken away; everything else stays as it is."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import REFUSE, refuse_on_postgresql, refuse_on_sqlite

TABLE = "store_recordedfact"
KEPT = (
    "id", "provider_id", "position", "log_id", "index", "source", "fact_id", "type", "recorded_at", "actor",
    "entry", "leaf", "corrects_source", "corrects_id",
)  # fmt: skip
INDEX = "recorded_with_personal"


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The trigger looks at what an update changes."""
    if editor.connection.vendor == "sqlite":
        same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in KEPT)
        editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        changed = f"NOT (NEW.personal IS NULL AND NEW.salt IS NULL AND {same})"
        refuse_on_sqlite(editor, TABLE, "UPDATE", changed)
    else:
        before, after = (", ".join(f'{row}."{name}"' for name in KEPT) for row in ("OLD", "NEW"))
        editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
        refuse_on_postgresql(editor, TABLE, "DELETE OR TRUNCATE")
        editor.execute(
            f"CREATE TRIGGER {TABLE}_only_erased BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN (NEW.personal IS NOT NULL OR NEW.salt IS NOT NULL OR ({before}) IS DISTINCT FROM ({after})) "
            f"EXECUTE FUNCTION {REFUSE}()"
        )
    editor.execute(f"CREATE INDEX {INDEX} ON {TABLE} (recorded_at) WHERE personal IS NOT NULL")


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    editor.execute(f"DROP INDEX {INDEX}")
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        refuse_on_sqlite(editor, TABLE, "UPDATE")
        return
    editor.execute(f"DROP TRIGGER {TABLE}_only_erased ON {TABLE}")
    editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
    refuse_on_postgresql(editor, TABLE, "UPDATE OR DELETE OR TRUNCATE")


class Migration(migrations.Migration):
    dependencies = [("store", "0010_wider_batch_keys")]
    operations = [migrations.RunPython(allow, refuse)]
