"""The few words core itself needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SiteRole(models.TextChoices):
    """What a user may do on the whole site. A person of a member organisation gets more through a membership."""

    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICER = "officer", _("Officer")
    PARTICIPANT = "participant", _("Participant")


class Visibility(models.TextChoices):
    """Who may see a record."""

    PUBLIC = "public", _("Everyone")
    OFFICE = "office", _("The office only")


class TagScheme(models.TextChoices):
    """The controlled lists that say what a record is about."""

    THEME = "theme", _("Themes")
    GOAL = "sdg", _("Sustainable development goals")
    TARGET = "target", _("Targets of the goals")


class TagVerdict(models.TextChoices):
    """What a person said of a theme, a goal or a target of a record."""

    CONFIRMED = "confirmed", pgettext_lazy("theme", "Confirmed")
    REMOVED = "removed", pgettext_lazy("theme", "Removed")


class TokenScope(models.TextChoices):
    """What a program with a token may do in its user's name."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ChangeKind(models.TextChoices):
    """What the index has to do with a record."""

    PUT = "put"
    REMOVE = "remove"
