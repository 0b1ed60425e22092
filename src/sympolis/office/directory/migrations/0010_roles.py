"""Four roles for an organisation: a contact becomes its editor."""

from typing import Any

from django.db import migrations, models


def contacts_become_editors(apps: Any, _editor: Any) -> None:
    apps.get_model("directory", "Membership").objects.filter(role="contact").update(role="editor")


def writers_become_contacts(apps: Any, _editor: Any) -> None:
    apps.get_model("directory", "Membership").objects.exclude(role="reader").update(role="contact")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_doubles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("reader", "Reader"),
                    ("contributor", "Contributor"),
                    ("editor", "Editor"),
                    ("administrator", "Administrator"),
                ],
                default="editor",
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.RunPython(contacts_become_editors, writers_become_contacts),
    ]
