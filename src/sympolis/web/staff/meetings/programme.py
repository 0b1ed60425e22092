"""The day's programme: proposed in one click, then changed row by row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core.form_fields import HourField, language_now
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from sympolis.office.synergies.attendees import propose_attendees
from sympolis.office.synergies.models import Slot
from sympolis.office.synergies.programme import (
    Planned,
    departments_of,
    keep_programme,
    propose_programme,
    slots_of,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.meetings.access import meeting_or_404

SPARE, MOST_ROWS = 2, 40


class SlotForm(forms.Form):
    """One row. A row without a title is no slot: emptying it takes it out."""

    from_hour = HourField(label=gettext_lazy("From (hour)"))
    until_hour = HourField(label=gettext_lazy("To (hour)"))
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=300, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    departments = forms.MultipleChoiceField(
        label=gettext_lazy("Departments"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"})
    )

    def __init__(self, slot: Slot | None, departments: list[Department], data: Any, prefix: str) -> None:
        self.slot, self.by_id = slot, {one.public_id: one for one in departments}
        super().__init__(data, prefix=prefix, initial=_initial(slot))
        offered: Any = self.fields["departments"]
        offered.choices = [
            (one.public_id, f"{one.organisation} · {one.name.best(language_now()).text}") for one in departments
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("title"):
            return cleaned
        begins, over = cleaned.get("from_hour"), cleaned.get("until_hour")
        if begins is None and "from_hour" not in self.errors:
            self.add_error("from_hour", _("Say when it begins."))
        if begins and over and over <= begins:
            self.add_error("until_hour", _("It ends before it begins."))
        return cleaned

    @property
    def planned(self) -> Planned | None:
        said = self.cleaned_data
        if not said.get("title"):
            return None
        title = Text(self.slot.title) if self.slot else Text()
        if said["title"] != title.best(language_now()).text:
            title = Text.of(**{language_now(): said["title"]})  # its other languages said what no longer holds
        who = [self.by_id[public_id] for public_id in said["departments"]]
        return Planned(said["from_hour"], said["until_hour"], title, said["place"], who)


def _initial(slot: Slot | None) -> dict[str, Any]:
    if slot is None:
        return {}
    return {
        "from_hour": slot.from_hour,
        "until_hour": slot.until_hour,
        "title": slot.title.best(language_now()).text,
        "place": slot.place,
        "departments": [one.public_id for one in slot.departments.all()],
    }


@officers
@require_http_methods(["GET", "POST"])
def programme(request: HttpRequest, public_id: str) -> HttpResponse:
    """All rows on one page, with two empty ones; saved as a whole."""
    meeting = meeting_or_404(request, public_id)
    departments = departments_of(request.user, meeting.organisations.all())
    slots: list[Slot | None] = [*slots_of(request.user, meeting)[:MOST_ROWS], *[None] * SPARE]
    posted = request.POST if request.method == "POST" else None
    rows = [SlotForm(slot, departments, posted, _prefix(slot, at)) for at, slot in enumerate(slots)]
    valid = [row.is_valid() for row in rows]  # each of them is told what is wrong
    if posted is not None and all(valid):
        keep_programme(reader(request), meeting, [one for row in rows if (one := row.planned)])
        messages.success(request, _("Saved."))
        return redirect("staff:meeting", public_id=public_id)
    return render(request, "staff/meetings/programme.html", {"meeting": meeting, "rows": rows})


def _prefix(slot: Slot | None, at: int) -> str:
    return f"s{slot.pk}" if slot else f"new{at}"


@officers
@require_POST
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = meeting_or_404(request, public_id)
    user = reader(request)
    if propose_programme(user, meeting):
        propose_attendees(user, meeting)
        messages.success(request, _("Proposed out of what the two share. Change what you like."))
    return redirect("staff:meeting_programme", public_id=public_id)
