"""The consortium of an application: partners and how sure they are, the call's rules, proposals, asking by mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.applications.actions import add_partner, change_partner, remove_partner
from sympolis.office.projects.applications.enums import PartnerRole, PartnerState
from sympolis.office.projects.applications.forms import DayField, PartnerForm
from sympolis.office.projects.models import PartnerRequest
from sympolis.office.synergies.application_partners import proposed
from sympolis.office.synergies.partner_requests import draft_request, send_request
from sympolis.web.site_root import site_root
from sympolis.web.staff.applications.access import application_or_404, partner_or_404
from sympolis.web.staff.applications.page import page_of, partners_of
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.consortium.views import said_out, saying_of


@officers
@require_POST
def partner(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more: by name, or one that was proposed."""
    found = application_or_404(request, public_id)
    if key := request.POST.get("proposed", ""):
        house = get_object_or_404(visible_organisations(request.user), public_id=key)
        role = PartnerRole.PARTNER
    else:
        form = PartnerForm(request.POST, user=request.user)
        if not form.is_valid():
            return page_of(request, found, partner_form=form)
        house, role = form.cleaned_data["organisation"], PartnerRole(form.cleaned_data["role"])
    if house.pk == found.organisation_id:
        messages.warning(request, _("It applies itself."))
    elif not add_partner(reader(request), found, house, role):
        messages.info(request, _("It is on the list already."))
    return redirect("staff:application", public_id=public_id)


@officers
@require_POST
def partner_change(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Another role or state, or off the list."""
    row = partner_or_404(request, public_id, number)
    if request.POST.get("what") == "remove":
        remove_partner(reader(request), row)
        return redirect("staff:application", public_id=public_id)
    role, state = request.POST.get("role", ""), request.POST.get("state", "")
    if role not in PartnerRole.values or state not in PartnerState.values:
        raise Http404
    change_partner(reader(request), row, PartnerRole(role), PartnerState(state))
    messages.success(request, _("Saved."))
    return redirect("staff:application", public_id=public_id)


@officers
@require_safe
def proposals(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who would add most, with reasons: a page of its own, because it takes a moment."""
    found = application_or_404(request, public_id)
    rows = partners_of(request, found)
    proposals = proposed(request.user, found, rows, timezone.localdate())
    context: dict[str, Any] = {"application": found}
    if (built := proposals.built) is not None:
        hidden = [("call", built.call.id), ("lead", proposals.lead.public_id), ("application", found.public_id)]
        context |= {
            "proposed": [(one, saying_of(built, one.party, hidden)) for one in proposals.found],
            **said_out(built, hidden),
        }
    return render(request, "staff/applications/proposals.html", context)


class AskForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """The mail to a partner, ready to be changed."""

    expires_on = DayField(label=gettext_lazy("To be answered until"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = PartnerRequest
        fields = ("to", "subject", "body", "language", "expires_on")
        widgets = {
            "subject": forms.TextInput(attrs={"dir": "auto"}),
            "body": forms.Textarea(attrs={"rows": 12, "dir": "auto", "maxlength": 10_000}),
        }

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > 10_000:
            raise forms.ValidationError(_("A mail of at most 10,000 letters is read."), code="long")
        return body

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day is None or day < timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is not past."), code="past")
        return day


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The mail as drafted in the partner's language; sent by who presses the button, and answered without sign-in."""
    row = partner_or_404(request, public_id, number)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else ""
    draft = draft_request(reader(request), row, timezone.localdate(), language)
    form = AskForm(request.POST if request.method == "POST" else None, instance=draft)
    if request.method == "POST" and form.is_valid():
        send_request(reader(request), form.save(commit=False), site_root(request))
        messages.success(request, _("The mail is on its way. The answer will stand here."))
        return redirect("staff:application", public_id=public_id)
    context = {"application": row.application, "partner": row, "form": form, "languages": settings.LANGUAGES}
    return render(request, "staff/applications/ask.html", context, status=422 if form.errors else 200)
