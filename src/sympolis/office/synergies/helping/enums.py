"""Words of what departments ask for."""

from django.db import models
from django.utils.translation import pgettext_lazy


class HelpKind(models.TextChoices):
    PARTNER = "partner", pgettext_lazy("asked for", "A partner")
    CALL = "call", pgettext_lazy("asked for", "A call for funding")
    EVENT = "event", pgettext_lazy("asked for", "An event")
    VISIT = "visit", pgettext_lazy("asked for", "A visit")
    TRANSLATION = "translation", pgettext_lazy("asked for", "A translation")
    OTHER = "other", pgettext_lazy("asked for", "Something else")


class HelpState(models.TextChoices):
    NEW = "new", pgettext_lazy("request", "New")
    IN_HAND = "in-hand", pgettext_lazy("request", "In hand")
    ANSWERED = "answered", pgettext_lazy("request", "Answered")
    DECLINED = "declined", pgettext_lazy("request", "Declined")


OPEN = (HelpState.NEW, HelpState.IN_HAND)
