"""A provider's own texts of messages, within its walls: no customer sees a row of it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import NO_CUSTOMERS, wall


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy, which binds the owner of the table, too."""
    wall(editor, "store_templaterow", NO_CUSTOMERS)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of it goes with the table."""


class Migration(migrations.Migration):
    dependencies = [("store", "0021_events_by_state")]
    operations = [
        migrations.CreateModel(
            name="TemplateRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="templates",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "language", "kind"), name="template_once")
                ]
            },
        ),
        migrations.RunPython(build, tear_down),
    ]
