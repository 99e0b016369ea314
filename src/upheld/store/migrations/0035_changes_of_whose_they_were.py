"""A change says whose its contract was: by the id alone whoever has that contract now would see it.

And whose it is no more would not see that it ended. Of what was told before this step nobody knows any more
whose it was: it is taken for that of whose the contract is now, as it was until here. The index that found the
changes of contracts found them for customers.
"""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, OWN, unwall_in, wall_in

TABLE: Final = "store_change"
OF_CONTRACT: Final = (
    f"FROM store_boundcontract a WHERE a.provider_id = {TABLE}.provider_id AND a.contract = {TABLE}.contract"
)


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Whose they are, and the policy anew."""
    unwall_in(editor, TABLE)
    every = "SELECT set_config('upheld.every', '{}', true)"  # contracts of every provider are read
    if editor.connection.vendor == "postgresql":
        editor.execute(every.format("yes"))
    editor.execute(f"UPDATE {TABLE} SET customer_id = (SELECT a.customer_id {OF_CONTRACT})")  # noqa: S608  our names
    if editor.connection.vendor == "postgresql":
        editor.execute(every.format(""))
    wall_in(editor, TABLE, OWN, f"customer_id = {CUSTOMER}")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    unwall_in(editor, TABLE)
    wall_in(editor, TABLE, OWN, f"EXISTS (SELECT 1 {OF_CONTRACT})")


class Migration(migrations.Migration):
    dependencies = [("store", "0034_known_keys")]
    operations = [
        migrations.AddField(
            "change",
            "customer",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="store.customer",
            ),
        ),
        migrations.RunPython(build, tear_down),
        migrations.RemoveIndex("change", "changes_of_contract"),
        migrations.AddIndex(
            "change", models.Index(fields=["provider", "customer", "id"], name="changes_of_customer")
        ),
    ]
