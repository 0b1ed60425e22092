"""The words of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    WEBINAR = "webinar", _("Webinar")
    MEETING = "meeting", _("Meeting")
    ASSEMBLY = "assembly", _("Assembly")
    CONFERENCE = "conference", _("Conference")
    TRAINING = "training", _("Training")
    VISIT = "visit", _("Visit")


class LinkFor(models.TextChoices):
    """Who is told the address where an event is held."""

    REGISTERED = "registered", _("Those who registered")
    EVERYBODY = "everybody", _("Everybody")


class SpeakerState(models.TextChoices):
    """Who is only invited stands on no public page."""

    CONFIRMED = "confirmed", pgettext_lazy("speaker", "Confirmed")
    INVITED = "invited", pgettext_lazy("speaker", "Invited")


class Presence(models.TextChoices):
    """What an organisation did at an event. Who was invited was not there by that alone."""

    ORGANISED = "organised"
    SPOKE = "spoke"
    TOOK_PART = "took-part"


class EncounterKind(models.TextChoices):
    """What links two organisations at an event. To take part, to speak and to be invited are three things."""

    MET = "met", _("met at an event")
    SPOKE = "spoke", _("met at an event, one as a speaker")
    INVITED = "invited", _("invited to an event")
