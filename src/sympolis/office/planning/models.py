"""Plans with their lines and measures, and the actions in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.planning.enums import PlanKind


class Plan(Record):
    """A strategy over years, or one line or measure of it."""

    ID_PREFIX = "pla"
    PAGE = "plan"

    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices, default=PlanKind.PLAN)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="plans")
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    starts_earliest = day()
    starts_latest = day()
    ends_earliest = day()
    ends_latest = day()
    starts = Dated()
    ends = Dated()
    published_supports = models.PositiveIntegerField(_("supports, as published"), null=True, blank=True)
    published_comments = models.PositiveIntegerField(_("comments, as published"), null=True, blank=True)
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.title


class Action(Record):
    """One thing to do in a plan."""

    ID_PREFIX = "act"
    TELLING = ("text",)

    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="actions")
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    themes = CodesField(_("themes"))
    sdgs = CodesField(_("sustainable development goals"))
    organisations = models.ManyToManyField("directory.Organisation", related_name="actions", blank=True)
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title
