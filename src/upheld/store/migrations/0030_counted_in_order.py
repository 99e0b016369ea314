"""What is counted in an allowance is found by when it was counted: see `counting`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0029_keys_checked_at_once")]
    operations = [
        migrations.AddField("restrow", "counted_at", models.BigIntegerField(null=True)),
        migrations.AddField("restrow", "used_until_at", models.BigIntegerField(null=True)),
        migrations.AddField("restrow", "decided", models.TextField(null=True)),
        migrations.RemoveIndex("restrow", "resting"),
        migrations.AddIndex(
            "restrow", models.Index(fields=["dependency", "provider", "counted_at"], name="resting")
        ),
    ]
