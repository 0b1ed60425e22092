"""The page of a meeting: who, when, what was said and promised; its notes and its promises in one click."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.calendars import has_day
from sympolis.office.core.models import RetiredId
from sympolis.office.core.queries import is_officer
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.synergies.attendee_mails import facts_told
from sympolis.office.synergies.attendees import is_out_of_date, to_be_invited
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.forms import NotesForm
from sympolis.office.synergies.meetings import (
    changeable_commitments,
    keep_meeting,
    make_meeting_of,
    set_promise_status,
)
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.programme import slots_of
from sympolis.office.synergies.queries import visible_attendees, visible_commitments, visible_meetings
from sympolis.web.public.serves import serves
from sympolis.web.staff.brief.access import brief_or_404, officers, reader
from sympolis.web.staff.meetings.access import meeting_or_404
from sympolis.web.staff.records.gone import gone
from sympolis.web.staff.records.saving import keep_change
from sympolis.web.staff.records.tables.synergies import MEETINGS
from sympolis.web.staff.records.views import clashes_of

NOTES = replace(MEETINGS, form=NotesForm, keep=lambda form: keep_meeting(form.instance))
STATES = (CommitmentStatus.DONE, CommitmentStatus.OPEN, CommitmentStatus.DROPPED)


@login_required
@require_safe
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """For the office all of it; for the contacts of those who meet what is theirs to see."""
    if retired := RetiredId.objects.filter(public_id=public_id).first():
        return gone(request, retired)
    rows = visible_meetings(request.user).select_related("brief").defer("brief__document")
    return _page(request, get_object_or_404(rows, public_id=public_id))


def _page(request: HttpRequest, found: Meeting, form: Any = None) -> HttpResponse:
    officer = is_officer(request.user)
    clashes = clashes_of(form) if form else []
    seen = visible_organisations(request.user)
    organisations = list(seen.filter(meetings=found).order_by("sort_key"))
    promises = visible_commitments(request.user).filter(meeting=found).select_related("organisation")
    context: dict[str, Any] = {
        "meeting": found,
        "organisations": organisations,
        "serves": serves(reader(request), [one.country for one in organisations]),
        "promises": list(promises.order_by("due_latest", "sort_key")),
        "today": timezone.localdate(),
        "states": STATES,
        "has_day": has_day(found.starts),
        "slots": list(slots_of(request.user, found)),
    }
    if officer:
        context |= _attendees(request, found)
        context["clashes"] = clashes
        context["form"] = _again(form, bool(clashes)) or NotesForm(instance=found, user=request.user)
        context["two"] = organisations[:2] if len(organisations) > 1 else []
    return render(request, "staff/meetings/meeting.html", context, status=409 if clashes else 200)


def _attendees(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    """Who takes part, how many mails wait to be sent, and what else can be done with the list."""
    today = timezone.localdate()
    rows = list(visible_attendees(request.user).filter(meeting=found).select_related("organisation"))
    facts = facts_told(found)
    return {
        "attendees": [(row, is_out_of_date(row, facts)) for row in rows],
        "waiting_mails": len(to_be_invited(found, rows, today)),
        "is_asked": any(row.asked_at for row in rows),
        "is_begun": has_day(found.starts) and found.starts.earliest <= today,
    }


def _again(form: Any, clashes: bool) -> Any:
    return form.again() if form and clashes else form


@officers
@require_POST
def notes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the notes. What somebody else wrote meanwhile is shown, not lost."""
    found = meeting_or_404(request, public_id)
    form = keep_change(NOTES, found, request.user, request.POST, None).form
    if not form.is_valid():
        return _page(request, meeting_or_404(request, public_id), form)
    if request.POST.get("what") == "pick":
        return redirect("staff:meeting_pick", public_id=public_id)
    messages.success(request, _("Saved."))
    return redirect("staff:meeting", public_id=public_id)


@officers
@require_POST
def meeting_of_brief(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the meeting a brief prepares, on the day that was written beside the button."""
    brief = brief_or_404(request, public_id)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        messages.error(request, _("Say on which day they meet."))
        return redirect("staff:brief", public_id=public_id)
    made = make_meeting_of(reader(request), brief, on)
    messages.success(request, _("The meeting is there, with both partners and this brief."))
    return redirect("staff:meeting", public_id=made.public_id)


@officers
@require_POST
def promise_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Done, open again or dropped, and back to the meeting."""
    promise = get_object_or_404(changeable_commitments(request.user).select_related("meeting"), public_id=public_id)
    status = request.POST.get("status", "")
    if status not in STATES:
        raise Http404
    set_promise_status(reader(request), promise, status)
    if promise.meeting is None:
        return redirect("staff:change", public_id=public_id)
    return redirect("staff:meeting", public_id=promise.meeting.public_id)
