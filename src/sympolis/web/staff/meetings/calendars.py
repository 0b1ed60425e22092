"""A meeting or a promise for one's own calendar, for who may see it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from sympolis.office.core.calendars import CONTENT_TYPE, has_day
from sympolis.office.core.form_fields import language_now
from sympolis.office.synergies.calendars import meeting_calendar, promise_calendar
from sympolis.office.synergies.queries import visible_commitments, visible_meetings


@login_required
@require_safe
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(visible_meetings(request.user), public_id=public_id)
    if not has_day(found.starts):
        raise Http404
    office: Any = getattr(request, "office", None)
    zone = ZoneInfo(office.time_zone if office else "UTC")
    return _file(public_id, meeting_calendar(found, zone, language_now(), _page(request, public_id)))


@login_required
@require_safe
def promise(request: HttpRequest, public_id: str) -> HttpResponse:
    rows = visible_commitments(request.user).select_related("organisation", "meeting")
    found = get_object_or_404(rows, public_id=public_id)
    if found.due_latest is None:
        raise Http404
    meeting_id = found.meeting.public_id if found.meeting else ""
    link = (
        _page(request, meeting_id) if meeting_id else request.build_absolute_uri(found.organisation.get_absolute_url())
    )
    return _file(public_id, promise_calendar(found, language_now(), link))


def _page(request: HttpRequest, public_id: str) -> str:
    return request.build_absolute_uri(reverse("staff:meeting", kwargs={"public_id": public_id}))


def _file(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
