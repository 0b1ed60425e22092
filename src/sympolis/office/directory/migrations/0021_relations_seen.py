from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0019_told_of_relations"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="relation",
            name="relation_seen",
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["narrowest", "illustrative"], name="relation_seen"),
        ),
    ]
