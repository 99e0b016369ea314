"""What is looked at, within the walls of its provider: no customer sees a row of it."""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import NO_CUSTOMERS, wall

TABLE: Final = "store_probetarget"


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy, which binds the owner of the table, too."""
    wall(editor, TABLE, NO_CUSTOMERS)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of it goes with the table."""


class Migration(migrations.Migration):
    dependencies = [("store", "0011_personal_text_can_go")]
    operations = [
        migrations.CreateModel(
            name="ProbeTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("component", models.CharField(max_length=200)),
                ("signal", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("sealed", models.BinaryField()),
                ("every_us", models.BigIntegerField()),
                ("next_at", models.BigIntegerField(null=True)),
                ("told_until", models.BigIntegerField(default=0)),
                ("last_at", models.BigIntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("said", models.TextField(default="")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="to_look"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("provider", "name"), name="target_once")],
            },
        ),
        migrations.RunPython(build, tear_down),
    ]
