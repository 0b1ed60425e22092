"""Pages that a handed-out address opens without sign-in: kept in no cache and in no search engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.web.public.bounds import has_room

MOST_ANSWERS, IN_SECONDS = 20, 3600


def handed_out(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @never_cache
    @wraps(view)
    def unlisted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return unlisted


def take_answer(request: HttpRequest, what: str, token: str, keep: Callable[[str, str], object]) -> tuple[int, str]:
    """Hand yes, no or somebody else over to ``keep``, with the words to it; the status, and what was wrong."""
    given = request.POST.get("answer", "")
    if given not in InvitationAnswer.values:
        return 400, _("Choose one of the three answers.")
    if not has_room(what, token, MOST_ANSWERS, IN_SECONDS):
        return 429, _("This answer was changed very often just now. Try again in an hour.")
    keep(given, request.POST.get("words", ""))
    return 200, ""
