"""Signing up with double opt-in, choosing and leaving without a password, and the issues that were sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sympolis.office.core.templatetags.show import marked_for, reader_language
from sympolis.office.publishing.newsletter.enums import BlockKind, SubscriberState
from sympolis.office.publishing.newsletter.letters import blocks_in, sections
from sympolis.office.publishing.newsletter.models import IssueBlock, Subscriber
from sympolis.office.publishing.newsletter.queries import archived_issues, visible_issues
from sympolis.office.publishing.newsletter.subscribing import (
    Consent,
    ask_to_subscribe,
    choose,
    confirm,
    forget,
    leave,
)
from sympolis.office.publishing.newsletter.tokens import asked_subscriber, subscriber_of
from sympolis.web.public.bounds import has_room
from sympolis.web.public.handed_out import handed_out
from sympolis.web.public.newsletter.forms import CONSENT, SignUpForm, WishesForm
from sympolis.web.public.rich_text import shown_rich
from sympolis.web.public.voices.bodies import small_bodies

MOST_FROM_ONE_PLACE, MOST_AT_ALL, IN_SECONDS = 10, 300, 3600
ISSUES_A_PAGE = 30

type View = Callable[..., HttpResponse]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@small_bodies
def newsletter(request: HttpRequest) -> HttpResponse:
    """The form to sign up, and the issues that were."""
    form = SignUpForm(request.POST if request.method == "POST" else None, initial={"language": reader_language()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if _has_room(request):
                _ask(request, form)
                return redirect("public:letter_asked")
            status = 429
            form.add_error(None, _("Very many have signed up from here just now. Try again in an hour."))
    page = Paginator(archived_issues(), ISSUES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "public/newsletter/newsletter.html", {"form": form, "page": page}, status=status)


def _has_room(request: HttpRequest) -> bool:
    place = str(get_adapter().get_client_ip(request))  # knows whether a web server of the office's stands before us
    return has_room("letter", place, MOST_FROM_ONE_PLACE, IN_SECONDS) and has_room(
        "letter", "all", MOST_AT_ALL, IN_SECONDS
    )


def _ask(request: HttpRequest, form: SignUpForm) -> None:
    """Who fell into the trap is told the same as everybody, and nothing comes of it."""
    if form.is_trapped:
        return
    consent = Consent(f"{request.get_host()}{request.path}"[:300], str(CONSENT))
    ask_to_subscribe(form.cleaned_data["email"], form.wishes(), consent, request.build_absolute_uri("/").rstrip("/"))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The same for everybody, be it that they are on the list or that they are not."""
    return render(request, "public/newsletter/asked.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """With a click on a button: programs that look through mails follow links, and don't press buttons."""
    one = asked_subscriber(token)
    if one is None:
        return render(request, "public/newsletter/over.html", status=410)
    if request.method == "POST":
        one = confirm(one)
    return render(request, "public/newsletter/confirm.html", {"one": one, "done": one.wishes is None})


def _own(view: View) -> View:
    """The page of a subscriber, by the token of their mails. One that was forged, or of an address that we have
    forgotten, is not there."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @handed_out
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        found = subscriber_of(token)
        if found is None:
            raise Http404
        return view(request, token, *found)

    return guarded


@_own
def preferences(request: HttpRequest, token: str, one: Subscriber, issue: int) -> HttpResponse:
    """Language and topics; leaving; having the address forgotten."""
    what = request.POST.get("what", "")
    if what == "forget":
        forget(one)
        return render(request, "public/newsletter/forgotten.html")
    now = {"language": one.language, "kinds": one.kinds, "themes": one.themes}
    form = WishesForm(request.POST if what == "choose" else None, initial=now)
    if what == "choose" and form.is_valid():
        choose(one, form.wishes())
        with override(one.language):
            return redirect("public:letter_preferences", token=token)
    context = {"one": one, "form": form, "token": token, "is_subscribed": one.state == SubscriberState.SUBSCRIBED}
    return render(request, "public/newsletter/preferences.html", context, status=422 if form.errors else 200)


@csrf_exempt
@_own
def left(request: HttpRequest, token: str, one: Subscriber, issue: int) -> HttpResponse:
    """One click. Mail programs send it themselves (RFC 8058), without a cookie and without reading a page; the token
    alone says who it is for."""
    if request.method == "POST":
        leave(one, issue_pk=issue)
        one.refresh_from_db()
    context = {"one": one, "token": token, "has_left": one.state == SubscriberState.LEFT}
    return render(request, "public/newsletter/leave.html", context)


@require_safe
def issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """One issue, in the reader's language as far as it is in it."""
    found = get_object_or_404(visible_issues(request.user), public_id=public_id)
    language = reader_language()
    parts = [(kind, [_shown(block, language) for block in listed]) for kind, listed in sections(blocks_in(found))]
    context: dict[str, Any] = {
        "issue": found,
        "opening": shown_rich(found.opening, language),
        "sections": [("" if kind == BlockKind.OWN else kind.label, shown) for kind, shown in parts],
    }
    return render(request, "public/newsletter/issue.html", context)


def _shown(block: IssueBlock, language: str) -> dict[str, Any]:
    """A block of an issue on the web."""
    address = f"/{get_language()}{block.page}" if block.page else block.link
    return {"title": marked_for(language, block.title.best(language)), "text": shown_rich(block.text, language),
            "address": address}  # fmt: skip
