"""Comments that wait for a moderator, and the page of each with all that happened to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.planning.models import Comment, CommentReport
from sympolis.office.planning.voices import moderation
from sympolis.office.planning.voices.errors import VoiceRefused
from sympolis.office.planning.voices.names import name_of
from sympolis.office.planning.voices.queries import (
    hidden_comments,
    latest_comments,
    waiting_comments,
)
from sympolis.web.public.voices.threads import text_html
from sympolis.web.staff.brief.access import reader

COMMENTS_A_PAGE = 30
LISTS = {"waiting": waiting_comments, "hidden": hidden_comments, "latest": latest_comments}

type View = Callable[..., HttpResponse]


def moderators(view: View) -> View:
    """Visitors are sent to sign in, everybody else who may not moderate is refused."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not reader(request).has_perm("planning.moderate"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


@dataclass(frozen=True, slots=True)
class Row:
    """A comment in a moderator's list."""

    comment: Comment
    name: str
    html: str
    reports: list[CommentReport]
    has_objection: bool


@moderators
@require_safe
def comments(request: HttpRequest) -> HttpResponse:
    """What waits, what is hidden, what came last."""
    chosen = request.GET.get("list", "waiting")
    chosen = chosen if chosen in LISTS else "waiting"
    open_reports = Prefetch("reports", CommentReport.objects.filter(settled_at=None), to_attr="open_reports")
    found = LISTS[chosen]().select_related("author", "plan", "action", "appeal").prefetch_related(open_reports)
    page = Paginator(found, COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    tabs = [("waiting", _("Waiting")), ("hidden", _("Hidden")), ("latest", _("Latest"))]
    context = {"page": page, "rows": [_row(one) for one in page], "tabs": tabs, "chosen": chosen}
    return render(request, "staff/voices/comments.html", context)


def _row(comment: Comment) -> Row:
    appeal = getattr(comment, "appeal", None)
    waits = appeal is not None and appeal.answered_at is None
    return Row(comment, _name(comment.author), text_html(comment.text), comment.open_reports, waits)  # type: ignore[attr-defined]


def _name(user: Any) -> str:
    return name_of(user.first_name, user.last_name, user.role) if user else name_of(None, None, None)


def _found(public_id: str) -> Comment:
    rows = Comment.objects.filter(removed_at=None).select_related("author", "plan", "action", "hidden_by", "appeal")
    return get_object_or_404(rows, public_id=public_id)


@moderators
@require_safe
def comment(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _found(public_id))


def _page(request: HttpRequest, found: Comment, status: int = 200, why: str = "") -> HttpResponse:
    """``why`` are words that were refused: they come back to be corrected."""
    appeal = getattr(found, "appeal", None)
    context = {
        "why": why,
        "may_answer": appeal is not None and moderation.may_answer(reader(request), appeal),
        "comment": found,
        "html": text_html(found.text),
        "name": _name(found.author),
        "address": found.record.get_absolute_url(),
        "reports": list(found.reports.select_related("by", "settled_by")),
        "waiting_reports": found.reports.filter(settled_at=None).count(),
        "appeal": appeal,
        "happened": happened_to(found),
        "by_author": Comment.objects.filter(author=found.author)
        .exclude(author=None)
        .aggregate(written=Count("pk"), hidden=Count("pk", filter=~Q(hidden_at=None))),
    }
    return render(request, "staff/voices/comment.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what was done with a comment."""

    at: datetime
    who: str
    what: str
    words: str


def happened_to(comment: Comment) -> list[Happened]:
    """Out of its history, the first first."""
    versions = list(comment.history.select_related("history_user").order_by("history_id"))
    written = pgettext("comment", "Written")
    said = [Happened(one.history_date, _name(comment.author), written, "") for one in versions[:1]]
    for before, after in pairwise(versions):
        if what := _deed(before, after):
            said.append(Happened(after.history_date, str(after.history_user or ""), *what))
    return said


def _deed(before: Any, after: Any) -> tuple[str, str] | None:
    if before.hidden_at is None and after.hidden_at is not None:
        return pgettext("comment", "Hidden"), after.hidden_why
    if before.hidden_at is not None and after.hidden_at is None:
        return pgettext("comment", "Shown again"), ""
    if before.text != after.text:
        return pgettext("comment", "Changed"), before.text
    return None


@moderators
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hide, show again, leave be, or answer an objection."""
    found, user, form = _found(public_id), reader(request), request.POST
    try:
        match form.get("what", ""):
            case "hide":
                moderation.hide(user, found, form.get("why", ""))
            case "unhide":
                moderation.unhide(user, found)
            case "leave":
                moderation.leave_be(user, found)
            case "uphold" | "refuse" as verdict:
                moderation.answer_objection(user, found, verdict == "uphold", form.get("why", ""))
            case _:
                raise PermissionDenied
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
        return _page(request, _found(public_id), refused.status, form.get("why", ""))
    messages.success(request, _("Decided. The author reads it on the page of the comment and is told by mail."))
    return redirect("staff:moderate", public_id=public_id)
