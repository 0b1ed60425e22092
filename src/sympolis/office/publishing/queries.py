"""Questions about news, as far as the reader may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem


def visible_news(user: Reader) -> QuerySet[NewsItem]:
    """Officers see all, everybody what is published and open to them once its moment has come.

    By the database's clock: pages keep the SQL of their questions, and a moment kept in it would never move on."""
    found = visible_records(user, NewsItem.objects.all())
    if is_officer(user):
        return found
    return found.filter(Q(publishes_at=None) | Q(publishes_at__lte=Now()), stage=Stage.PUBLISHED)


def changeable_news(user: Reader) -> QuerySet[NewsItem]:
    return changeable_records(user, NewsItem.objects.all())


def news_about(user: Reader, **whose: Any) -> QuerySet[NewsItem]:
    """News that tell of a project or an event: ``news_about(user, projects=project)``, each once."""
    wanted = Q()
    for name, record in whose.items():
        wanted |= Q(**{name: record})
    return visible_news(user).filter(pk__in=NewsItem.objects.filter(wanted).order_by().values("pk"))
