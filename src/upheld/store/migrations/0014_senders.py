"""Tokens of those who sign what they send."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0013_inputs_of_credits")]
    operations = [migrations.AddField("token", "sealed", models.BinaryField(null=True))]
