"""What a cause once said stands beside what it says now: rows are no longer one for each recorded fact.

By which version of the program these rows are kept each provider says; at its start a newer one brings them
up to date.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_senders")]
    operations = [
        migrations.AlterField(
            "standingfact",
            "recorded",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standing",
                to="store.recordedfact",
            ),
        ),
        migrations.AddField("provider", "kept_by", models.IntegerField(default=0)),
    ]
