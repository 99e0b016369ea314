"""What went out lately is counted for each provider and for the whole server."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0026_nothing_is_seen_without_walls")]
    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["alone_at", "provider"],
                name="lately_of",
                condition=models.Q(alone_at__isnull=False),
            ),
        )
    ]
