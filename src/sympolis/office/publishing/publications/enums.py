"""What kinds of publications there are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PublicationKind(models.TextChoices):
    STUDY = "study", _("Study")
    REPORT = "report", _("Report")
    ARTICLE = "article", pgettext_lazy("publication", "Article")
    BOOK = "book", _("Book")
    GUIDE = "guide", _("Guide")
    OTHER = "other", _("Other publication")
