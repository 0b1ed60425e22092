"""The answer of an organisation that was asked to be a partner: given once, on a page without sign-in."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sympolis.office.projects.applications.deadlines import here_in_words, in_words
from sympolis.office.projects.applications.enums import RequestState
from sympolis.office.projects.applications.queries import request_of
from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.partner_requests import Answered, Expired, answer_request, is_expired
from sympolis.web.public.handed_out import handed_out, take_answer


@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def partner_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address from the mail answers, until its day is over; what was answered is shown to them."""
    found = request_of(token)
    if found is None:
        raise Http404
    today, status, problem = timezone.localdate(), 200, ""
    if request.method == "POST":
        try:
            keep = partial(answer_request, found, on=today)
            status, problem = take_answer(request, "partner-answers", token, keep)
        except Answered:
            status, problem = 409, _("An answer was given already. Write to the office to change it.")
        except Expired:
            status = 410
        found = request_of(token)
    if found is None:
        raise Http404
    is_answered = found.state == RequestState.ANSWERED
    is_over = is_expired(found, today) and not is_answered
    application = found.partner.application
    deadline = (application.deadline_on, application.deadline_hour, application.deadline_zone)
    context = {
        "asked": found,
        "application": application,
        "answers": InvitationAnswer,
        "answer": dict(InvitationAnswer.choices).get(found.answer, ""),
        "is_answered": is_answered,
        "is_over": is_over,
        "deadline": in_words(*deadline),
        "deadline_here": here_in_words(*deadline),
        "problem": problem,
    }
    return render(request, "public/partner_answer.html", context, status=410 if is_over else status)
