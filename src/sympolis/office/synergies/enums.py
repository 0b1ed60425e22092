"""Words of meetings, promises and briefs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommitmentStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")
    UNKNOWN = "unknown", _("unknown")


class Verdict(models.TextChoices):
    """What an officer decided about a line of a brief."""

    PINNED = "pinned", _("pinned")
    DROPPED = "dropped", _("dropped")
    APPROVED = "approved", _("approved for use outside the office")


class InvitationAnswer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    ASK = "ask", _("Somebody else should be asked")


class InvitationState(models.TextChoices):
    DRAFT = "draft", _("waiting for approval")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
