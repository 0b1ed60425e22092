from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0020_graph_links"),
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
