"""Where a piece of news or a page stands on its way to readers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """From writing to being read. What has its moment ahead is published by the clock."""

    DRAFT = "draft", pgettext_lazy("publishing", "Draft")
    WAITING = "waiting", pgettext_lazy("publishing", "Waits to be read by a second person")
    SCHEDULED = "scheduled", pgettext_lazy("publishing", "Waits for its moment")
    PUBLISHED = "published", pgettext_lazy("publishing", "Published")
