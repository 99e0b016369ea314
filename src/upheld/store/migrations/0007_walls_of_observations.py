"""The walls of `0005_walls` for the tables of observations: no customer sees a row of them.

Rows of observations have none, since PostgreSQL copies nothing into a table that has: they are found by the
ids of their streams alone, which stand within the walls.
"""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import NO_CUSTOMERS, unwall, wall

TABLES: Final = ("observedstream", "observedbatch", "countedstream", "sealedfile")


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy on each table, which binds its owner, too."""
    for table in TABLES:
        wall(editor, f"store_{table}", NO_CUSTOMERS)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    for table in TABLES:
        unwall(editor, f"store_{table}")


class Migration(migrations.Migration):
    dependencies = [("store", "0006_observed")]
    operations = [migrations.RunPython(build, tear_down)]
