"""Endpoints that events are sent to, and the messages that carry them, seen by the party whose they are."""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, NO_CUSTOMERS, OWN, PROVIDER, unwall, wall

ENDPOINT: Final = "store_endpoint"
MESSAGE: Final = "store_message"


def _seen(of_customer: str) -> str:
    return f"({PROVIDER} IS NULL OR {OWN}) AND ({CUSTOMER} IS NULL OR {of_customer})"


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A customer sees their endpoints, and of all messages those for them."""
    wall(editor, ENDPOINT, _seen(f"customer_id = {CUSTOMER}"))
    unwall(editor, MESSAGE)
    wall(editor, MESSAGE, _seen(f"endpoint_id IN (SELECT id FROM {ENDPOINT})"))  # noqa: S608  a name of ours


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before; what is on the new table goes with it."""
    unwall(editor, MESSAGE)
    wall(editor, MESSAGE, NO_CUSTOMERS)


class Migration(migrations.Migration):
    dependencies = [("store", "0018_rotas")]
    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("description", models.CharField(max_length=200)),
                ("sealed", models.BinaryField()),
                ("old_until", models.BigIntegerField(default=0)),
                ("kinds", models.JSONField(default=list)),
                ("tell", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "unproven"),
                            ("live", "live"),
                            ("off", "off"),
                            ("disabled", "disabled"),
                        ],
                        max_length=8,
                    ),
                ),
                ("said", models.CharField(default="", max_length=200)),
                ("proven", models.BooleanField(default=False)),
                ("made_at", models.BigIntegerField()),
                ("told", models.BigIntegerField(default=0)),
                ("failed", models.IntegerField(default=0)),
                ("failing_since", models.BigIntegerField(null=True)),
                ("rests_until", models.BigIntegerField(default=0)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="endpoints",
                        to="store.provider",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="endpoints",
                        to="store.customer",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "message",
            "endpoint",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="store.endpoint",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("endpoint__isnull", False)), fields=["endpoint", "id"], name="events"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("endpoint__isnull", False)),
                fields=["endpoint", "state"],
                name="events_owed",
            ),
        ),
        migrations.AddIndex("change", models.Index(fields=["provider", "id"], name="changes_of_provider")),
        migrations.RunPython(build, tear_down),
    ]
