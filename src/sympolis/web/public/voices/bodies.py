"""What is sent to these pages has a bound that is looked at before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

MOST_BYTES = 256 * 1024
"""A comment of the longest kind in the widest script, sent as a form, takes 60 kB; four times as much still comes back
to be shortened."""

type View = Callable[..., HttpResponse]


def small_bodies(view: View) -> View:
    """Refuse what is too large by what its sender says of it; only then look for forgery, which reads the form."""
    protected: View = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if not said.isdigit() or int(said) > MOST_BYTES:
            return render(request, "public/voices/too_large.html", status=413)
        return protected(request, *args, **kwargs)

    return bounded
