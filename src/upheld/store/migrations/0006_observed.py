"""Fresh observations: streams and batches, and three tables that have no model."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = {
    "store_observation": (
        "stream_id bigint NOT NULL, at bigint NOT NULL, ok boolean, status bigint, latency bigint, code text, "
        "until bigint, good bigint, total bigint, state text, PRIMARY KEY (stream_id, at)"
    ),
    "store_observedday": (
        "stream_id bigint NOT NULL, day bigint NOT NULL, rows bigint NOT NULL, PRIMARY KEY (stream_id, day)"
    ),
    "store_slicecount": (
        "counted_id bigint NOT NULL, number bigint NOT NULL, total bigint NOT NULL, good bigint NOT NULL, "
        "PRIMARY KEY (counted_id, number)"
    ),
}


def create(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Tables that are found by their keys alone; in SQLite they stand in the order of those."""
    after = " WITHOUT ROWID" if editor.connection.vendor == "sqlite" else ""
    for name, columns in TABLES.items():
        editor.execute(f"CREATE TABLE {name} ({columns}){after}")


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    for name in TABLES:
        editor.execute(f"DROP TABLE {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_walls"),
    ]

    operations = [
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name="CountedStream",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("component", models.CharField(max_length=200)),
                ("signal", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("checks", "checks"), ("counts", "counts"), ("states", "states")],
                        max_length=6,
                    ),
                ),
                ("good", models.TextField()),
                ("slice_us", models.BigIntegerField()),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counted",
                        to="store.provider",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObservedBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("digest", models.BinaryField()),
                ("told_at", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "key"), name="batch_once")],
            },
        ),
        migrations.CreateModel(
            name="ObservedStream",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("component", models.CharField(max_length=200)),
                ("signal", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("checks", "checks"), ("counts", "counts"), ("states", "states")],
                        max_length=6,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="streams",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "component", "signal", "kind"), name="stream_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start_at", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("path", models.CharField(max_length=400)),
                ("hashes", models.CharField(max_length=400)),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.BigIntegerField()),
                ("sealed_at", models.BigIntegerField()),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed",
                        to="store.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "start_at", "number"), name="sealed_file_once"
                    )
                ],
            },
        ),
    ]
