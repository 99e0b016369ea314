"""SQL that several migrations write: walls around a table, and tables that are only added to.

It stands in no model, so it is kept here; what a migration did once is never changed here afterwards.
"""

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PROVIDER: Final = "(SELECT NULLIF(current_setting('upheld.provider', true), '')::bigint)"
CUSTOMER: Final = "(SELECT NULLIF(current_setting('upheld.customer', true), '')::bigint)"
OWN: Final = f"provider_id = {PROVIDER}"
NO_CUSTOMERS: Final = f"({PROVIDER} IS NULL OR {OWN}) AND {CUSTOMER} IS NULL"
"""Rows of the provider, of which no customer sees one."""
REFUSED: Final = "what was recorded is never changed"
REFUSE: Final = "store_recordedfact_refuse"
"""The function that refuses, on PostgreSQL."""


EVERY: Final = "(SELECT current_setting('upheld.every', true) = 'yes')"
SAID: Final = "store_walls_said"
"""The function that raises where nobody has said between which walls a question stands."""


def wall(editor: BaseDatabaseSchemaEditor, table: str, seen: str, written: str = "") -> None:
    """A policy that shows the rows that are `seen`, to the owner of the table, too. SQLite has no such thing.

    None but those may be `written`, unless that is said. Alone until 0026; since then by `wall_in`.
    """
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    editor.execute(f"CREATE POLICY walls ON {table} USING ({seen}) WITH CHECK ({written or seen})")


def unwall(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """As before."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(f"DROP POLICY walls ON {table}")
    editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def wall_in(editor: BaseDatabaseSchemaEditor, table: str, of_provider: str, of_customer: str) -> None:
    """Policies that show the rows of the provider that is said, and of these those of a customer if one is.

    Over every provider all are shown, and none is written. Where nothing is said no row is seen: to look at
    one raises. A step that changes rows of every provider lifts FORCE ROW LEVEL SECURITY of its table meanwhile.
    """
    if editor.connection.vendor != "postgresql":
        return
    own = f"({of_provider}) AND ({CUSTOMER} IS NULL OR ({of_customer}))"
    said, of_one = (f"(SELECT {SAID}({word}))" for word in ("false", "true"))
    # Providers are made before anybody can stand between their walls.
    written = said if table == "store_provider" else of_one
    wall(editor, table, f"{said} AND ({EVERY} OR ({own}))", f"{written} AND {own}")
    # What is deleted is asked no CHECK.
    editor.execute(f"CREATE POLICY walls_of_one ON {table} AS RESTRICTIVE FOR DELETE USING ({of_one})")


def unwall_in(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """As before."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP POLICY walls_of_one ON {table}")
        unwall(editor, table)


def append_only(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Triggers refuse every change of a row."""
    if editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            refuse_on_sqlite(editor, table, verb)
        return
    refuse_on_postgresql(editor, table, "UPDATE OR DELETE OR TRUNCATE")


def refuse_on_sqlite(editor: BaseDatabaseSchemaEditor, table: str, verb: str, when: str = "") -> None:
    """A trigger that refuses a verb, always or `when` something is so."""
    editor.execute(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        + (f"WHEN {when} " if when else "")
        + f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def refuse_on_postgresql(editor: BaseDatabaseSchemaEditor, table: str, verbs: str) -> None:
    """A trigger that refuses statements with these verbs."""
    editor.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE}()"
    )
