"""Who asks: a program with a token, somebody signed in, or anybody. And how often a token may ask."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from sympolis.office.core import uploads
from sympolis.office.core.api_tokens import good_token
from sympolis.office.core.enums import TokenScope
from sympolis.office.core.models import ApiToken
from sympolis.web.api.problems import Refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PER_MINUTE = 300
MINUTE_S = 60
MOST_BYTES = 2**20


class Token(HttpBearer):
    """``Authorization: Bearer`` with a good token stands for its user; without one whoever is signed in is meant.

    Reading is open to anybody. Who writes has a token that may, or is signed in and sends the page's own sign against
    forged requests, as every form does.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if int(request.META.get("CONTENT_LENGTH") or 0) > self._most_bytes(request):
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                _("What was sent is larger than %(size)s MB. Send less at once.")
                % {"size": self._most_bytes(request) // 2**20},
            )
        written = request.headers.get("Authorization", "")
        token = self._token(request, written) if written else None
        if request.method in SAFE:
            return request.user
        if token is None:
            self._check_signed_in(request)
        elif token.scope != TokenScope.WRITE:
            raise PermissionDenied(_("This token may only read. Make one that may write on the page of your account."))
        return request.user

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError  # all of it happens in the call

    def _most_bytes(self, request: HttpRequest) -> int:
        """Of a file as much as a form takes, with what is said beside it."""
        is_file = request.content_type == "multipart/form-data"
        return uploads.MOST_BYTES + MOST_BYTES if is_file else MOST_BYTES

    def _token(self, request: HttpRequest, written: str) -> ApiToken:
        scheme, _space, rest = written.partition(" ")
        token = good_token(rest.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationError(
                message=_("This token opens nothing: it is not one of ours, has run out, or was withdrawn.")
            )
        request.user = token.user
        request.api_token = token  # type: ignore[attr-defined]
        if "Accept-Language" not in request.headers:
            translation.activate(token.user.language)
        return token

    def _check_signed_in(self, request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            raise AuthenticationError(message=_("Writing needs a token. Make one on the page of your account."))
        if check_csrf(request) is not None:
            raise PermissionDenied(_("Who writes while signed in sends the header X-CSRFToken. Programs use a token."))


class TokenThrottle(BaseThrottle):
    """So many calls a minute with one token; people who read are not counted.

    The library's own keeps what it counts in itself, where several threads meet.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is None:
            return True
        key = f"api-token-{token.pk}-{int(time.time() // MINUTE_S)}"
        cache.add(key, 0, 2 * MINUTE_S)
        try:
            return cache.incr(key) <= PER_MINUTE
        except ValueError:  # swept away in between
            return True

    def wait(self) -> float:
        return MINUTE_S - time.time() % MINUTE_S
