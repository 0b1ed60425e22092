"""Who watches the calls for what, how each call was seen last, what happened to calls, and who was told of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.office.projects.enums import Gives
from sympolis.office.synergies.watching.enums import NewsKind, Origin, Rhythm


class Watch(models.Model):
    """What one person watches the calls for: filters, and at most one portfolio: an organisation's or a plan's."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    label = models.CharField(_("name"), max_length=200, blank=True)
    words = models.CharField(_("words"), max_length=200, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    country = models.CharField(_("applicants from"), max_length=2, blank=True)
    kind = models.CharField(_("who applies"), max_length=40, blank=True)
    gives = models.CharField(_("kind of call"), max_length=10, choices=Gives.choices, blank=True)
    theme = models.CharField(_("theme"), max_length=40, blank=True)
    origin = models.CharField(_("which calls"), max_length=10, choices=Origin.choices, blank=True)
    closes_within = models.PositiveSmallIntegerField(_("closes within"), null=True, blank=True)  # days
    organisation = models.ForeignKey(
        "directory.Organisation", models.CASCADE, null=True, blank=True, related_name="watches"
    )
    plan = models.ForeignKey("planning.Plan", models.CASCADE, null=True, blank=True, related_name="watches")
    made_at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager[Watch]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(plan__isnull=True), name="watch_of_one_portfolio"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """By what answers to the calls it finds are kept."""
        return f"watch:{self.pk}"


class WatchReader(models.Model):
    """How often somebody is told by mail of what was noticed for them, and when that last happened."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watch_reader")
    rhythm = models.CharField(_("mails"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)
    since = models.DateTimeField()  # what happened before is not told by mail
    told_on = models.DateField(null=True)
    objects: ClassVar[models.Manager[WatchReader]] = models.Manager()  # said, because the checker does not see it


class SeenCall(models.Model):
    """A call as it was when somebody last looked: what is other the next time is news."""

    call = models.CharField(max_length=200, unique=True)  # public id, or the id of the world's data
    origin = models.CharField(max_length=10, choices=Origin.choices)
    deadlines = models.CharField(max_length=1000, blank=True)  # as written, with commas between
    is_open = models.BooleanField(default=False)


class CallNews(models.Model):
    """One thing that happened to a call."""

    call = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    kind = models.CharField(max_length=10, choices=NewsKind.choices)
    was = models.CharField(max_length=1000, blank=True)  # deadlines before and now, with commas between
    now = models.CharField(max_length=1000, blank=True)
    on = models.DateField()
    noticed_at = models.DateTimeField(null=True, db_index=True)  # when it was held against what people watch
    objects: ClassVar[models.Manager[CallNews]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [models.UniqueConstraint(fields=["call", "kind", "was", "now", "on"], name="call_news_once")]
        indexes = [models.Index(fields=["kind", "call", "now"], name="call_news_told")]


class Noticed(models.Model):
    """That news of a call answers what somebody watches, with why, and whether a mail told it: never twice.

    ``because`` and ``against`` are ``{"detail", "values"}`` in no language: the words come with the reader.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="noticed_calls")
    news = models.ForeignKey(CallNews, models.CASCADE, related_name="noticed")
    watch = models.ForeignKey(Watch, models.SET_NULL, null=True, related_name="noticed")
    because = models.JSONField(default=list)
    against = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True, db_index=True)
    objects: ClassVar[models.Manager[Noticed]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-news__on", "-pk")
        constraints = [models.UniqueConstraint(fields=["person", "news"], name="noticed_once")]
