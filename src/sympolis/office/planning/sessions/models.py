"""What of a session is kept beside its contributions: dots on paper."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sympolis.office.planning.enums import ParticipantKind
from sympolis.office.planning.models import ContributionGroup, Session


class PaperSheet(models.Model):
    """Dots that people of one kind placed on paper, as whoever ran the session counted them: how many people they are,
    and nothing of who. ``client_id`` was made where it was typed, or out of what a file says: sent twice, it is there
    once."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="paper_sheets")
    kind = models.CharField(_("kind of participant"), max_length=10, choices=ParticipantKind.choices)
    table = models.CharField(_("table or group"), max_length=60, blank=True)
    people = models.PositiveSmallIntegerField(_("how many people placed them"), validators=[MinValueValidator(1)])
    client_id = models.CharField(max_length=40)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["session", "client_id"], name="one_paper_sheet_each")]


class PaperDots(models.Model):
    """How many dots a group has got on a sheet of paper."""

    sheet = models.ForeignKey(PaperSheet, models.CASCADE, related_name="dots")
    group = models.ForeignKey(ContributionGroup, models.CASCADE, related_name="paper_dots")
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "group"], name="once_a_group_on_paper")]
