"""Who may bring in spreadsheets: the office's own people."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from sympolis.office.core.models import User
from sympolis.office.core.queries import is_officer

type View = Callable[..., HttpResponse]


def officers_only(view: View) -> View:
    """Visitors are asked to sign in; everybody else who is no officer is refused."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_officer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def officer_of(request: HttpRequest) -> User:
    """The officer who asks."""
    assert isinstance(request.user, User)
    return request.user
