"""Addresses of the site before: asked for only where there is no page, so that they cost other requests nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from sympolis.office.publishing.pages.models import OldAddress

LONGEST = 500


class OldAddressesMiddleware:
    """A page that is not there may be one that moved: 301 to where it is now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return answer
        asked = request.get_full_path()
        if len(asked) > LONGEST:
            return answer
        rows = dict(OldAddress.objects.filter(path__in={asked, request.path}).values_list("path", "leads_to"))
        leads_to = rows.get(asked) or rows.get(request.path)
        return HttpResponsePermanentRedirect(leads_to) if leads_to else answer
