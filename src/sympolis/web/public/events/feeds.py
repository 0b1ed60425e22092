"""Events for other programs: entries for a calendar, one or many, and feeds of what is to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sympolis.office.core.calendars import CONTENT_TYPE, with_version
from sympolis.office.core.templatetags.show import plain, reader_language, when
from sympolis.office.events.calendars import event_calendar, feed_calendar
from sympolis.office.events.dates import has_day, moments_of
from sympolis.office.events.models import Event
from sympolis.office.events.queries import public_link, visible_events
from sympolis.web.public.addresses import find_page
from sympolis.web.public.events.pages import Which, zone_here

MOST = 1_000
KEPT_DAYS = 365
"""How long a calendar keeps what is over: who subscribes sees a year back."""


def handed_on(which: Which) -> QuerySet[Event]:
    """What everybody may read, without examples and what nobody confirmed."""
    return which.among(visible_events(AnonymousUser())).filter(illustrative=False, confirmed=True)


def _office_name(request: HttpRequest) -> str:
    office = getattr(request, "office", None)
    return plain(office.name) if office else ""


@require_safe
def event_file(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One event for one's own calendar."""
    found = find_page(request, visible_events(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if not has_day(found):
        raise Http404
    zone = zone_here(found)
    link = public_link(found, moments_of(found, zone), timezone.now())
    page = request.build_absolute_uri(found.get_absolute_url())
    content = event_calendar(found, zone, reader_language(), page, link)
    headers = {"Content-Disposition": f'attachment; filename="{found.public_id}.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Events to come and of the last year, for a calendar to subscribe to: all, or of a language, theme or kind."""
    since = timezone.localdate() - timedelta(KEPT_DAYS)
    rows = with_version(handed_on(Which.of(request)).filter(start_latest__gte=since)).defer("imported", "folded")
    name = _("Events of %(office)s") % {"office": _office_name(request)}
    content = feed_calendar(
        rows.order_by("start_latest", "pk")[:MOST],
        zone_here,
        reader_language(),
        lambda event: request.build_absolute_uri(event.get_absolute_url()),
        name,
    )
    return HttpResponse(content, content_type=CONTENT_TYPE)


class EventsFeed(Feed[Event, Any]):
    """The last that were announced or changed, to come or not, as Atom."""

    feed_type: type[SyndicationFeed] = Atom1Feed
    latest = 30

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> tuple[str, Which]:
        return _office_name(request), Which.of(request)

    def title(self, obj: tuple[str, Which]) -> str:
        return _("Events of %(office)s") % {"office": obj[0]}

    def description(self, obj: tuple[str, Which]) -> str:
        return self.title(obj)

    def link(self, obj: tuple[str, Which]) -> str:
        return reverse("public:events")

    def items(self, obj: tuple[str, Which]) -> list[Event]:
        return list(handed_on(obj[1]).order_by("-start_latest", "-pk")[: self.latest])

    def item_title(self, item: Event) -> str:
        return plain(item.title)

    def item_description(self, item: Event) -> str:
        return " · ".join(part for part in (when(item.start), item.place, plain(item.topic)) if part)

    def item_guid(self, item: Event) -> str:
        return item.public_id

    item_guid_is_permalink = False

    def item_pubdate(self, item: Event) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Event) -> datetime:
        return item.updated_at


class EventsRss(EventsFeed):
    """The same as RSS."""

    feed_type = Rss201rev2Feed
