"""Signs of life, counts of what was done, and messages that failed found by an index."""

from importlib import import_module
from typing import Final

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_WALLS = import_module("upheld.store.migrations.0005_walls")
TABLES: Final = ("beat", "tally")


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What is of the server is no provider's to see."""
    if editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        name, seen = f"store_{table}", f"{_WALLS.PROVIDER} IS NULL AND {_WALLS.CUSTOMER} IS NULL"
        editor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY walls ON {name} USING ({seen}) WITH CHECK ({seen})")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before; the tables go with their models."""
    if editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        editor.execute(f"DROP POLICY walls ON store_{table}")


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
