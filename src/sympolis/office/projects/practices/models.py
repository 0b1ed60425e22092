"""A practice: a problem, what was done about it, what it cost and what came of it, told so that others can use it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record
from sympolis.office.core.texts import CodesField, MultilingualField, Text


class Practice(Record):
    """Whom to ask about it is a service with its shared mailbox: people are on no public page."""

    ID_PREFIX = "pra"
    PAGE = "practice"
    TELLING = ("problem", "done")
    TOGETHER = (("cost", "currency"),)

    title = MultilingualField(_("title"))
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="practices")
    project = models.ForeignKey("projects.Project", models.SET_NULL, null=True, blank=True, related_name="practices")
    problem = MultilingualField(_("the problem"))
    done = MultilingualField(_("what was done"))
    results = MultilingualField(_("results"))
    lessons = MultilingualField(_("what others can learn from it"))
    evidence = MultilingualField(_("how that is known"), help_text=_("Figures, an evaluation, who says so."))
    evidence_url = models.CharField(_("where that can be read"), max_length=1000, blank=True)
    cost = models.DecimalField(_("what it cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    start_earliest = day()
    start_latest = day()
    end_earliest = day()
    end_latest = day()
    start = Dated()
    end = Dated()
    place = models.CharField(_("place"), max_length=200, blank=True)
    countries = CodesField(_("countries"))
    themes = CodesField(_("themes"))
    sdgs = CodesField(_("sustainable development goals"))
    contact = models.CharField(_("whom to ask"), max_length=200, blank=True)
    mailbox = models.EmailField(_("shared mailbox"), blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("sort_key",)
        indexes = [models.Index(fields=["visibility", "illustrative", "themes"], name="practice_counts")]

    def title_text(self) -> Text:
        return self.title
