"""What is asked for begins an index, not the provider; and what another index begins with has none of its own.

Of a table that it has never counted, a database takes it that a provider has a few rows, and rather reads all
of them than looks for each text that it is asked for.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ALONE = {
    ("recordedfact", "provider"): "0b3a060e",
    ("recordedfact", "log"): "76daec2b",
    ("standingfact", "provider"): "bf4f4dd5",
    ("scoperow", "provider"): "5195e8b3",
    ("change", "provider"): "b297c1fd",
    ("restrow", "scope"): "ba3df9ee",
    ("restrow", "provider"): "42699d48",
    ("message", "provider"): "aef7bf7f",
    ("attempt", "message"): "134764f5",
    ("observedbatch", "provider"): "d77a710e",
}
"""Keys to other tables that had an index to themselves, with the end of its name."""


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """By their names: Django would write the tables anew on SQLite, without their triggers."""
    for (table, column), end in ALONE.items():
        editor.execute(f"DROP INDEX store_{table}_{column}_id_{end}")


def create(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    for (table, column), end in ALONE.items():
        editor.execute(f"CREATE INDEX store_{table}_{column}_id_{end} ON store_{table} ({column}_id)")


def turn(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A fact is found by its id first. SQLite takes the whole of a key in any order, as it is."""
    _order(editor, "fact_id, source, provider_id")


def turn_back(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    _order(editor, "provider_id, source, fact_id")


def _order(editor: BaseDatabaseSchemaEditor, columns: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE store_recordedfact DROP CONSTRAINT fact_once")
        editor.execute(f"ALTER TABLE store_recordedfact ADD CONSTRAINT fact_once UNIQUE ({columns})")


def key(model: str, name: str, to: str, on_delete: object, related: str | None) -> migrations.AlterField:
    """A key to another table without an index."""
    field = models.ForeignKey(to, on_delete, related_name=related, db_index=False)  # type: ignore[arg-type]
    return migrations.AlterField(model, name, field)


CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT
KEYS = [
    key("recordedfact", "provider", "store.provider", PROTECT, "recorded"),
    key("recordedfact", "log", "store.log", PROTECT, "entries"),
    key("standingfact", "provider", "store.provider", PROTECT, "standing"),
    key("scoperow", "provider", "store.provider", PROTECT, "scopes"),
    key("change", "provider", "store.provider", CASCADE, "changes"),
    key("restrow", "scope", "store.scoperow", CASCADE, "rests"),
    key("restrow", "provider", "store.provider", CASCADE, None),
    key("message", "provider", "store.provider", CASCADE, "messages"),
    key("attempt", "message", "store.message", CASCADE, "attempts"),
    key("observedbatch", "provider", "store.provider", PROTECT, "batches"),
]


class Migration(migrations.Migration):
    dependencies = [("store", "0027_sent_lately")]
    operations = [
        migrations.SeparateDatabaseAndState([migrations.RunPython(drop, create)], KEYS),
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(turn, turn_back)],
            [
                migrations.RemoveConstraint("recordedfact", "fact_once"),
                migrations.AddConstraint(
                    "recordedfact",
                    models.UniqueConstraint(fields=["fact_id", "source", "provider"], name="fact_once"),
                ),
            ],
        ),
        migrations.RemoveIndex("restrow", "resting"),
        migrations.AddIndex("restrow", models.Index(fields=["dependency", "provider"], name="resting")),
        migrations.RemoveIndex("standingfact", "standing_by_input"),
        migrations.AddIndex(
            "standingfact", models.Index(fields=["input", "provider", "at"], name="standing_by_input")
        ),
        migrations.RemoveIndex("scoperow", "scopes_of_subject"),
        migrations.RemoveConstraint("scoperow", "scope_once"),
        migrations.AddConstraint(
            "scoperow",
            models.UniqueConstraint(fields=["subject", "provider", "kind", "contract"], name="scope_once"),
        ),
        migrations.AddIndex(
            "scoperow", models.Index(fields=["contract", "provider"], name="scopes_of_contract")
        ),
    ]
