"""What organisations signed: agreements with each other, and positions towards others."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, PartialDate, day
from sympolis.office.core.field_groups import group_visibility
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.directory.enums import Renewal


class Agreement(Record):
    """A signed text between organisations."""

    ID_PREFIX = "agr"
    PAGE = "agreement"
    FIELD_GROUPS = {"obliges_visibility": ("obliges",)}

    title = MultilingualField(_("title"))
    kind = models.CharField(_("kind"), max_length=40)
    parties = models.ManyToManyField("directory.Organisation", related_name="agreements", verbose_name=_("parties"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    signed_earliest = day()
    signed_latest = day()
    ends_earliest = day()
    ends_latest = day()
    in_force_earliest = day()
    in_force_latest = day()
    signed = Dated()
    ends = Dated()
    in_force = Dated()
    renewal = models.CharField(_("on its last day"), max_length=10, choices=Renewal.choices, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice, in months"), null=True, blank=True)
    signatures = models.JSONField(_("who signed it"), default=list, blank=True)  # lines: see details
    renewed_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="renews", verbose_name=_("renewed by")
    )
    themes = CodesField(_("themes"))
    obliges = MultilingualField(_("what it obliges to"))
    obliges_visibility = group_visibility(_("who may see what it obliges to"))
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title

    @property
    def over(self) -> PartialDate:
        """The day after which it no longer holds; none of one that goes on by itself."""
        return PartialDate() if self.renewal == Renewal.AUTOMATIC else self.ends


class Position(Record):
    """What one or many organisations said together to somebody: a statement, a letter, an opinion of a council."""

    ID_PREFIX = "pos"
    PAGE = "position"
    FIELD_GROUPS = {"outcome_visibility": ("outcome",)}

    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    signatories = models.ManyToManyField(
        "directory.Organisation", related_name="positions", verbose_name=_("who signed")
    )
    addressed_to = models.ForeignKey(
        "directory.Organisation", models.SET_NULL, null=True, blank=True, related_name="positions_received",
        verbose_name=_("to whom"),
    )  # fmt: skip
    adopted_earliest = day()
    adopted_latest = day()
    adopted = Dated()
    themes = CodesField(_("themes"))
    outcome = MultilingualField(_("what came of it"))
    outcome_visibility = group_visibility(_("who may see what came of it"))
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title


class EndReminder(models.Model):
    """The office was told so many months before that an agreement ends on that day: never twice."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminders")
    ends = models.DateField()
    months = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "ends", "months"], name="one_reminder_each")]
