"""News of the office and its networks."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.publishing.enums import Stage


class NewsItem(Record):
    """A piece of news, in the languages it was written in."""

    ID_PREFIX = "new"
    PAGE = "news_item"

    title = MultilingualField(_("title"))
    summary = MultilingualField(_("summary"))
    body = MultilingualField(_("body"))  # rich text, see core/rich.py
    published_earliest = day()
    published_latest = day()
    published = Dated()
    organisation = models.ForeignKey(
        "directory.Organisation", models.SET_NULL, null=True, blank=True, related_name="news"
    )
    event = models.ForeignKey("events.Event", models.SET_NULL, null=True, blank=True, related_name="news")
    # What it tells of besides: it stands on their pages too.
    organisations = models.ManyToManyField("directory.Organisation", related_name="news_about", blank=True)
    projects = models.ManyToManyField("projects.Project", related_name="news", blank=True)
    events = models.ManyToManyField("events.Event", related_name="news_about", blank=True)
    blocks = models.JSONField(_("blocks"), default=list, blank=True, editable=False)  # see pages/blocks.py
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.PUBLISHED)
    answer = models.CharField(max_length=500, blank=True, editable=False)  # why a second reader sent it back
    translated_by = models.CharField(_("translated by"), max_length=200, blank=True)
    publishes_at = models.DateTimeField(_("publish it on"), null=True, blank=True)  # empty: at once
    waits = models.BooleanField(default=False, editable=False)  # for its moment: the index does not know it came yet
    history = HistoricalRecords(excluded_fields=["waits", "answer"], bases=[WithLists])

    class Meta:
        ordering = ("-published_latest", "-created_at")
        indexes = [models.Index(fields=["publishes_at"], condition=models.Q(waits=True), name="news_waiting")]

    def title_text(self) -> Text:
        return self.title

    @property
    def is_to_come(self) -> bool:
        return self.publishes_at is not None and self.publishes_at > timezone.now()


# Django finds a room's models here alone.
from sympolis.office.publishing.newsletter.models import (  # noqa: E402 - one file a capability
    Delivery,
    Issue,
    IssueBlock,
    MailPace,
    Return,
    Subscriber,
)
from sympolis.office.publishing.pages.models import (  # noqa: E402 - they name the models above
    OldAddress,
    Page,
    PageDraft,
    Picture,
    PublishingRules,
)
from sympolis.office.publishing.publications.models import Publication  # noqa: E402 - it names the models above

__all__ = [
    "Delivery", "Issue", "IssueBlock", "MailPace", "NewsItem", "OldAddress", "Page", "PageDraft", "Picture",
    "Publication", "PublishingRules", "Return", "Subscriber",
]  # fmt: skip
