"""The answer to an invitation: yes, no, or who should be asked, on a page without sign-in."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.invitations import answer_invitation
from sympolis.office.synergies.queries import invitation_of
from sympolis.web.public.handed_out import handed_out, take_answer


@require_http_methods(["GET", "POST"])
@handed_out
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One answer that can be changed; whoever has the address from the mail may give it."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    status, problem = 200, ""
    if request.method == "POST":
        status, problem = take_answer(request, "answers", token, partial(answer_invitation, invitation))
    context = {"invitation": invitation, "answered": invitation, "answers": InvitationAnswer, "problem": problem}
    return render(request, "public/answer.html", context, status=status)
