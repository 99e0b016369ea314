"""What is owed to endpoints is found among all that was ever sent to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0020_digests")]
    operations = [
        migrations.RemoveIndex("message", "events_owed"),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("endpoint__isnull", False)),
                fields=["state", "endpoint"],
                name="events_by_state",
            ),
        ),
    ]
