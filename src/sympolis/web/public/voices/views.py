"""Supporting, commenting on and following a plan, a line, a measure or an action.

Everything works with plain forms: each is answered by going back to the page it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sympolis.office.planning.models import Comment
from sympolis.office.planning.voices.actions import (
    follow,
    say,
    stop_following,
    support,
    take_support_back,
)
from sympolis.office.planning.voices.errors import VoiceRefused
from sympolis.office.planning.voices.queries import Target, visible_comments, voiced_record
from sympolis.web.public.bounds import has_room
from sympolis.web.public.voices.bodies import small_bodies
from sympolis.web.public.voices.shown import speaker

MOST_CLICKS, IN_SECONDS = 200, 3600
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")

type Handler = Callable[[HttpRequest, Any], HttpResponse]


def on_record(handle: Handler) -> Callable[..., HttpResponse]:
    """What somebody who is signed in sends about a record they may see; visitors sign in and come back to its page."""

    @never_cache
    @require_POST
    @small_bodies
    @wraps(handle)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        record = voiced_record(request.user, public_id)
        if record is None:
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(record.get_absolute_url())
        return handle(request, record)

    return guarded


@on_record
def support_it(request: HttpRequest, record: Target) -> HttpResponse:
    """The record itself, or one of the comments on it; with ``…back`` taken away again."""
    user, form = speaker(request), request.POST
    named = form.get("comment") or form.get("comment_back")
    target: Any = _comment_on(request, record, named) if named else record
    back = f"{record.get_absolute_url()}{_asked(request)}#{f's-{target.public_id}' if named else 'voices'}"
    if not has_room("support", str(user.pk), MOST_CLICKS, IN_SECONDS):
        messages.error(request, _("That is very much clicking in a short time. Try again in an hour."))
        return redirect(back)
    try:
        if form.get("comment_back") or form.get("what") == "back":
            take_support_back(user, target)
        else:
            support(user, target)
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
    return redirect(back)


def _asked(request: HttpRequest) -> str:
    """The page of comments somebody was on, when it was another than the first."""
    page, order = request.POST.get("page", ""), request.POST.get("order", "")
    asked = {"order": order} if order == "supported" else {}
    if page.isascii() and page.isdigit() and int(page[:5]) > 1:
        asked["comments"] = page[:5]
    return f"?{urlencode(asked)}" if asked else ""


def _comment_on(request: HttpRequest, record: Target, public_id: str) -> Comment:
    seen = visible_comments(request.user).select_related("plan", "action", "parent__parent")
    found = get_object_or_404(seen, public_id=public_id[:20])
    if found.record != record:
        raise Http404
    return found


@on_record
def say_it(request: HttpRequest, record: Target) -> HttpResponse:
    """A comment, or an answer to one. What is refused comes back to be corrected; who falls into the trap is told
    nothing, and nothing is kept."""
    form = request.POST
    if form.get("website"):
        return redirect(record.get_absolute_url())
    client_id = form.get("client_id", "")
    if not CLIENT_ID.fullmatch(client_id):
        client_id = get_random_string(20)
    answered = _comment_on(request, record, form["answers"]) if form.get("answers") else None
    text = form.get("text", "")
    try:
        made = say(speaker(request), record, text, client_id, answered)
    except VoiceRefused as refused:
        context = {
            "record": record, "address": record.get_absolute_url(), "text": text, "client_id": client_id,
            "answered": answered, "refused": str(refused.sentence),
        }  # fmt: skip
        return render(request, "public/voices/say.html", context, status=refused.status)
    messages.success(request, _("Your comment is there. You can change it for 15 minutes."))
    return redirect(f"{record.get_absolute_url()}#{made.public_id}")


@on_record
def follow_it(request: HttpRequest, record: Target) -> HttpResponse:
    if request.POST.get("what") == "stop":
        stop_following(speaker(request), record)
        messages.success(request, _("You get no more mails about this."))
    else:
        follow(speaker(request), record)
        messages.success(request, _("You get a mail a day when there are new comments here."))
    return redirect(f"{record.get_absolute_url()}#voices")
