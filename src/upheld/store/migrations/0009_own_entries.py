"""Entries of logs that are no facts, as append-only as those that are, and within the walls of their log."""

from importlib import import_module
from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE: Final = "store_ownentry"
_REFUSE: Final = f"{import_module('upheld.store.migrations.0002_append_only').TABLE}_refuse"


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers refuse every change; on PostgreSQL a row is seen with its log."""
    if editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'what was recorded is never changed'); END"
            )
        return
    editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_REFUSE}()"
    )
    seen = "log_id IN (SELECT id FROM store_log)"
    editor.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    editor.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    editor.execute(f"CREATE POLICY walls ON {TABLE} USING ({seen}) WITH CHECK ({seen})")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of it goes with the table."""


class Migration(migrations.Migration):
    dependencies = [("store", "0008_working")]
    operations = [
        migrations.CreateModel(
            name="OwnEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("index", models.BigIntegerField()),
                ("entry", models.BinaryField()),
                ("leaf", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_entries",
                        to="store.log",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="ownentry",
            constraint=models.UniqueConstraint(fields=("log", "index"), name="own_entry_once"),
        ),
        migrations.RunPython(build, tear_down),
    ]
