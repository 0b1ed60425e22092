"""The page of one comment: what it was before, answering and reporting it; for its author changing and removing it, and
objecting to its hiding."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.queries import is_officer
from sympolis.office.planning.models import Comment
from sympolis.office.planning.voices.actions import change, remove, report
from sympolis.office.planning.voices.enums import ReportReason
from sympolis.office.planning.voices.errors import NothingChosen, TooFast, TooManyReports, VoiceRefused
from sympolis.office.planning.voices.moderation import object_to
from sympolis.office.planning.voices.names import name_of
from sympolis.office.planning.voices.queries import EDITABLE, Openness, openness_of, visible_comments
from sympolis.web.public.bounds import has_room
from sympolis.web.public.voices.bodies import small_bodies
from sympolis.web.public.voices.shown import speaker
from sympolis.web.public.voices.threads import text_html

MOST_REPORTS, MOST_CHANGES, IN_SECONDS = 20, 60, 3600

type Handler = Callable[[HttpRequest, Comment], HttpResponse]


def _found(request: HttpRequest, public_id: str) -> Comment:
    """A comment whose words the reader may read, on a record that shows comments."""
    rows = visible_comments(request.user).select_related("plan", "action__plan", "author", "appeal")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def comment(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _found(request, public_id)
    openness = openness_of(found.record)
    if not openness.shows_comments and not is_officer(request.user) and found.author_id != request.user.pk:
        raise Http404
    return _page(request, found, openness)


def _page(request: HttpRequest, found: Comment, openness: Openness, status: int = 200, **more: Any) -> HttpResponse:
    mine = request.user.is_authenticated and found.author_id == request.user.pk
    author = found.author
    about = (author.first_name, author.last_name, author.role) if author else (None, None, None)
    context = {
        "comment": found,
        "html": text_html(found.text),
        "name": name_of(*about),
        "address": found.record.get_absolute_url(),
        "before": _before(found),
        "mine": mine,
        "changeable": mine and found.hidden_at is None and timezone.now() - found.created_at <= EDITABLE,
        "may_answer": found.hidden_at is None and openness.comments_open and openness.lets_in(request.user),
        "appeal": getattr(found, "appeal", None),
        "reasons": ReportReason.choices,
        "client_id": get_random_string(20),
        "text": found.text,
        **more,
    }
    return render(request, "public/voices/comment.html", context, status=status)


def _before(found: Comment) -> list[tuple[Any, Any]]:
    """What stood there before, the latest first, each with when it was written."""
    if found.edited_at is None:
        return []
    texts = list(found.history.order_by("history_id").values_list("text", "edited_at", "created_at"))
    said = list(dict.fromkeys((text, edited or created) for text, edited, created in texts))
    return [(text_html(text), at) for text, at in reversed(said) if text and text != found.text]


def on_comment(handle: Handler) -> Callable[..., HttpResponse]:
    @never_cache
    @require_POST
    @small_bodies
    @wraps(handle)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        found = _found(request, public_id)
        if not request.user.is_authenticated:
            return redirect_to_login(found.record.get_absolute_url())
        return handle(request, found)

    return guarded


@on_comment
def change_comment(request: HttpRequest, found: Comment) -> HttpResponse:
    """The author's own words, better said. What is refused comes back to be corrected."""
    text = request.POST.get("text", "")
    try:
        if not has_room("change", str(request.user.pk), MOST_CHANGES, IN_SECONDS):
            raise TooFast
        change(speaker(request), found, text)
    except VoiceRefused as refused:
        openness = openness_of(found.record)
        return _page(request, found, openness, refused.status, refused=str(refused.sentence), text=text)
    messages.success(request, _("Changed."))
    return redirect(f"{found.record.get_absolute_url()}#{found.public_id}")


@on_comment
def remove_comment(request: HttpRequest, found: Comment) -> HttpResponse:
    try:
        remove(speaker(request), found)
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Your comment is gone. Answers to it stay."))
    return redirect(f"{found.record.get_absolute_url()}#voices")


@on_comment
def report_comment(request: HttpRequest, found: Comment) -> HttpResponse:
    """Tell the moderators. What is refused comes back with what was chosen and typed."""
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        if reason not in ReportReason.values:
            raise NothingChosen
        if not has_room("report", str(request.user.pk), MOST_REPORTS, IN_SECONDS):
            raise TooManyReports
        report(speaker(request), found, reason, words)
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
        return _page(request, found, openness_of(found.record), refused.status, reason=reason, words=words)
    messages.success(request, _("Thank you. A moderator looks at it."))
    return redirect(f"{found.record.get_absolute_url()}#voices")


@on_comment
def object_to_hiding(request: HttpRequest, found: Comment) -> HttpResponse:
    """The author's one objection. What is refused comes back to be corrected."""
    words = request.POST.get("words", "")
    try:
        object_to(speaker(request), found, words)
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
        return _page(request, found, openness_of(found.record), refused.status, objection=words)
    messages.success(request, _("Sent. Another moderator answers it where there is one; you get the answer by mail."))
    return redirect("public:comment", public_id=found.public_id)
