"""What every page can show: the office and the same page in other languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def page(request: HttpRequest) -> dict[str, Any]:
    office = getattr(request, "office", None)
    offered = office.languages if office and office.languages else [code for code, _ in settings.LANGUAGES]
    here = request.get_full_path()
    return {
        "office": office,
        "alternates": [(code, name, translate_url(here, code)) for code, name in settings.LANGUAGES if code in offered],
    }
