"""At the door, on a phone: type a few letters of a name, press one button."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sympolis.office.events.registering.actions import check_in
from sympolis.office.events.registering.enums import RegistrationState
from sympolis.office.events.registering.queries import counts_of, visible_registrations
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.events.access import event_or_404

MOST_SHOWN = 60
ABSENT = (RegistrationState.CANCELLED, RegistrationState.REFUSED)


@officers
@never_cache
@require_http_methods(["GET", "POST"])
def checking_in(request: HttpRequest, public_id: str) -> HttpResponse:
    event = event_or_404(request, public_id)
    words = (request.POST.get("q") or request.GET.get("q", "")).replace("\x00", "").strip()[:200]
    if request.method == "POST":
        number = request.POST.get("who", "")
        valid = number.isascii() and number.isdigit() and len(number) < 19
        if not valid or check_in(reader(request), event, int(number), request.POST.get("what") != "undo") is None:
            raise Http404
        page = reverse("staff:event_check_in", kwargs={"public_id": public_id})
        return redirect(f"{page}?{urlencode({'q': words})}" if words and request.POST.get("what") == "undo" else page)
    rows = visible_registrations(request.user).filter(event=event).exclude(state__in=ABSENT)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(house__icontains=words) | Q(email__istartswith=words))
    found = list(rows.order_by("came_at", "name", "pk")[: MOST_SHOWN + 1])
    context = {
        "event": event, "question": words, "rows": found[:MOST_SHOWN], "is_more": len(found) > MOST_SHOWN,
        "counts": counts_of(event),
    }  # fmt: skip
    return render(request, "staff/events/check_in.html", context)
