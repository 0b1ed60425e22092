"""Roles in projects and stages of needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationRole(models.TextChoices):
    LEAD = "lead", _("Lead partner")
    PARTNER = "partner", _("Partner")


class Gives(models.TextChoices):
    """What kind of call it is: what who wins it gets."""

    GRANT = "grant", _("Grant")
    CASCADE = "cascade", _("Money passed on by a project")
    PRIZE = "prize", _("Prize")
    TENDER = "tender", _("Contract")
    HELP = "help", _("Experts, training or exchange")


class NeedStage(models.TextChoices):
    NEED = "need", _("Need")
    PRIORITY = "priority", _("Priority")
    OFFER = "offer", _("Offer")


class WritingState(models.TextChoices):
    """What the office said of what somebody wrote through a link."""

    WAITING = "waiting", _("waits for the office")
    PUBLISHED = "published", _("everybody may see it")
    REFUSED = "refused", _("refused")
