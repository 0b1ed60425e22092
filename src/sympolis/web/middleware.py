"""What every request knows: the office, and its time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from sympolis.office.core.queries import standing_remembered
from sympolis.office.directory.queries import current_office, is_empty_home

FIRST_RUN = "staff:first_run"


class OfficeMiddleware:
    """``request.office`` is asked for once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        office = current_office()
        request.office = office  # type: ignore[attr-defined]
        with standing_remembered(), timezone.override(ZoneInfo(office.time_zone) if office else None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """In an empty home every page leads to the one that opens the office."""
        match = request.resolver_match
        first_run = match is not None and match.view_name == FIRST_RUN
        if request.office is None and not first_run and is_empty_home():  # type: ignore[attr-defined]
            return redirect(FIRST_RUN)
        return None
