"""Questions about news, as far as the reader may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.publishing.models import NewsItem


def visible_news(user: Reader) -> QuerySet[NewsItem]:
    """Officers see all, everybody what is public once its moment has come."""
    found = visible_records(user, NewsItem.objects.all())
    return found if is_officer(user) else found.filter(Q(publishes_at=None) | Q(publishes_at__lte=timezone.now()))


def changeable_news(user: Reader) -> QuerySet[NewsItem]:
    return changeable_records(user, NewsItem.objects.all())
