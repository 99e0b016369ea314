"""Endpoints that were removed are remembered for a while."""

from django.db import migrations, models

STATES = ("unproven", "live", "off", "disabled", "removed")


class Migration(migrations.Migration):
    dependencies = [("store", "0023_take_in_turn")]
    operations = [
        migrations.AlterField(
            "endpoint", "state", models.CharField(choices=[(one, one) for one in STATES], max_length=8)
        )
    ]
