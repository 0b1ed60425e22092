"""What a page is made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class BlockKind(models.TextChoices):
    """One piece of a page or of news."""

    TEXT = "text", pgettext_lazy("block", "Text")
    PICTURE = "picture", pgettext_lazy("block", "Picture")
    QUOTE = "quote", pgettext_lazy("block", "Quotation")
    DOCUMENT = "document", pgettext_lazy("block", "Document")
    LIVE = "live", pgettext_lazy("block", "List that keeps itself up to date")


class LiveList(models.TextChoices):
    """What a list that keeps itself up to date is of."""

    MEMBERS = "members", pgettext_lazy("block", "Members of a network")
    PROJECTS = "projects", pgettext_lazy("block", "Projects")
    EVENTS = "events", pgettext_lazy("block", "Events to come")
    CALLS = "calls", pgettext_lazy("block", "Open calls")
    NEWS = "news", pgettext_lazy("block", "Latest news")
