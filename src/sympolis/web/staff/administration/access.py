"""Pages for administrators only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

type View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Signed-out visitors are asked to sign in; everybody else who is no administrator is refused."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("core.administer"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded_view: View = guarded
    return guarded_view
