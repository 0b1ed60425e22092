"""Registering for an event without an account, and one's own page to change or cancel it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sympolis.office.core.calendars import CONTENT_TYPE
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.events.calendars import event_calendar
from sympolis.office.events.dates import has_day, moments_of
from sympolis.office.events.models import Event, Registration, RegistrationRules
from sympolis.office.events.queries import visible_events
from sympolis.office.events.registering.actions import (
    cancel_registration,
    change_registration,
    give_feedback,
    register,
)
from sympolis.office.events.registering.certificates import certificate_pdf, has_certificate
from sympolis.office.events.registering.enums import RegistrationState
from sympolis.office.events.registering.errors import RegistrationRefused
from sympolis.office.events.registering.forms import FeedbackForm, RegistrationForm
from sympolis.office.events.registering.queries import is_asked_what_they_think, is_over, own_link, registration_of
from sympolis.web.public.addresses import find_page
from sympolis.web.public.bounds import has_room
from sympolis.web.public.events.pages import openness_here, with_places, zone_here
from sympolis.web.public.handed_out import handed_out
from sympolis.web.site_root import site_root

MOST_FROM_ONE_PLACE, IN_SECONDS = 40, 600
MOST_FOR_ONE_ADDRESS, IN_AN_HOUR = 5, 3600
MOST_CHANGES = 30


def _came_from(request: HttpRequest) -> str:
    """Where a request came from; behind the web server of this site what that one says."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _has_room(request: HttpRequest, event: Event, email: str) -> bool:
    """A person registers a few colleagues; a program registers a town, or fills a stranger's mailbox."""
    address = f"{event.public_id}-{email.casefold()}"
    return has_room("registering-from", _came_from(request), MOST_FROM_ONE_PLACE, IN_SECONDS) and has_room(
        "registering", address, MOST_FOR_ONE_ADDRESS, IN_AN_HOUR
    )


@never_cache
@require_http_methods(["GET", "POST"])
def register_page(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The form, while registration is open; else why it is not. Who falls into the trap is told nothing."""
    found = find_page(request, with_places(visible_events(request.user)), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    rules: RegistrationRules | None = getattr(found, "registering", None)
    opening = openness_here(found, timezone.now())
    if rules is None or opening is None:
        raise Http404
    if request.method == "POST" and request.POST.get("website"):
        return redirect("public:event_registered", slug=slug, public_id=public_id)
    form = RegistrationForm(rules, request.POST if request.method == "POST" else None)
    status, refused = 200, opening.refused.sentence if opening.refused else ""
    if request.method == "POST":
        status = 409 if refused else 400
        if not refused and form.is_valid():
            if _has_room(request, found, form.wish.email):
                try:
                    register(found, form.wish, site_root(request), zone_here(found))
                    return redirect("public:event_registered", slug=slug, public_id=public_id)
                except RegistrationRefused as refusal:
                    status, refused = refusal.status, refusal.sentence
            else:
                status = 429
                form.add_error(None, _("Very many registrations came from here just now. Try again in an hour."))
    context = {"event": found, "record": found, "rules": rules, "opening": opening, "form": form, "refused": refused}
    return render(request, "public/events/register.html", context, status=status)


@never_cache
@require_safe
def registered(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The same for everybody, registered before or not: what became of it stands in the mail."""
    found = find_page(request, visible_events(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    return render(request, "public/events/registered.html", {"event": found, "record": found})


def _by_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @handed_out
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        registration = registration_of(token)
        if registration is None:
            raise Http404
        return view(request, registration, token)

    return guarded


@require_http_methods(["GET", "POST"])
@_by_address
def registration(request: HttpRequest, mine: Registration, token: str) -> HttpResponse:
    """Looking changes nothing: mail programs look too. One button changes, another cancels."""
    rules = RegistrationRules.objects.prefetch_related("questions").get(event=mine.event)
    form = RegistrationForm(rules, registration=mine)
    status, problem = 200, ""
    if request.method == "POST":
        if not has_room("registration", token, MOST_CHANGES, IN_AN_HOUR):
            status, problem = 429, _("This was changed very often just now. Try again in an hour.")
        else:
            form = RegistrationForm(rules, request.POST, registration=mine)
            try:
                if done := _changed(request, mine, form):
                    messages.success(request, done)
                    return redirect("registration", token=token)
                status = 400
            except RegistrationRefused as refusal:
                status, problem = refusal.status, str(refusal.sentence)
    return render(request, "public/events/registration.html", _page(mine, token, form, problem), status=status)


def _changed(request: HttpRequest, mine: Registration, form: RegistrationForm) -> str:
    """What was done, in words; nothing where the form does not hold."""
    if request.POST.get("what") == "cancel":
        cancel_registration(mine)
        return _("Your registration is cancelled. A mail says so too.")
    if not form.is_valid():
        return ""
    change_registration(mine, form.wish)
    return _("Saved.")


def _page(mine: Registration, token: str, form: RegistrationForm, problem: str) -> dict[str, Any]:
    event, now = mine.event, timezone.now()
    zone = zone_here(event)
    moments = moments_of(event, zone)
    is_seen = event.visibility == "public"
    return {
        "mine": mine,
        "event": event,
        "event_url": event.get_absolute_url() if is_seen else "",
        "register_url": reverse("public:event_register", kwargs={"slug": event.slug, "public_id": event.public_id}),
        "form": form,
        "token": token,
        "problem": problem,
        "moments": moments,
        "zone": zone.key.replace("_", " "),
        "has_day": has_day(event),
        "link": own_link(mine, now),
        "is_over": is_over(event, moments, now),
        "is_asked": is_asked_what_they_think(mine, now) and not mine.gave_feedback,
        "is_cancelled": mine.state == RegistrationState.CANCELLED,
        "may_cancel": mine.state not in {RegistrationState.CANCELLED, RegistrationState.REFUSED},
        "has_certificate": has_certificate(mine, now),
    }


@require_safe
@_by_address
def registration_calendar(request: HttpRequest, mine: Registration, token: str) -> HttpResponse:
    """The event for one's own calendar, with the link where its time has come."""
    if not has_day(mine.event):
        raise Http404
    page = request.build_absolute_uri(reverse("registration", kwargs={"token": token}))
    link = own_link(mine, timezone.now())
    content = event_calendar(mine.event, zone_here(mine.event), reader_language(), page, link)
    headers = {"Content-Disposition": f'attachment; filename="{mine.event.public_id}.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


@require_safe
@_by_address
def registration_certificate(request: HttpRequest, mine: Registration, token: str) -> HttpResponse:
    """That somebody took part, as a PDF in the page's language."""
    if not has_certificate(mine, timezone.now()):
        raise Http404
    content = certificate_pdf(mine, reader_language())
    headers = {"Content-Disposition": f'attachment; filename="{mine.event.public_id}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "POST"])
@_by_address
def registration_feedback(request: HttpRequest, mine: Registration, token: str) -> HttpResponse:
    """Three questions once the event is over, where the office asks."""
    event, now = mine.event, timezone.now()
    if not is_asked_what_they_think(mine, now):
        raise Http404
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    status, problem, done = 200, "", mine.gave_feedback
    if request.method == "POST":
        status = 400
        if form.is_valid():
            said = form.cleaned_data
            try:
                give_feedback(mine, said["useful"], said["organised"], said["words"])
                status, done = 200, True
            except RegistrationRefused as refusal:
                status, problem = refusal.status, str(refusal.sentence)
    context = {"event": event, "form": form, "problem": problem, "done": done}
    return render(request, "public/events/feedback.html", context, status=status)
