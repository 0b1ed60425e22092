"""Who works on what at one or two organisations: whom a host brings into the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sympolis.office.core.form_fields import ChosenCodesField, theme_choices
from sympolis.office.core.queries import Reader
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.who import WhoWorks, who_works_on
from sympolis.web.staff.brief.access import office_readers, reader


class WhoForm(forms.Form):
    """One or two houses by name, and the themes of the visit."""

    host = OrganisationField(label=_("Organisation"))
    guest = OrganisationField(label=_("And another one"), required=False)
    themes = ChosenCodesField(theme_choices, label=_("Themes"), help_text=_("None ticked: all of them."))

    def __init__(self, *args: Any, user: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("host", "guest"):
            field = self.fields[name]
            assert isinstance(field, OrganisationField)
            field.user = user


@office_readers
@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Departments first, then people, then the local partners; each with what says so."""
    asked = bool(request.GET.get("host"))
    form = WhoForm(request.GET if asked else None, user=request.user, initial=_our_own(request))
    answers: list[WhoWorks] = []
    if asked and form.is_valid():
        told = form.cleaned_data
        houses = list(dict.fromkeys(one for one in (told["host"], told["guest"]) if one))
        answers = who_works_on(reader(request), houses, told["themes"], timezone.localdate())
    return render(request, "staff/who/who.html", {"form": form, "answers": answers})


def _our_own(request: HttpRequest) -> dict[str, object]:
    office = getattr(request, "office", None)
    return {"host": office.organisation} if office and office.organisation else {}
