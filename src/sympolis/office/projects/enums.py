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
