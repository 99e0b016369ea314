"""A customer is given the changes of their contracts by the database, too, as what they follow them by is a filter.

Until now no customer saw one, so their wall was opened for it, and the filter of the program alone held.
"""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import OWN, unwall_in, wall_in

TABLE: Final = "store_change"
OF_THEIR_CONTRACTS: Final = (
    "EXISTS (SELECT 1 FROM store_boundcontract a "  # noqa: S608  our names
    f"WHERE a.provider_id = {TABLE}.provider_id AND a.contract = {TABLE}.contract)"
)
"""Of the contracts that are seen: a customer sees theirs alone."""


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The policy anew."""
    unwall_in(editor, TABLE)
    wall_in(editor, TABLE, OWN, OF_THEIR_CONTRACTS)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    unwall_in(editor, TABLE)
    wall_in(editor, TABLE, OWN, "false")


class Migration(migrations.Migration):
    dependencies = [("store", "0030_counted_in_order")]
    operations = [migrations.RunPython(build, tear_down)]
