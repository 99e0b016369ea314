"""The walls of `0005_walls` for the tables of observations: no customer sees a row of them.

Rows of observations have none, since PostgreSQL copies nothing into a table that has: they are found by the
ids of their streams alone, which stand within the walls.
"""

from importlib import import_module
from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_WALLS = import_module("upheld.store.migrations.0005_walls")
TABLES: Final = ("observedstream", "observedbatch", "countedstream", "sealedfile")


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy on each table, which binds its owner, too."""
    if editor.connection.vendor != "postgresql":
        return
    provider, customer = _WALLS.PROVIDER, _WALLS.CUSTOMER
    for table in TABLES:
        name = f"store_{table}"
        seen = f"({provider} IS NULL OR {_WALLS.OWN}) AND {customer} IS NULL"
        editor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY walls ON {name} USING ({seen}) WITH CHECK ({seen})")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    if editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        editor.execute(f"DROP POLICY walls ON store_{table}")
        editor.execute(f"ALTER TABLE store_{table} NO FORCE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE store_{table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("store", "0006_observed")]
    operations = [migrations.RunPython(build, tear_down)]
