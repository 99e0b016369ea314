"""What could not be decided is found: see `app.wake`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0031_customers_see_their_changes")]
    operations = [
        migrations.AddField("scoperow", "aside_at", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "scoperow",
            models.Index(fields=["aside_at"], name="aside", condition=models.Q(aside_at__isnull=False)),
        ),
    ]
