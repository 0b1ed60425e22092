"""News as a feed, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import plain
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.queries import visible_news

LATEST = 30


class NewsFeed(Feed[NewsItem, Any]):
    """What everybody may read, without examples."""

    feed_type: type[SyndicationFeed] = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        office = getattr(request, "office", None)
        return plain(office.name) if office else ""

    def title(self, obj: str) -> str:
        return _("News of %(office)s") % {"office": obj}

    def link(self, obj: str) -> str:
        return reverse("public:news")

    def items(self, obj: str) -> list[NewsItem]:
        return list(visible_news(AnonymousUser()).filter(illustrative=False, confirmed=True)[:LATEST])

    def item_title(self, item: NewsItem) -> str:
        return plain(item.title)

    def item_description(self, item: NewsItem) -> str:
        return plain(item.summary)

    def item_pubdate(self, item: NewsItem) -> datetime | None:
        if item.publishes_at:
            return item.publishes_at
        day = item.published.earliest or item.published.latest
        return datetime.combine(day, time(), UTC) if day else None


class NewsRss(NewsFeed):
    """The same for readers that know RSS alone."""

    feed_type = Rss201rev2Feed

    def description(self, obj: str) -> str:
        return self.title(obj)
