"""Messages are taken in turn: pages first, and then of one provider after the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0022_templates")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["provider", "next_at"], name="to_send_of"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting"), ("urgency", "page")),
                fields=["next_at"],
                name="to_wake",
            ),
        ),
    ]
