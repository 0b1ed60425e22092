"""Events: who organises, where, in which languages, who speaks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text


class Event(Record):
    """A conference, webinar, assembly or visit."""

    ID_PREFIX = "eve"
    PAGE = "event"
    TELLING = ("topic",)

    title = MultilingualField(_("title"))
    topic = MultilingualField(_("topic"))
    start_earliest = day()
    start_latest = day()
    end_earliest = day()
    end_latest = day()
    start = Dated()
    end = Dated()
    place = models.CharField(_("place"), max_length=200, blank=True)
    languages = CodesField(_("languages spoken"))
    speakers = models.TextField(_("speakers"), blank=True)
    organisers = models.ManyToManyField("directory.Organisation", related_name="events_organised", blank=True)
    cities = models.ManyToManyField("directory.Organisation", related_name="events_attended", blank=True)
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("-start_latest", "sort_key")
        indexes = [models.Index(fields=["source_id", "source"], name="event_source")]

    def title_text(self) -> Text:
        return self.title
