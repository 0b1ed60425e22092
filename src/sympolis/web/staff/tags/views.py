"""What a record is about: suggestions with the words that spoke for them, confirmed or removed by a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision
from sympolis.office.core.queries import is_officer
from sympolis.office.core.tagging.actions import NoSuchTag, decide_tags
from sympolis.office.core.tagging.queries import About, Key, about, about_each, column_of
from sympolis.web.staff.imports.access import officers_only
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.tables import RECORD_KINDS
from sympolis.web.staff.records.views import changeable_or_gone
from sympolis.web.staff.tags.shown import parts, rows

ROWS_A_PAGE = 20
MOST_AT_ONCE = 250  # more than all lists together have
TAGGED = tuple(kind for kind in RECORD_KINDS if kind.is_tagged)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about_record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything considered for one record; a button sends one of them back, or all the strong ones."""
    kind, record = changeable_or_gone(request, public_id)
    if kind not in TAGGED:
        raise Http404
    known = about(record)
    if request.method == "POST":
        return _decided(request, kind, known)
    context = {
        "kind": kind,
        "record": record,
        "about": known,
        "parts": parts(known),
        "strong": rows(known, known.strong),
        "sees_waiting": is_officer(request.user),
    }
    return render(request, "staff/tags/about.html", context)


def _decided(request: HttpRequest, kind: Kind, known: About) -> HttpResponse:
    user: Any = request.user
    verdict = request.POST.get("verdict", "")
    spoke: dict[Key, tuple[str, ...]] = {(one.scheme, one.code): one.words for one in known.considered}
    chosen = {key: spoke.get(key, ()) for key in _keys(request)}
    if not chosen or kind.keep_version is None:
        raise Http404
    try:
        decide_tags(user, known.record, chosen, verdict, kind.keep_version)
    except NoSuchTag as error:
        raise Http404 from error
    if "HX-Request" not in request.headers:  # with htmx one sees it where one looks
        messages.success(request, _said(verdict))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("staff:about", public_id=known.record.public_id)


def _keys(request: HttpRequest) -> list[Key]:
    """``theme:water`` and the like."""
    found = []
    for written in request.POST.getlist("tag")[:MOST_AT_ONCE]:
        scheme, _colon, code = written.partition(":")
        if scheme not in TagScheme.values:
            raise Http404
        found.append((TagScheme(scheme), code))
    return found


def _said(verdict: str) -> str:
    match verdict:
        case TagVerdict.CONFIRMED:
            return _("Confirmed: no import changes that.")
        case TagVerdict.REMOVED:
            return _("Removed: it is not suggested again.")
    return _("Taken back: it is as it was before.")


@officers_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Records of which nobody has said yet what they are about, the newest first, each with what is suggested.

    Where no kind was asked for, the first is shown of which any waits.
    """
    counts = _how_many_wait(request)
    kinds = {kind.name: kind for kind in TAGGED}
    first = next((kind for kind in TAGGED if counts[kind.name]), kinds["projects"])
    kind = kinds.get(request.GET.get("kind", ""), first)
    page = Paginator(_waiting(kind, request), ROWS_A_PAGE).get_page(request.GET.get("page"))
    found = [
        {"about": one, "suggested": rows(one, one.suggested), "strong": rows(one, one.strong)}
        for one in about_each(list(page))
    ]
    context = {
        "kinds": [(each, counts[each.name]) for each in TAGGED],
        "kind": kind,
        "page": page,
        "found": found,
        "here": request.get_full_path(),
    }
    return render(request, "staff/tags/waiting.html", context)


def _how_many_wait(request: HttpRequest) -> dict[str, int]:
    """By kind, in one question to the database."""
    first, *rest = (
        _waiting(kind, request).order_by().annotate(waits=Value(kind.name)).values("waits").annotate(count=Count("pk"))
        for kind in TAGGED
    )
    found = {row["waits"]: row["count"] for row in first.union(*rest, all=True).order_by()}
    return {kind.name: found.get(kind.name, 0) for kind in TAGGED}


def _waiting(kind: Kind, request: HttpRequest) -> QuerySet[Any]:
    records = kind.visible(request.user).exclude(Exists(TagDecision.objects.filter(record=OuterRef("public_id"))))
    if column := column_of(records.model, TagScheme.THEME):
        records = records.filter(**{column: ""})
    return records.order_by("-created_at", "-pk")
