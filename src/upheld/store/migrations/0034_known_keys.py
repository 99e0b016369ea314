"""The keys with which a database was begun: see `server.known_keys`."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, PROVIDER, unwall, wall


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What is of the server is no provider's to see."""
    wall(editor, "store_knownkey", f"{PROVIDER} IS NULL AND {CUSTOMER} IS NULL")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before; the table goes with its model."""
    unwall(editor, "store_knownkey")


class Migration(migrations.Migration):
    dependencies = [("store", "0033_over")]
    operations = [
        migrations.CreateModel(
            name="KnownKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True)),
                ("print", models.CharField(max_length=400)),
            ],
        ),
        migrations.RunPython(build, tear_down),
    ]
