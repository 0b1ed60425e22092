"""Reading a brief, deciding about its lines, handing it round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sympolis.engine.memory import clear_up
from sympolis.office.core.texts import folded
from sympolis.office.synergies.actions import (
    DECISIONS,
    approve_for_sharing,
    comment,
    decide,
    export_brief,
    read_brief,
)
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Extra, Format, Length
from sympolis.office.synergies.errors import NotApproved, ReasonMissing
from sympolis.office.synergies.formats import CONTENT_TYPES
from sympolis.office.synergies.models import Brief
from sympolis.office.synergies.queries import answered_invitations, visible_briefs, waiting_invitations
from sympolis.office.synergies.templatetags.brief import anchor_of
from sympolis.web.staff.brief.access import brief_or_404, office_readers, officers, reader
from sympolis.web.staff.brief.folding import Folding
from sympolis.web.staff.templatetags.brief_tools import tools_for

PAGE_SIZE, RECENT_ANSWERS = 25, 10
UNSEEN = ("imported", "folded", "note", "notes")


@office_readers
@require_GET
def briefs(request: HttpRequest) -> HttpResponse:
    found = visible_briefs(request.user).select_related("made_by").defer("document")
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": waiting_invitations(request.user).defer("brief__document")[:PAGE_SIZE],
        "answered": answered_invitations(request.user).defer("brief__document")[:RECENT_ANSWERS],
    }
    return render(request, "staff/brief/list.html", context)


@office_readers
@require_GET
def brief(request: HttpRequest, public_id: str) -> HttpResponse:
    found = brief_or_404(request, public_id)
    reading = reading_of(request.GET, editing=True)
    reading = replace(reading, editing=reading.editing and reader(request).is_officer)
    sheet = read_brief(found, reading)
    asked = {each.organisation.public_id: each for each in found.invitations.select_related("organisation")}
    page = reverse("staff:brief", kwargs={"public_id": found.public_id})
    back = f"{page}?{urlencode({'length': reading.length, 'audience': reading.audience})}"
    replying = request.GET.get("line", "")
    folding = Folding(sheet.is_long, frozenset(request.GET.getlist("open")), {replying, request.GET.get("at", "")})
    context = {
        "brief": found,
        "sheet": sheet,
        "reading": reading,
        "asked": asked,
        "meeting": found.meetings.defer(*UNSEEN).first(),
        "folding": folding,
        "formats": Format,
        "extras": Extra,
        "languages": [code for code in Brief._meta.get_field("language").flatchoices if code[0] != found.language],
        "tools": tools_for(f"{back}&line="),
        "back": back,
        "replying": replying,
        "refusal": ReasonMissing().sentence if replying and "why" in request.GET else "",
    }
    if wanted := request.GET.get("fold"):
        return _fold(request, context, wanted)
    return render(request, "staff/brief/brief.html", context)


def _fold(request: HttpRequest, context: dict[str, Any], wanted: str) -> HttpResponse:
    """What lies folded in the long version, for who opens it."""
    sides = ((part, side) for part in context["sheet"].parts for block in part.blocks for side in block.sides)
    folds = ((part, fold) for part, side in sides for fold in context["folding"].of(side))
    found = next(((part, fold) for part, fold in folds if fold.key == wanted), None)
    if found is None:
        raise Http404
    return render(request, "staff/brief/_lines.html", {**context, "part": found[0], "lines": found[1].lines})


def reading_of(data: QueryDict, editing: bool = False) -> Reading:
    """For whom and how long, out of an address; what is not understood is the careful choice."""
    internal = data.get("audience", Audience.INTERNAL if editing else Audience.SHARED) == Audience.INTERNAL
    return Reading(
        audience=Audience.INTERNAL if internal else Audience.SHARED,
        length=Length.LONG if data.get("length") == Length.LONG else Length.SHORT,
        extras=frozenset(data.getlist("extras")) & frozenset(Extra.values),
        editing=editing and internal,
    )


@officers
@require_POST
def brief_line(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pin, strike out with a reason, set aside for now, comment, or take it back."""
    found = brief_or_404(request, public_id)
    line, what = request.POST.get("line", ""), request.POST.get("what", "")
    if not line or line not in _keys(found):
        raise Http404
    user, words = reader(request), request.POST.get("words", "")
    if what == "comment":
        comment(user, found, line, words)
    elif what in DECISIONS:
        try:
            decide(user, found, line, what, words)
        except ReasonMissing:
            return _back_to(request, found, line, line=anchor_of(line), why="")
    else:
        raise Http404
    return _back_to(request, found, line)


def _back_to(request: HttpRequest, found: Brief, key: str, **more: str) -> HttpResponse:
    """To the line, also where it lies folded in the long version."""
    page, _mark, asked = _back(request, found).partition("?")
    query = QueryDict(asked, mutable=True)
    if query.get("length") == Length.LONG:
        query["at"] = anchor_of(key)
    query.update(more)
    return redirect(f"{page}{'?' if query else ''}{query.urlencode()}#{anchor_of(key)}")


def _keys(found: Brief) -> set[str]:
    return {item["key"] for items in found.document.values() if isinstance(items, list) for item in items}


def _back(request: HttpRequest, found: Brief) -> str:
    """Where the officer was: only ever this brief's own page."""
    page = reverse("staff:brief", kwargs={"public_id": found.public_id})
    back = request.POST.get("back", "")
    return back if back.partition("?")[0] == page else page


@officers
@require_POST
def brief_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    found = brief_or_404(request, public_id)
    approve_for_sharing(reader(request), found)
    messages.success(request, _("Approved in your name. It can be handed round now."))
    return redirect(_back(request, found))


@office_readers
@require_GET
def brief_download(request: HttpRequest, public_id: str) -> HttpResponse:
    found = brief_or_404(request, public_id)
    if request.GET.get("format") not in Format.values:
        raise Http404
    format_ = Format(request.GET["format"])
    try:
        body = export_brief(found, reading_of(request.GET), format_)
    except NotApproved as refused:
        messages.error(request, str(refused.sentence))
        return redirect("staff:brief", public_id=found.public_id)
    clear_up()  # a Word file is ten megabytes of circles
    response = HttpResponse(body, content_type=CONTENT_TYPES[format_])
    name = f"{slugify(folded(found.title))[:80] or 'brief'}-{found.language}.{format_}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
