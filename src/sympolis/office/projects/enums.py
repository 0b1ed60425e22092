"""Roles in projects and stages of needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationRole(models.TextChoices):
    LEAD = "lead", _("Lead partner")
    PARTNER = "partner", _("Partner")


class NeedStage(models.TextChoices):
    NEED = "need", _("Need")
    PRIORITY = "priority", _("Priority")
    OFFER = "offer", _("Offer")


class WritingState(models.TextChoices):
    """What the office said of what somebody wrote through a link."""

    WAITING = "waiting", _("waits for the office")
    PUBLISHED = "published", _("everybody may see it")
    REFUSED = "refused", _("refused")
