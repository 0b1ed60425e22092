"""What every request knows: the office, and its time zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sympolis.office.directory.queries import current_office


class OfficeMiddleware:
    """``request.office`` is asked for once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        office = current_office()
        request.office = office  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(office.time_zone) if office else None):
            return self.get_response(request)
