"""What waits, links to hand out, a year in numbers; the page of one request with its answer; asking while signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core.models import RetiredId
from sympolis.office.synergies.helping.actions import answer_request, ask_signed_in, open_help_link, withdraw_help_link
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.office.synergies.helping.forms import AnswerForm, AskSignedInForm, HelpLinkForm
from sympolis.office.synergies.helping.models import HelpLink
from sympolis.office.synergies.helping.queries import (
    asked_by,
    changeable_requests,
    is_open,
    open_requests,
    visible_help_links,
    yearly,
    years_asked,
)
from sympolis.web.public.bounds import has_room
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.qr_code import picture_of
from sympolis.web.staff.records.gone import gone

MOST_SHOWN = 100
IN_A_ROW = (
    "public_id", "title", "kind", "state", "due", "asked_on", "illustrative", "department__name",
    "owner__first_name", "owner__last_name", "owner__email",
)  # fmt: skip
MOST_ASKED, IN_SECONDS = 20, 3600


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """A new link's address is in this one answer alone."""
    user, today, made = reader(request), timezone.localdate(), None
    form = HelpLinkForm(
        request.POST if request.method == "POST" else None, user=user, initial={"language": user.language}
    )
    if request.method == "POST" and form.is_valid():
        link = form.save(commit=False)
        made = _handed_out(request, link, open_help_link(user, link))
        form = HelpLinkForm(user=user, initial={"language": user.language})
    years = years_asked(user)
    written = request.GET.get("year", "")
    year = int(written) if written.isdecimal() and int(written[:4]) in years else (years[0] if years else today.year)
    rows = yearly(user, year)
    context = {
        "requests": open_requests(user).only(*IN_A_ROW)[:MOST_SHOWN],
        "links": [
            (link, is_open(link, today)) for link in visible_help_links(user).select_related("department")[:MOST_SHOWN]
        ],
        "form": form,
        "made": made,
        "today": today,
        "years": years,
        "year": year,
        "kinds": HelpKind,
        "rows": rows[:-1],
        "sums": rows[-1] if rows else None,
    }
    return render(request, "staff/helping/overview.html", context, status=422 if form.errors else 200)


def _handed_out(request: HttpRequest, link: HelpLink, token: str) -> dict[str, object]:
    with override(link.language):
        address = site_root(request) + reverse("ask_help", kwargs={"token": token})
    return {"link": link, "address": address, "picture": picture_of(address)}


@officers
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_help_link(reader(request), get_object_or_404(visible_help_links(request.user), pk=pk))
    messages.success(request, _("Closed: nobody asks there any more. What was asked stays."))
    return redirect("staff:help")


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was asked, and its answer, which goes to who asked by mail."""
    if retired := RetiredId.objects.filter(public_id=public_id).first():
        return gone(request, retired)
    found = get_object_or_404(changeable_requests(request.user), public_id=public_id)
    initial: dict[str, Any] = {"answer": found.answer, "state": HelpState.ANSWERED}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer_request(reader(request), found, form.cleaned_data["answer"], HelpState(form.cleaned_data["state"]))
        sent, kept = _("Answered: the mail is on its way."), _("Saved. There is no mail address to write to.")
        messages.success(request, sent if found.email else kept)
        return redirect("staff:help_request", public_id=public_id)
    context = {"asked": found, "form": form, "today": timezone.localdate()}
    return render(request, "staff/helping/request.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """For everybody who signs in: the form, and what they asked before with its answers."""
    user = reader(request)
    known = {"name": str(user) if user.get_full_name() else "", "email": user.email}
    form = AskSignedInForm(request.POST if request.method == "POST" else None, user=user, initial=known)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if has_room("help-signed-in", str(user.pk), MOST_ASKED, IN_SECONDS):
                ask_signed_in(user, form.asked(), form.cleaned_data["department"])
                messages.success(request, _("Thank you. The office has it, and the answer comes by mail."))
                return redirect("staff:help_ask")
            status = 429
            form.add_error(None, _("A great deal was written here. Try again in an hour, or ask the office."))
    context = {"form": form, "before": asked_by(user)[:MOST_SHOWN]}
    return render(request, "staff/helping/ask.html", context, status=status)
