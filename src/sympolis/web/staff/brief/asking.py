"""Asking a member along: the mail is written for the officer, who changes it, and approves it or keeps it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sympolis.office.directory.queries import visible_organisations
from sympolis.office.synergies.enums import InvitationState
from sympolis.office.synergies.invitations import approve_invitation, draft_invitation, keep_draft
from sympolis.office.synergies.models import Invitation
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import brief_or_404, officers, reader
from sympolis.web.staff.brief.forms import InvitationForm


@officers
@require_http_methods(["GET", "POST"])
def brief_ask(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    brief = brief_or_404(request, public_id)
    organisation = get_object_or_404(visible_organisations(request.user), public_id=member)
    earlier = brief.invitations.filter(organisation=organisation).select_related("approved_by").first()
    if earlier is not None and (earlier.state != InvitationState.DRAFT or earlier.approved_by_id):
        return render(request, "staff/brief/asked.html", {"brief": brief, "invitation": earlier})
    language = request.GET.get("language", "")
    known = language in dict(settings.LANGUAGES)
    if earlier is None or known:
        pk = earlier.pk if earlier else None
        earlier = draft_invitation(reader(request), brief, organisation, language if known else "")
        earlier.pk = pk
    form = InvitationForm(request.POST or None, instance=earlier)
    if request.method == "POST" and form.is_valid():
        return _decided(request, form.save(commit=False))
    context = {"brief": brief, "member": organisation, "invitation": earlier, "form": form}
    return render(request, "staff/brief/ask.html", {**context, "languages": settings.LANGUAGES})


def _decided(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.POST.get("what") == "send":
        approve_invitation(reader(request), invitation, site_root(request))
        messages.success(request, _("Approved in your name: the mail is on its way."))
    else:
        keep_draft(reader(request), invitation)
        messages.success(request, _("Kept. It goes out when you approve it."))
    return redirect("staff:brief", public_id=invitation.brief.public_id)
