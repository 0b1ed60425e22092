"""Levels of a plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    LINE = "line", _("Line")
    MEASURE = "measure", _("Measure")
