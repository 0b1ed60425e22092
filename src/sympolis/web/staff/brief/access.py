"""Briefs are the office's own work: who may open these pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from sympolis.office.core.models import User
from sympolis.office.synergies.models import Brief
from sympolis.office.synergies.queries import visible_briefs

type View = Callable[..., HttpResponseBase]


def officers(view: View) -> View:
    """Visitors are sent to sign in, everybody else who is no officer is refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reader(request).is_officer:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def office_readers(view: View) -> View:
    """The same for pages that those may look at who read what is the office's: they look, and send nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = reader(request)
        if not user.reads_office or not (user.is_officer or request.method in {"GET", "HEAD"}):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def reader(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user


def brief_or_404(request: HttpRequest, public_id: str) -> Brief:
    briefs = visible_briefs(request.user).select_related("left", "right", "network", "made_by")
    return get_object_or_404(briefs, public_id=public_id)
