"""Pages with what readers see of them, what is being written, pictures, and addresses that were."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.models import Record
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.publishing.enums import Stage


class Page(Record):
    """A page of the site, in every language it has. Its words and blocks are those readers see; until it was first
    published they are those of its draft, and only the office sees it. Its history is that of what was published."""

    ID_PREFIX = "pag"
    PAGE = "office_page"
    PARTS = ("drafts",)

    title = MultilingualField(_("title"))
    summary = MultilingualField(_("summary"))
    blocks = models.JSONField(_("blocks"), default=list, blank=True, editable=False)  # see blocks.py
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="below")
    position = models.PositiveIntegerField(_("order"), default=0)
    published_at = models.DateTimeField(null=True, editable=False)  # the last time; null: never yet
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    history = HistoricalRecords(excluded_fields=["published_by"])  # who saved a version is said of each

    class Meta:
        ordering = ("position", "sort_key", "pk")

    def title_text(self) -> Text:
        return self.title


class PageDraft(models.Model):
    """What a page is to be: kept apart from what readers see until somebody publishes it. One a page at most."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="drafts")
    title = MultilingualField(_("title"))
    summary = MultilingualField(_("summary"))
    blocks = models.JSONField(default=list, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    publishes_at = models.DateTimeField(null=True)  # of one that was approved and waits
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)  # why it was sent back
    changed_at = models.DateTimeField(auto_now=True)
    objects: ClassVar[models.Manager[PageDraft]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page"], name="one_draft_a_page")]
        indexes = [models.Index(fields=["publishes_at"], condition=models.Q(stage="scheduled"), name="drafts_waiting")]


PICTURES = "pictures"  # their folder among the media


class Picture(models.Model):
    """A picture somebody uploaded, made afresh in several widths. Blocks name it by ``name``, which nobody guesses."""

    name = models.CharField(max_length=32, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)  # of the files there are, the smallest first
    alt = MultilingualField(_("what is to be seen"))
    credit = models.CharField(_("by whom, under which licence"), max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("-added_at", "-pk")

    def __str__(self) -> str:
        return str(self.alt)

    def kept_files(self) -> list[Path]:
        """Its files, which no column names: whoever looks through the home asks for them."""
        folder = Path(settings.MEDIA_ROOT) / PICTURES
        return [*(folder / f"{self.name}-{width}.webp" for width in self.widths), folder / f"{self.name}-share.jpg"]


class OldAddress(models.Model):
    """An address of the site before, and where whoever asks for it is led."""

    path = models.CharField(_("old address"), max_length=500, unique=True)
    leads_to = models.CharField(_("leads to"), max_length=500)
    objects: ClassVar[models.Manager[OldAddress]] = models.Manager()  # said, because the checker does not see it
    history = HistoricalRecords()

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path


class PublishingRules(models.Model):
    """How the office publishes. One row, or none where nothing was ever said."""

    second_reader = models.BooleanField(
        _("A second person reads news and pages before they are published"), default=False
    )
    history = HistoricalRecords()
