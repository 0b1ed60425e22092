"""Words of applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationStage(models.TextChoices):
    """How far an application is: the columns of the board."""

    IDEA = "idea", pgettext_lazy("application", "Idea")
    PARTNERS = "partners", pgettext_lazy("application", "Partner search")
    DRAFTING = "drafting", pgettext_lazy("application", "Drafting")
    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    GRANTED = "granted", pgettext_lazy("application", "Granted")
    REFUSED = "refused", pgettext_lazy("application", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


OVER = (ApplicationStage.GRANTED, ApplicationStage.REFUSED, ApplicationStage.WITHDRAWN)
IN_HAND = (ApplicationStage.IDEA, ApplicationStage.PARTNERS, ApplicationStage.DRAFTING)
"""Before it is handed in: its deadline is still to be met."""


class Decision(models.TextChoices):
    """Whether the office goes for it."""

    GO = "go", pgettext_lazy("application", "Go")
    NO_GO = "no-go", pgettext_lazy("application", "No go")


class PartnerRole(models.TextChoices):
    LEAD = "lead", _("Lead partner")
    PARTNER = "partner", _("Partner")
    ASSOCIATED = "associated", _("Associated partner")


class PartnerState(models.TextChoices):
    """What is known of whether somebody takes part."""

    THOUGHT = "thought", pgettext_lazy("partner", "Thought of")
    ASKED = "asked", pgettext_lazy("partner", "Asked")
    YES = "yes", pgettext_lazy("partner", "Takes part")
    NO = "no", pgettext_lazy("partner", "Does not take part")


class RequestState(models.TextChoices):
    """The mail that asks a partner."""

    DRAFT = "draft", _("waiting for approval")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")


class LetterKind(models.TextChoices):
    """What a partner signs."""

    INTENT = "intent", _("Letter of intent")
    MANDATE = "mandate", _("Mandate letter")
