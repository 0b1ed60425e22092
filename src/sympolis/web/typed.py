"""What somebody had typed comes back to be copied, where its page can no longer take it: their right to it was taken
away, or they were signed out, or signed in anew, while the page was open."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

NOT_TYPED = ("csrf", "seen", "client_id")
"""How fields begin that nobody writes sentences into, or that no page shows."""


def typed_words(request: HttpRequest) -> list[str]:
    """Whatever of a form is more than one word: choices, numbers and codes are quickly made again."""
    return [
        value.strip()
        for name, values in request.POST.lists()
        if not name.startswith(NOT_TYPED) and "password" not in name
        for value in values
        if isinstance(value, str) and len(value.split()) > 1 and value.lstrip()[0] not in "{["
    ]


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of everything that is refused to who asks for it."""
    return _page(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is not of this page and this sign-in. Words are shown alone where our own page has sent them: what
    another site sends is nobody's."""
    from_here = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    about = _("You have signed in or out since this page was opened, or your browser keeps no cookies. Open it again.")
    return _page(request, typed=typed_words(request) if from_here else [], about=about)


def _page(request: HttpRequest, typed: list[str] | None = None, about: str = "") -> HttpResponse:
    context = {
        "typed": typed_words(request) if typed is None else typed,
        "about": about,
        "came_from": _page_of(request),
        "sign_in": redirect_to_login(_page_of(request) or reverse("public:home"))["Location"],
    }
    return render(request, "403.html", context, status=403)


def _page_of(request: HttpRequest) -> str:
    """Where the form was that was sent: its own address often opens nothing."""
    if request.method != "POST":
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, request.get_host()):
        return ""
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class TypedWordsMiddleware:
    """Whoever was signed out while they wrote is told so, with their words; nobody is sent away from them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
            return response
        leads_to_sign_in = urlsplit(response["Location"]).path == reverse("account_login")
        return _page(request) if leads_to_sign_in and typed_words(request) else response
