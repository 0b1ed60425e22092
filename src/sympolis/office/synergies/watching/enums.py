"""Words of watching calls."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a call was read."""

    OFFICE = "office", _("kept by the office")
    WORLD = "world", _("of the world's data")


class NewsKind(models.TextChoices):
    """What happened to a call."""

    ANNOUNCED = "announced", _("announced, not open yet")
    OPENED = "opened", _("opened")
    CHANGED = "changed", _("deadline changed")
    CLOSING = "closing", _("closes soon")


class Rhythm(models.TextChoices):
    """How often somebody is told by mail."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("once a week")
    OFF = "off", _("never")
