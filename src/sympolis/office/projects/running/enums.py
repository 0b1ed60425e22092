"""How money moves, how costs are reckoned, and how far claims and their control are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    SIMPLE = "simple", _("Simple: partners, budget, milestones")
    FULL = "full", _("Full: work packages, payments, claims, control, risks, effort")


class CostBasis(models.TextChoices):
    REAL = "real", _("Real costs")
    UNIT = "unit", _("Unit costs: number × cost of one")
    FLAT = "flat", _("Flat rate: a share of other lines")


class Direction(models.TextChoices):
    IN = "in", _("Received")
    OUT = "out", _("Paid")


class StepKind(models.TextChoices):
    MILESTONE = "milestone", _("Milestone")
    DELIVERABLE = "deliverable", _("Deliverable")


class Level(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class ResultLevel(models.TextChoices):
    """How far from the work itself a result is."""

    OUTPUT = "output", _("Output: what is made or held")
    OUTCOME = "outcome", _("Outcome: what it changes for people")
    IMPACT = "impact", _("Impact: what becomes of that in the long run")


class ClaimState(models.TextChoices):
    PREPARING = "preparing", _("In preparation")
    SUBMITTED = "submitted", _("Handed in")
    ACCEPTED = "accepted", _("Accepted")
    PAID = "paid", _("Claim paid")
    REFUSED = "refused", _("Claim refused")


class ControlState(models.TextChoices):
    """What the first-level controller says of a claim."""

    NOT_SENT = "not_sent", _("Not sent to the controller")
    AT_CONTROL = "at_control", _("With the controller")
    QUESTIONS = "questions", _("The controller has questions")
    CERTIFIED = "certified", _("Certified")
