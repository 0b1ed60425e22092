"""A study or another publication. Its files are documents that hang on it, one a language or version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.publishing.publications.enums import PublicationKind


class Publication(Record):
    """``bodies`` are the organisations whose it is; ``authors`` the names of people as they stand on its cover."""

    ID_PREFIX = "pub"
    PAGE = "publication"

    title = MultilingualField(_("title"))
    kind = models.CharField(_("kind"), max_length=20, choices=PublicationKind.choices, default=PublicationKind.STUDY)
    summary = MultilingualField(_("summary"))
    bodies = models.ManyToManyField("directory.Organisation", related_name="publications", blank=True)
    authors = models.CharField(_("authors"), max_length=500, blank=True)
    project = models.ForeignKey("projects.Project", models.SET_NULL, null=True, blank=True, related_name="publications")
    published_earliest = day()
    published_latest = day()
    published = Dated()
    languages = CodesField(_("languages"))
    themes = CodesField(_("themes"))
    link = models.CharField(_("where it can be read"), max_length=1000, blank=True)
    isbn = models.CharField("ISBN", max_length=13, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("-published_latest", "sort_key")

    def title_text(self) -> Text:
        return self.title

    def other_names(self) -> tuple[str, ...]:
        """Its authors and its numbers: people look for these."""
        return tuple(filter(None, (self.authors, self.isbn, self.doi)))
