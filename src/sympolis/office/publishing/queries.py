"""Questions about news, as far as the reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from sympolis.office.core.queries import Reader, changeable_records, visible_records
from sympolis.office.publishing.models import NewsItem


def visible_news(user: Reader) -> QuerySet[NewsItem]:
    return visible_records(user, NewsItem.objects.all())


def changeable_news(user: Reader) -> QuerySet[NewsItem]:
    return changeable_records(user, NewsItem.objects.all())
