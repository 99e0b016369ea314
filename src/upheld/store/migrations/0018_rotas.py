"""Who is on call, within the walls of its provider: no customer sees a row of it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, NO_CUSTOMERS, PROVIDER, wall


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy on each, which binds the owner of the table, too; an override is seen with its rota."""
    wall(editor, "store_rotarow", NO_CUSTOMERS)
    own = "rota_id IN (SELECT id FROM store_rotarow)"
    seen = f"({PROVIDER} IS NULL OR {own}) AND {CUSTOMER} IS NULL"
    wall(editor, "store_overriderow", seen)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of it goes with the tables."""


def _id() -> "models.BigAutoField[int, int]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("store", "0017_pages")]
    operations = [
        migrations.CreateModel(
            name="RotaRow",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=80)),
                ("layers", models.JSONField()),
                ("always", models.BooleanField(default=False)),
                ("tells", models.CharField(default="", max_length=80)),
                ("since_at", models.BigIntegerField()),
                ("next_at", models.BigIntegerField(null=True)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rotas",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "name"), name="rota_once")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="to_watch"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OverrideRow",
            fields=[
                ("id", _id()),
                ("person", models.CharField(max_length=200)),
                ("start_at", models.BigIntegerField()),
                ("end_at", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.BigIntegerField()),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="store.rotarow",
                    ),
                ),
            ],
        ),
        migrations.RunPython(build, tear_down),
    ]
