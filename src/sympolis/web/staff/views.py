"""The first screen after signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sympolis.office.core.queries import is_officer, reads_office
from sympolis.web.staff.records.documents import KINDS
from sympolis.web.staff.today import members_day, officers_day, readers_day


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """An officer's day; what of it is to be read; of everybody else, their own organisation."""
    user: Any = request.user
    if is_officer(user):
        day = officers_day(user, getattr(request, "office", None))
        return render(request, "staff/dashboard.html", {**day, "kinds": KINDS})
    if reads_office(user):
        return render(request, "staff/reader.html", {**readers_day(user), "kinds": KINDS})
    return render(request, "staff/member.html", members_day(user))
