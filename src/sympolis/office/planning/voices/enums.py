"""How far people decide, who may take part, and for what a comment is reported."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """What taking part leads to, as the office declares it: of the spectrum of IAP2 the four that plans use."""

    INFORM = "inform", pgettext_lazy("participation", "Inform: what is decided is told")
    CONSULT = "consult", pgettext_lazy("participation", "Consult: what is said is read and answered")
    INVOLVE = "involve", pgettext_lazy("participation", "Involve: the plan is worked out together")
    CO_DECIDE = "co-decide", pgettext_lazy("participation", "Co-decide: what comes out of it binds the office")


class Audience(models.TextChoices):
    """Who may support and comment. Reading is another matter: it goes with the plan."""

    PUBLIC = "public", _("Everybody with an account")
    INVITED = "invited", _("Who is invited")
    ORGANISATIONS = "organisations", _("Who acts for a member organisation")


class ReportReason(models.TextChoices):
    """For what somebody reports a comment."""

    SPAM = "spam", pgettext_lazy("report", "Advertising")
    INSULT = "insult", pgettext_lazy("report", "Insults or threatens")
    HATE = "hate", pgettext_lazy("report", "Against people for what they are")
    PRIVATE = "private", pgettext_lazy("report", "Personal data of somebody")
    ASIDE = "aside", pgettext_lazy("report", "Has nothing to do with it")
    OTHER = "other", pgettext_lazy("report", "Something else")
