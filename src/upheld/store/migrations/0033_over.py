"""What was suppressed as over is found when it is not over after all: see `app.owe`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0032_set_aside")]
    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["provider", "contract"],
                name="over",
                condition=models.Q(state="suppressed", digest__isnull=True, page__isnull=True),
            ),
        ),
    ]
