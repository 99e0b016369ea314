"""The two walls in the database itself, where it can have them: PostgreSQL shows only rows between them.

What is set for a transaction (see `upheld.store.walls`) says between which walls it stands; where nothing is
set, as in the worker of the server, which serves all providers, every row is seen. SQLite has no such thing:
there the questions of the application are the only wall.
"""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, OWN, PROVIDER, unwall, wall

NOBODY: Final = "false"
"""No customer sees a row of such a table: what they are told of it is computed for them."""


def _below(column: str, table: str) -> str:
    """A row is seen with the one above it."""
    return f"{column} IN (SELECT id FROM store_{table})"  # noqa: S608  both names are written here


RULES: Final = {
    "provider": (f"id = {PROVIDER}", "true"),
    "customer": (OWN, f"id = {CUSTOMER}"),
    "log": (OWN, f"customer_id = {CUSTOMER}"),
    "checkpoint": (_below("log_id", "log"), _below("log_id", "log")),
    "recordedfact": (OWN, _below("log_id", "log")),
    "standingfact": (OWN, NOBODY),
    "scoperow": (OWN, NOBODY),
    "restrow": (OWN, NOBODY),
    "change": (OWN, NOBODY),
    "text": (OWN, NOBODY),
    "boundcontract": (OWN, f"customer_id = {CUSTOMER}"),
    "membership": (OWN, f"customer_id = {CUSTOMER}"),
    "token": (OWN, f"customer_id = {CUSTOMER}"),
    "keptanswer": (_below("token_id", "token"), _below("token_id", "token")),
    "person": (OWN, f"customer_id = {CUSTOMER}"),
    "reach": (_below("person_id", "person"), _below("person_id", "person")),
    "message": (OWN, NOBODY),
    "attempt": (_below("message_id", "message"), _below("message_id", "message")),
}
"""Of each table: which rows are a provider's, and which of these a customer's."""


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A policy on each table, which binds its owner, too."""
    for table, (of_provider, of_customer) in RULES.items():
        seen = f"({PROVIDER} IS NULL OR {of_provider}) AND ({CUSTOMER} IS NULL OR {of_customer})"
        wall(editor, f"store_{table}", seen)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    for table in RULES:
        unwall(editor, f"store_{table}")


class Migration(migrations.Migration):
    dependencies = [("store", "0004_messages")]
    operations = [migrations.RunPython(build, tear_down)]
