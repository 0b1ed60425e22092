"""Levels of a plan; what a session goes through, who takes part in it and what they put in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    LINE = "line", _("Line")
    MEASURE = "measure", _("Measure")


class Phase(models.TextChoices):
    """What is open in a session."""

    PREPARED = "prepared", pgettext_lazy("session", "being prepared")
    CONTRIBUTE = "contribute", pgettext_lazy("session", "open for contributions")
    PRIORITISE = "prioritise", pgettext_lazy("session", "open for dots")
    CLOSED = "closed", pgettext_lazy("session", "closed")


class ParticipantKind(models.TextChoices):
    """As what somebody was invited: results are counted by it."""

    COUNCIL = "council", _("Council")
    EXPERT = "expert", _("Expert")
    TEAM = "team", _("Technical team")
    PARTNER = "partner", _("Company or institution")
    OTHER = "other", pgettext_lazy("participant", "Other")


class ContributionKind(models.TextChoices):
    NEED = "need", _("Need")
    IDEA = "idea", _("Idea")
    PROPOSAL = "proposal", _("Proposal for synergy")


class Outcome(models.TextChoices):
    """What became of a contribution. Nothing written: nobody has decided yet."""

    TAKEN = "taken", pgettext_lazy("contribution", "Taken up")
    PART = "part", pgettext_lazy("contribution", "Taken up in part")
    NOT = "not", pgettext_lazy("contribution", "Not taken up")
