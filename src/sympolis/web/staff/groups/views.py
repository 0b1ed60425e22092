"""Contributions poured into groups: pour in, look on, mend by hand, take along as a file, delete."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.engine.match.cluster import APART
from sympolis.office.core.form_fields import language_now
from sympolis.office.synergies.enums import GroupingState
from sympolis.office.synergies.groups.actions import (
    NEW,
    NoSuchGroup,
    move_contributions,
    name_group,
    remove_grouping,
    start_grouping,
)
from sympolis.office.synergies.groups.queries import HEAVY, Group, groups_of, visible_groupings
from sympolis.office.synergies.groups.reading import MOST_TEXTS
from sympolis.office.synergies.models import Grouping
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.groups.forms import PourForm
from sympolis.web.staff.imports.access import officer_of, officers_only

SHOWN_LETTERS = 600


@dataclass(frozen=True, slots=True)
class Bar:
    """A group with its part of the picture: ``length`` of 100, the largest being that long; ``share`` in [0, 1]."""

    group: Group
    count: int
    length: int
    share: float


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Pour in; below it what was poured in before."""
    form = PourForm(request.POST, request.FILES) if request.method == "POST" else PourForm()
    if form.is_bound and form.is_valid():
        made = start_grouping(officer_of(request), form.said_title(), form.poured)
        for note in form.poured.notes:
            messages.info(request, note)
        return redirect("staff:grouping", public_id=made.public_id)
    past = visible_groupings(request.user).select_related("made_by").defer(*HEAVY)
    page = Paginator(past, 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "most": MOST_TEXTS}
    return render(request, "staff/groups/start.html", context, status=422 if form.errors else 200)


@officers_only
@require_safe
def grouping(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far it is; then the groups."""
    found = _of(request, public_id)
    groups = groups_of(found, language_now()) if found.state == GroupingState.DONE else []
    context = {
        "grouping": found,
        "is_under_way": found.state in {GroupingState.WAITING, GroupingState.READING},
        "groups": groups,
        "bars": _bars([group for group in groups if group.members]),
        "largest": next((group for group in groups if group.number != APART), None),
        "group_count": sum(group.number != APART and bool(group.members) for group in groups),  # one emptied is none
        "targets": [*((group.number, group.label) for group in groups if group.number != APART)],
        "apart": APART,
        "new": NEW,
        "shown_letters": SHOWN_LETTERS,
    }
    return render(request, "staff/groups/grouping.html", context)


def _bars(groups: list[Group]) -> list[Bar]:
    most = max((len(group.members) for group in groups), default=0) or 1
    whole = sum(len(group.members) for group in groups) or 1
    return [Bar(group, count := len(group.members), round(100 * count / most), count / whole) for group in groups]


@officers_only
@require_POST
def name(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a group as people do."""
    found, number = _of(request, public_id), _number(request.POST.get("number", ""))
    try:
        name_group(officer_of(request), found, number, request.POST.get("name", ""))
    except NoSuchGroup as error:
        raise Http404 from error
    messages.success(request, _("Saved."))
    return _back(found, number)


@officers_only
@require_POST
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ticked contributions into another group."""
    found, places = _of(request, public_id), request.POST.getlist("place")
    source, target = (_number(request.POST.get(name, "")) for name in ("from", "to"))
    if not places:
        messages.error(request, _("Nothing was moved: tick the contributions first."))
        return _back(found, source)
    try:
        number = move_contributions(officer_of(request), found, {_number(place) for place in places}, target)
    except NoSuchGroup as error:
        raise Http404 from error
    moved = len({*places})
    said = ngettext("%(count)d contribution moved.", "%(count)d contributions moved.", moved)
    messages.success(request, said % {"count": moved})
    return _back(found, number)


@officers_only
@require_safe
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each contribution with its group, as a table."""
    found = _of(request, public_id)
    if found.state != GroupingState.DONE:
        raise Http404
    rows = [(member, group) for group in groups_of(found, language_now()) for member in group.members]
    rows.sort(key=lambda row: row[0].place)
    table = ((member.id, member.text, member.language, group.number, group.label) for member, group in rows)
    return csv_file(f"groups-{found.public_id}", chain([("id", "text", "language", "group", "label")], table))


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked once: what people wrote goes for good."""
    found = _of(request, public_id)
    if request.method == "POST":
        remove_grouping(officer_of(request), found)
        messages.success(request, _("Deleted."))
        return redirect("staff:groups")
    return render(request, "staff/groups/remove.html", {"grouping": found})


def _of(request: HttpRequest, public_id: str) -> Grouping:
    return get_object_or_404(visible_groupings(request.user).select_related("made_by"), public_id=public_id[:20])


def _number(written_: str) -> int:
    try:
        return int(written_[:6])
    except ValueError as error:
        raise Http404 from error


def _back(found: Grouping, number: int) -> HttpResponse:
    return redirect(f"{reverse('staff:grouping', kwargs={'public_id': found.public_id})}#group-{number}")
