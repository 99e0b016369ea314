"""Whom to wake for what, within the walls of its provider: no customer sees a row of it."""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import NO_CUSTOMERS, wall

TABLES: Final = ("store_chain", "store_page")


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy on each, which binds the owner of the table, too."""
    for table in TABLES:
        wall(editor, table, NO_CUSTOMERS)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """All of it goes with the tables."""


def _id() -> "models.BigAutoField[int, int]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _provider(name: str) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to="store.provider"
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0016_members_ask")]
    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", _id()),
                ("role", models.CharField(max_length=200)),
                ("levels", models.JSONField()),
                ("times", models.IntegerField(default=1)),
                ("provider", _provider("chains")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "role"), name="chain_once")]
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", _id()),
                ("key", models.CharField(max_length=64)),
                ("contract", models.CharField(max_length=200)),
                ("cause", models.TextField()),
                ("rule", models.CharField(max_length=200)),
                ("stage", models.CharField(max_length=200)),
                ("told", models.JSONField()),
                ("paged_at", models.BigIntegerField()),
                ("asking", models.JSONField(default=dict)),
                ("next_at", models.BigIntegerField(null=True)),
                ("acknowledged_at", models.BigIntegerField(null=True)),
                ("acknowledged_by", models.CharField(default="", max_length=200)),
                ("how", models.CharField(default="", max_length=4)),
                ("provider", _provider("pages")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "key"), name="page_once")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="to_ask"
                    )
                ],
            },
        ),
        migrations.AddField(
            "message",
            "page",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="store.page",
            ),
        ),
        migrations.RunPython(build, tear_down),
    ]
