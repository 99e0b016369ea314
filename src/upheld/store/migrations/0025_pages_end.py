"""Pages end when what they are about is over, whether somebody acknowledged or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0024_endpoints_removed")]
    operations = [migrations.AddField("page", "over_at", models.BigIntegerField(null=True))]
