"""The address of one's own calendar: shown once, made anew when somebody else may have it, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sympolis.office.events.own_calendar import calendar_key_of, make_calendar_key, withdraw_calendar_key
from sympolis.web.public.events.subscribing import Subscribing
from sympolis.web.staff.brief.access import officers, reader


@officers
@never_cache
@require_http_methods(["GET", "POST"])
def calendar_key(request: HttpRequest) -> HttpResponse:
    user, address = reader(request), None
    if request.POST.get("what") == "withdraw":
        withdraw_calendar_key(user)
        messages.success(request, _("Withdrawn: programs that used the address get nothing from now on."))
        return redirect("account_calendar")
    if request.method == "POST":
        path = reverse("own_calendar", kwargs={"token": make_calendar_key(user)})
        address = Subscribing(request.build_absolute_uri(path))
    return render(request, "account/calendar.html", {"key": calendar_key_of(user), "address": address})
