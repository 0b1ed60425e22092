"""The few words core itself needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteRole(models.TextChoices):
    """What a user may do on the whole site. A person of a member organisation gets more through a membership."""

    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICER = "officer", _("Officer")
    PARTICIPANT = "participant", _("Participant")


class Visibility(models.TextChoices):
    """Who may see a record."""

    PUBLIC = "public", _("Everyone")
    OFFICE = "office", _("The office only")


class ChangeKind(models.TextChoices):
    """What the index has to do with a record."""

    PUT = "put"
    REMOVE = "remove"
