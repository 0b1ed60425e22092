"""What every request knows: the office, its time zone, and that its language is one of those the office offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language_from_path

from sympolis.office.directory.models import Office
from sympolis.office.directory.queries import current_office, is_empty_home
from sympolis.web.context import in_language

SAFE = frozenset({"GET", "HEAD"})
OF_ONE_PERSON = "private, no-cache"
"""For what lies between the browser and this server: ``Vary: Cookie`` is not heeded by all of it."""
FIRST_RUN = "staff:first_run"
POLLS = "/since/"
"""How addresses end that a script asks every other second: what they answer names neither the office nor an hour."""


class OfficeMiddleware:
    """``request.office`` is asked for once a request, and not for those that come by the thousand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.endswith(POLLS) and request.headers.get("X-Requested-With") == "fetch":
            return self.get_response(request)
        office = current_office()
        request.office = office  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(office.time_zone) if office else None):
            response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", OF_ONE_PERSON)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """In an empty home every page leads to the one that opens the office."""
        if not hasattr(request, "office"):
            return None
        match = request.resolver_match
        first_run = match is not None and match.view_name == FIRST_RUN
        if request.office is None and not first_run and is_empty_home():
            return redirect(FIRST_RUN)
        return _in_an_offered_language(request, request.office) if request.office else None


def _in_an_offered_language(request: HttpRequest, office: Office) -> HttpResponse | None:
    """Where the office speaks, for who asks for a public page in a language it does not offer (any more).

    Whoever was written to finds the page of that mail in the mail's language, and a form that was open goes through.
    """
    match, asked = request.resolver_match, get_language_from_path(request.path_info)
    if match is None or match.namespace != "public" or "token" in match.kwargs or request.method not in SAFE:
        return None
    if not asked or asked in (office.languages or [asked]):
        return None
    spoken = office.default_language
    return redirect(in_language(request.get_full_path(), spoken if spoken in office.languages else office.languages[0]))
