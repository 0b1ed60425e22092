"""News and the office's pages as feeds, in the reader's language, each with its first picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _

from sympolis.office.core.models import Record
from sympolis.office.core.templatetags.show import plain, reader_language
from sympolis.office.publishing.models import NewsItem, Page
from sympolis.office.publishing.pages.blocks import picture_names
from sympolis.office.publishing.pages.models import PICTURES
from sympolis.office.publishing.pages.pictures import share_address
from sympolis.office.publishing.pages.queries import visible_pages
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.addresses import identity

LATEST = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose feed it is, and the request, for addresses have to be whole in it."""

    office: str
    request: HttpRequest

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        office = getattr(request, "office", None)
        return cls(plain(office.name) if office else "", request)


def for_a_feed[R: Record](request: HttpRequest, records: Iterable[R]) -> list[R]:
    """Each with its name for life and its pictures: a feed is one object for all requests and knows none of them."""
    found = list(records)
    for one in found:
        one.feed_id = request.build_absolute_uri(identity(one))  # type: ignore[attr-defined]
        one.feed_pictures = _pictures(request, one)  # type: ignore[attr-defined]
    return found


def _pictures(request: HttpRequest, record: Record) -> list[Enclosure]:
    """The first one, in the shape that is shared; a file that is gone is left out."""
    names = picture_names(getattr(record, "blocks", ()))
    file = Path(settings.MEDIA_ROOT) / PICTURES / f"{names[0]}-share.jpg" if names else None
    if file is None or not file.is_file():
        return []
    return [Enclosure(request.build_absolute_uri(share_address(names[0])), str(file.stat().st_size), "image/jpeg")]


class RecordsFeed[R: Record, Wish](Feed[R, Wish]):
    """What every feed of records has in common."""

    feed_type: type[SyndicationFeed] = Atom1Feed
    item_guid_is_permalink = False

    def item_guid(self, item: Any) -> str:
        said: str = item.feed_id
        return said

    def item_enclosures(self, item: Any) -> list[Enclosure]:
        pictures: list[Enclosure] = item.feed_pictures
        return pictures

    def item_title(self, item: Any) -> str:
        return plain(item.title)

    def item_updateddate(self, item: Any) -> datetime:
        changed: datetime = item.updated_at
        return changed


class NewsFeed(RecordsFeed[NewsItem, Asked]):
    """The latest news that everybody may read, without examples."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Asked:
        return Asked.of(request)

    def title(self, obj: Asked) -> str:
        return _("News of %(office)s") % {"office": obj.office}

    def link(self, obj: Asked) -> str:
        return reverse("public:news")

    def items(self, obj: Asked) -> list[NewsItem]:
        rows = visible_news(AnonymousUser()).filter(illustrative=False, confirmed=True)
        return for_a_feed(obj.request, rows.defer("imported", "note", "folded")[:LATEST])

    def item_description(self, item: NewsItem) -> str:
        return plain(item.summary)

    def item_pubdate(self, item: NewsItem) -> datetime | None:
        if item.publishes_at:
            return item.publishes_at
        day = item.published.earliest or item.published.latest
        return datetime.combine(day, time(), UTC) if day else None


class PagesFeed(RecordsFeed[Page, Asked]):
    """The pages of the reader's language that were published last, anew or for the first time."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Asked:
        return Asked.of(request)

    def title(self, obj: Asked) -> str:
        return _("Pages of %(office)s") % {"office": obj.office}

    def link(self, obj: Asked) -> str:
        return reverse("public:pages")

    def items(self, obj: Asked) -> list[Page]:
        rows = visible_pages(AnonymousUser()).filter(illustrative=False, confirmed=True)
        rows = rows.filter(**{f"title__{reader_language()}__text__isnull": False})
        latest = rows.defer("imported", "note", "folded").order_by("-published_at", "-pk")
        return for_a_feed(obj.request, latest[:LATEST])

    def item_description(self, item: Page) -> str:
        return plain(item.summary)

    def item_pubdate(self, item: Page) -> datetime | None:
        return item.published_at


class NewsRss(NewsFeed):
    """The same for readers that know RSS alone."""

    feed_type = Rss201rev2Feed

    def description(self, obj: Asked) -> str:
        return self.title(obj)


class PagesRss(PagesFeed):
    """The same as RSS."""

    feed_type = Rss201rev2Feed

    def description(self, obj: Asked) -> str:
        return self.title(obj)
