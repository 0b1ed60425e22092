"""Who takes part in a meeting: choose, invite, tell of changes, see their page, note who came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.form_fields import language_now
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.attendees import (
    MOST_ATTENDEES,
    Candidate,
    TooMany,
    add_attendees,
    candidates_of,
    invite,
    note_who_was_there,
    take_off,
)
from sympolis.office.synergies.models import Attendee, Meeting
from sympolis.office.synergies.queries import visible_attendees
from sympolis.web.public.taking_part import page_of
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.meetings.access import meeting_or_404

SPARE = 3


class ChoiceForm(forms.Form):
    """Known people and mailboxes, to be ticked."""

    chosen = forms.MultipleChoiceField(
        label=_("Known to the office"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "checks"})
    )

    def __init__(self, candidates: list[Candidate], data: Any) -> None:
        self.by_key = {one.key: one.attendee for one in candidates}
        super().__init__(data, prefix="known", initial={"chosen": [one.key for one in candidates if one.fits]})
        offered: Any = self.fields["chosen"]
        offered.choices = [(one.key, _said(one.attendee)) for one in candidates]

    @property
    def attendees(self) -> list[Attendee]:
        return [self.by_key[key] for key in self.cleaned_data["chosen"]]


def _said(attendee: Attendee) -> str:
    organisation = attendee.organisation.short_name or attendee.organisation.title_text().best(language_now()).text
    return " · ".join(part for part in (organisation, attendee.name, attendee.post, attendee.email) if part)


class AttendeeForm(forms.Form):
    """Somebody the office does not know yet. A row without a name and an address is nobody."""

    name = forms.CharField(label=capfirst(_("name")), max_length=200, required=False)
    post = forms.CharField(label=capfirst(_("post")), max_length=200, required=False)
    organisation = forms.ChoiceField(label=_("On behalf of"), required=False)
    email = forms.EmailField(label=capfirst(_("mail address")), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, required=False)

    def __init__(self, organisations: list[Organisation], data: Any, number: int) -> None:
        self.by_id = {one.public_id: one for one in organisations}
        super().__init__(data, prefix=f"new{number}", initial={"language": language_now()})
        whose: Any = self.fields["organisation"]
        whose.choices = [("", "—"), *((key, one.title_text().best().text) for key, one in self.by_id.items())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_somebody and not cleaned.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Say on whose behalf."))
        return cleaned

    @property
    def is_somebody(self) -> bool:
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("email"))

    @property
    def attendee(self) -> Attendee:
        said = self.cleaned_data
        made = Attendee(organisation=self.by_id[said["organisation"]], name=said["name"], post=said["post"])
        made.email, made.language = said["email"], said["language"] or "en"
        return made


@officers
@require_http_methods(["GET", "POST"])
def attendees(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tick those the office knows, write down others."""
    meeting = meeting_or_404(request, public_id)
    organisations = list(meeting.organisations.order_by("sort_key"))
    posted = request.POST if request.method == "POST" else None
    known = ChoiceForm(candidates_of(request.user, meeting), posted)
    rows = [AttendeeForm(organisations, posted, number) for number in range(SPARE)]
    valid = [form.is_valid() for form in (known, *rows)]
    if posted is not None and all(valid):
        chosen = [*known.attendees, *(row.attendee for row in rows if row.is_somebody)]
        if _added(request, meeting, chosen):
            return redirect("staff:meeting", public_id=public_id)
        known.add_error(None, _("A meeting takes %(n)d people here. Invite by department.") % {"n": MOST_ATTENDEES})
    context = {"meeting": meeting, "known": known, "rows": rows, "form": known}
    return render(request, "staff/meetings/attendees.html", context)


def _added(request: HttpRequest, meeting: Meeting, chosen: Iterable[Attendee]) -> bool:
    try:
        made = add_attendees(reader(request), meeting, chosen)
    except TooMany:
        return False
    said = ngettext("%(n)d added. Nobody is told yet.", "%(n)d added. Nobody is told yet.", len(made))
    messages.success(request, said % {"n": len(made)})
    return True


@officers
@require_POST
def invitations(request: HttpRequest, public_id: str) -> HttpResponse:
    """Invite those who wait for it, and tell those of a change who were told something else."""
    meeting = meeting_or_404(request, public_id)
    count = invite(reader(request), meeting, site_root(request), timezone.localdate())
    said = ngettext("%(n)d mail goes out now.", "%(n)d mails go out now.", count)
    messages.success(request, said % {"n": count})
    return redirect("staff:meeting", public_id=public_id)


@officers
@require_POST
def off(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    meeting = meeting_or_404(request, public_id)
    one = get_object_or_404(_attendees_of(request, meeting), pk=number)
    if take_off(reader(request), meeting, [one], site_root(request)):
        messages.success(request, _("They are told by mail, and leave the list with it."))
    return redirect("staff:meeting", public_id=public_id)


@officers
@require_POST
def call_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take everybody off the list: who was asked is told, and the meeting leaves their calendars."""
    meeting = meeting_or_404(request, public_id)
    count = take_off(reader(request), meeting, _attendees_of(request, meeting), site_root(request))
    said = ngettext("%(n)d mail goes out now.", "%(n)d mails go out now.", count)
    messages.success(request, said % {"n": count})
    return redirect("staff:meeting", public_id=public_id)


@officers
@require_POST
def attendance(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = meeting_or_404(request, public_id)
    there = {int(number) for number in request.POST.getlist("there") if number.isascii() and number.isdigit()}
    note_who_was_there(reader(request), meeting, there)
    messages.success(request, _("Saved."))
    return redirect("staff:meeting", public_id=public_id)


@officers
@require_safe
def preview(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The page of somebody who takes part, as they read it, in their language."""
    meeting = meeting_or_404(request, public_id)
    one = get_object_or_404(_attendees_of(request, meeting), pk=number)
    with override(one.language):
        return render(request, "public/takes_part.html", {**page_of(one), "is_preview": True})


def _attendees_of(request: HttpRequest, meeting: Meeting) -> Any:
    rows = visible_attendees(request.user).filter(meeting=meeting)
    return rows.select_related("organisation", "department", "meeting")
