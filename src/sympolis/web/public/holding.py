"""The answer to whether a need still holds: yes or no, on a page without sign-in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sympolis.office.projects.holding import answer_holds
from sympolis.office.projects.queries import question_of
from sympolis.web.public.handed_out import handed_out


@require_http_methods(["GET", "POST"])
@handed_out
def holds(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since programs open the addresses in mails too; one of two buttons does."""
    question = question_of(token, timezone.now())
    if question is None:
        raise Http404
    need = question.need
    context = {"need": need, "organisation": need.organisation, "question": question}
    given = request.POST.get("holds")
    if request.method == "POST" and question.answered_at is None and given in {"yes", "no"}:
        answer_holds(question, given == "yes", timezone.localdate())
    return render(request, "public/holds.html", context)
