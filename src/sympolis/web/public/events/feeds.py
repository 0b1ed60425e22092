"""Events for other programs: entries for a calendar, one or many, and feeds of what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
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
from sympolis.web.public.feeds import Asked, RecordsFeed, for_a_feed

MOST = 1_000
KEPT_DAYS = 365
"""How long a calendar keeps what is over: who subscribes sees a year back."""


def handed_on(which: Which) -> QuerySet[Event]:
    """What everybody may read, without examples and what nobody confirmed."""
    return which.among(visible_events(AnonymousUser())).filter(illustrative=False, confirmed=True)


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
    name = _("Events of %(office)s") % {"office": Asked.of(request).office}
    content = feed_calendar(
        rows.order_by("start_latest", "pk")[:MOST],
        zone_here,
        reader_language(),
        lambda event: request.build_absolute_uri(event.get_absolute_url()),
        name,
    )
    return HttpResponse(content, content_type=CONTENT_TYPE)


@dataclass(frozen=True, slots=True)
class AskedEvents(Asked):
    """Of which events."""

    which: Which

    @classmethod
    def of(cls, request: HttpRequest) -> AskedEvents:
        asked = Asked.of(request)
        return cls(asked.office, asked.request, Which.of(request))


class EventsFeed(RecordsFeed[Event, AskedEvents]):
    """Those that begin last, to come or not, as Atom."""

    latest = 30

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> AskedEvents:
        return AskedEvents.of(request)

    def title(self, obj: AskedEvents) -> str:
        return _("Events of %(office)s") % {"office": obj.office}

    def description(self, obj: AskedEvents) -> str:
        return self.title(obj)

    def link(self, obj: AskedEvents) -> str:
        return reverse("public:events")

    def items(self, obj: AskedEvents) -> list[Event]:
        rows = handed_on(obj.which).order_by("-start_latest", "-pk")
        return for_a_feed(obj.request, rows.defer("imported", "note", "folded")[: self.latest])

    def item_description(self, item: Event) -> str:
        return " · ".join(part for part in (when(item.start), item.place, plain(item.topic)) if part)

    def item_pubdate(self, item: Event) -> datetime:
        return item.created_at


class EventsRss(EventsFeed):
    """The same as RSS."""

    feed_type = Rss201rev2Feed
