"""An officer's own calendar, for the program they subscribe with: events, meetings, sessions and promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Event as Entry

from sympolis.office.core.calendars import CONTENT_TYPE, PUBLISH, has_day, with_version, written
from sympolis.office.core.models import Record, User
from sympolis.office.core.templatetags.show import plain, reader_language
from sympolis.office.events.calendars import event_entry
from sympolis.office.events.own_calendar import officer_behind
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.sessions.calendars import session_entry
from sympolis.office.planning.sessions.queries import visible_sessions
from sympolis.office.synergies.calendars import meeting_entry, promise_entry
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.queries import visible_commitments, visible_meetings
from sympolis.web.public.events.pages import office_zone, zone_here

KEPT_DAYS = 365
MOST = 500  # of each kind


@never_cache
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """All an officer may see, a year back and to come, in their language. Whoever has the address reads it."""
    user = officer_behind(token)
    if user is None:
        raise Http404
    office = getattr(request, "office", None)
    with translation.override(user.language):
        name = _("Calendar of %(office)s") % {"office": plain(office.name) if office else ""}
        content = written(_entries(request, user), PUBLISH, name)
    return HttpResponse(content, content_type=CONTENT_TYPE)


def _entries(request: HttpRequest, user: User) -> Iterator[Entry]:
    """Whose day is known. Examples are nobody's appointments."""
    since, zone, language = timezone.localdate() - timedelta(KEPT_DAYS), office_zone(), reader_language()
    real = {"illustrative": False}
    for event in _latest(visible_events(user).filter(start_latest__gte=since, **real), "start_latest"):
        if has_day(event.start):
            page = request.build_absolute_uri(event.get_absolute_url())
            yield event_entry(event, zone_here(event), language, page, event.link)
    meetings = visible_meetings(user).filter(starts_latest__gte=since, **real).prefetch_related("slots")
    for meeting in _latest(meetings, "starts_latest"):
        if has_day(meeting.starts):
            yield meeting_entry(meeting, zone, language, _page(request, "staff:meeting", meeting.public_id))
    for session in _latest(visible_sessions(user).filter(starts_latest__gte=since, **real), "starts_latest"):
        if has_day(session.starts):
            yield session_entry(session, zone, language, request.build_absolute_uri(session.get_absolute_url()))
    yield from _promises(request, user, since, language)


def _promises(request: HttpRequest, user: User, since: date, language: str) -> Iterator[Entry]:
    """Those that are open, on their last day."""
    rows = visible_commitments(user).filter(status=CommitmentStatus.OPEN, illustrative=False, due_latest__gte=since)
    for promise in _latest(rows.select_related("organisation", "meeting"), "due_latest"):
        link = (
            _page(request, "staff:meeting", promise.meeting.public_id)
            if promise.meeting
            else request.build_absolute_uri(promise.organisation.get_absolute_url())
        )
        yield promise_entry(promise, language, link)


def _latest[R: Record](records: QuerySet[R], by: str) -> QuerySet[R]:
    return with_version(records).defer("imported", "note").order_by(f"-{by}", "pk")[:MOST]


def _page(request: HttpRequest, name: str, public_id: str) -> str:
    return request.build_absolute_uri(reverse(name, kwargs={"public_id": public_id}))
