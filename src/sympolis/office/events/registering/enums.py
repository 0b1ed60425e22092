"""The words of registering."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegistrationState(models.TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("registration", "Has a place")
    WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
    ASKED = "asked", pgettext_lazy("registration", "Waits for approval")
    REFUSED = "refused", pgettext_lazy("registration", "Not admitted")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("A line of text")
    CHOICE = "choice", _("One of several answers")
    TICK = "tick", _("A box to tick")


class MailKind(models.TextChoices):
    """What a mail to somebody who registered says."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    ASKED = "asked"
    MOVED_UP = "moved-up"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    AGAIN = "again"  # registered already: the link once more
    CHANGED = "changed"
    CALLED_OFF = "called-off"
    DAY_BEFORE = "day-before"
    HOUR_BEFORE = "hour-before"
    FEEDBACK = "feedback"
