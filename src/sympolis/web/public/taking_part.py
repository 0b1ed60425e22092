"""The page of somebody who takes part in a meeting: their day, whom they meet, and their answer, without sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sympolis.office.core.calendars import CONTENT_TYPE, has_day
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.synergies.attendees import (
    answer_as,
    attendee_of,
    departments_with_part,
    is_page_open,
    parts_of,
)
from sympolis.office.synergies.calendars import meeting_calendar
from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.models import Attendee
from sympolis.web.public.handed_out import handed_out, take_answer


def _by_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of an address out of a mail; long after the meeting it says that it is over."""

    @handed_out
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        attendee = attendee_of(token)
        if attendee is None:
            raise Http404
        if is_page_open(attendee, timezone.localdate()):
            return view(request, attendee, token)
        return render(request, "public/takes_part_over.html", {"attendee": attendee}, status=410)

    return guarded


@require_http_methods(["GET", "POST"])
@_by_address
def takes_part(request: HttpRequest, attendee: Attendee, token: str) -> HttpResponse:
    """Looking changes nothing; one of three buttons does, and its answer can be changed."""
    status, problem = 200, ""
    if request.method == "POST":
        status, problem = take_answer(request, "taking-part", token, partial(answer_as, attendee))
    context = {**page_of(attendee), "token": token, "problem": problem, "answers": InvitationAnswer}
    return render(request, "public/takes_part.html", context, status=status)


def page_of(attendee: Attendee) -> dict[str, Any]:
    """What stands on the page: only what everybody may see of departments, and nobody else's name."""
    parts = parts_of(AnonymousUser(), attendee)
    return {
        "attendee": attendee,
        "answered": attendee,
        "meeting": attendee.meeting,
        "parts": parts,
        "met": departments_with_part(parts),
        "organisations": list(_who_meets(attendee)),
        "has_day": has_day(attendee.meeting.starts),
    }


def _who_meets(attendee: Attendee) -> QuerySet[Organisation]:
    """Those everybody may see, and their own house."""
    seen = visible_organisations(AnonymousUser()).values("pk")
    meet = attendee.meeting.organisations.filter(Q(pk__in=seen) | Q(pk=attendee.organisation_id))
    return meet.order_by("sort_key")


@require_safe
@_by_address
def calendar(request: HttpRequest, attendee: Attendee, token: str) -> HttpResponse:
    """The meeting for their own calendar."""
    if not has_day(attendee.meeting.starts):
        raise Http404
    office: Any = getattr(request, "office", None)
    zone = ZoneInfo(office.time_zone if office else "UTC")
    page = request.build_absolute_uri(request.path.removesuffix("calendar/"))
    content = meeting_calendar(attendee.meeting, zone, reader_language(), page)
    headers = {"Content-Disposition": f'attachment; filename="{attendee.meeting.public_id}.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
