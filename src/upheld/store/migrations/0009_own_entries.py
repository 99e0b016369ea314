"""Entries of logs that are no facts, as append-only as those that are, and within the walls of their log."""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import append_only, wall

TABLE: Final = "store_ownentry"


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers refuse every change; on PostgreSQL a row is seen with its log."""
    append_only(editor, TABLE)
    wall(editor, TABLE, "log_id IN (SELECT id FROM store_log)")


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
