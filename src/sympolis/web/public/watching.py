"""Stopping the mails about calls without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sympolis.office.synergies.watching.actions import set_rhythm
from sympolis.office.synergies.watching.digest import reader_by
from sympolis.office.synergies.watching.enums import Rhythm
from sympolis.web.public.handed_out import handed_out


@csrf_exempt  # mail programs send the one click (RFC 8058); who has the address can do nothing but stop the mails
@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def calls_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since programs open the addresses in mails too; the button does."""
    reader = reader_by(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        set_rhythm(reader.person, Rhythm.OFF)
        reader.refresh_from_db()
    return render(request, "public/calls_stop.html", {"is_off": reader.rhythm == Rhythm.OFF})
