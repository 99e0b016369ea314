"""What of a burst is told of in a digest. What waits to be sent is decided of anew, and then sent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0019_endpoints")]
    operations = [
        migrations.AddField("message", "alone_at", models.BigIntegerField(null=True)),
        migrations.AddField("message", "is_digest", models.BooleanField(default=False)),
        migrations.AddField(
            "message",
            "digest",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="gathered",
                to="store.message",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("alone_at__isnull", False)), fields=["reach", "alone_at"], name="lately"
            ),
        ),
    ]
