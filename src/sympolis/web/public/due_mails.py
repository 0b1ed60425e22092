"""Stopping the mails about what is due without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sympolis.office.projects.mornings import gets_mails, one_click, set_mails
from sympolis.web.public.handed_out import handed_out


@csrf_exempt  # mail programs send the one click (RFC 8058); who has the address can do nothing but stop the mails
@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def due_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since programs open the addresses in mails too; the button does."""
    person = one_click.person(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        set_mails(person, False)
    return render(request, "public/due_stop.html", {"is_off": not gets_mails(person)})
