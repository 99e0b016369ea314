"""Signs of life, counts of what was done, and messages that failed found by an index."""

from typing import Final

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, PROVIDER, unwall, wall

TABLES: Final = ("beat", "tally")


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What is of the server is no provider's to see."""
    for table in TABLES:
        wall(editor, f"store_{table}", f"{PROVIDER} IS NULL AND {CUSTOMER} IS NULL")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before; the tables go with their models."""
    for table in TABLES:
        unwall(editor, f"store_{table}")


class Migration(migrations.Migration):
    dependencies = [("store", "0007_walls_of_observations")]
    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("at", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("count", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["ended_at"], name="failed"),
        ),
        migrations.RunPython(build, tear_down),
    ]
