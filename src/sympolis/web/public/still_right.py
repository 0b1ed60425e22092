"""A member says that its page is still right, on a page without sign-in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sympolis.office.directory.keeping_pages import confirm_page, page_question_of
from sympolis.web.public.handed_out import handed_out


@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since programs open the addresses in mails too; the button does."""
    question = page_question_of(token, timezone.now())
    if question is None:
        raise Http404
    if request.method == "POST":
        confirm_page(question)
    return render(request, "public/still_right.html", {"question": question, "organisation": question.organisation})
