"""A batch of observations is known by who tells it and by their key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0009_own_entries")]
    operations = [
        migrations.AlterField(model_name="observedbatch", name="key", field=models.CharField(max_length=240)),
    ]
