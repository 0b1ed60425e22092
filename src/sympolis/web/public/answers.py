"""The answer to an invitation: yes, no, or who should be asked, on a page without sign-in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.invitations import answer_invitation
from sympolis.office.synergies.models import Invitation
from sympolis.office.synergies.queries import invitation_of
from sympolis.web.public.bounds import has_room

MOST_ANSWERS, IN_SECONDS = 20, 3600


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One answer that can be changed; whoever has the address from the mail may give it."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    context = {"invitation": invitation, "answers": InvitationAnswer, "problem": ""}
    status = 200
    if request.method == "POST":
        status, context["problem"] = _take(request, invitation, token)
    response = render(request, "public/answer.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _take(request: HttpRequest, invitation: Invitation, token: str) -> tuple[int, str]:
    given = request.POST.get("answer", "")
    if given not in InvitationAnswer.values:
        return 400, _("Choose one of the three answers.")
    if not has_room("answers", token, MOST_ANSWERS, IN_SECONDS):
        return 429, _("This answer was changed very often just now. Try again in an hour.")
    answer_invitation(invitation, given, request.POST.get("words", ""))
    return 200, ""
