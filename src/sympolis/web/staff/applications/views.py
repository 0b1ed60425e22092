"""The board, the page of one application, and what is done there: move, decide, tasks, a project of what is granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.models import RetiredId
from sympolis.office.projects.applications.actions import (
    Moved,
    NotGranted,
    add_task,
    decide,
    make_project,
    move,
    remove_task,
    set_done,
)
from sympolis.office.projects.applications.enums import ApplicationStage, Decision
from sympolis.office.projects.applications.forms import DecisionForm, TaskForm
from sympolis.office.projects.applications.queries import (
    MOST_CARDS,
    on_the_board,
    open_tasks_of,
    success_of,
    visible_applications,
    visible_tasks,
)
from sympolis.office.projects.models import Application
from sympolis.web.staff.applications.access import application_or_404
from sympolis.web.staff.applications.page import page_of
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.records.gone import gone

SOON = timedelta(days=14)
ON_A_CARD = (
    "public_id", "title", "illustrative", "stage", "decision", "deadline_on", "programme", "organisation__name",
    "organisation__short_name", "call__title", "owner__first_name", "owner__last_name", "owner__email",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with its cards."""

    stage: str
    label: Any
    cards: list[Application]


@officers
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Columns by stage; a card is moved by a form, so that a keyboard does it as well as a mouse."""
    today = timezone.localdate()
    rows = on_the_board(request.user, today).select_related("organisation", "call", "owner")
    found = list(rows.only(*ON_A_CARD))
    cards = found[:MOST_CARDS]
    columns = [
        Column(stage.value, stage.label, [one for one in cards if one.stage == stage]) for stage in ApplicationStage
    ]
    success = success_of(visible_applications(request.user))
    context = {
        "has_any": bool(found or success.granted or success.refused),
        "columns": columns,
        "open_tasks": open_tasks_of(cards),
        "today": today,
        "soon": today + SOON,
        "success": success,
        "has_more": len(found) > MOST_CARDS,
    }
    return render(request, "staff/applications/board.html", context)


@officers
@require_POST
def move_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """Into another column; who comes second is told where it went and by whom."""
    found = application_or_404(request, public_id)
    to = request.POST.get("to", "")
    if to not in ApplicationStage.values:
        raise Http404
    try:
        moved = move(reader(request), found, request.POST.get("seen", ""), ApplicationStage(to))
    except Moved as error:
        about = {"title": str(found), "stage": error.stage.label, "who": error.by}
        said = _("“%(title)s” was moved to “%(stage)s” by %(who)s meanwhile. It stays there until you move it again.")
        if not error.by:
            said = _("“%(title)s” was moved to “%(stage)s” meanwhile. It stays there until you move it again.")
        messages.warning(request, said % about)
    else:
        messages.success(
            request, _("“%(title)s”: %(stage)s") % {"title": str(moved), "stage": moved.get_stage_display()}
        )
    if request.POST.get("back") == "page":
        return redirect("staff:application", public_id=public_id)
    return redirect("staff:board")


@officers
@require_safe
def application(request: HttpRequest, public_id: str) -> HttpResponse:
    if retired := RetiredId.objects.filter(public_id=public_id).first():
        return gone(request, retired)
    return page_of(request, application_or_404(request, public_id))


@officers
@require_POST
def decide_on(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go or no go, with the reason."""
    found = application_or_404(request, public_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, decision_form=form)
    decide(reader(request), found, Decision(form.cleaned_data["decision"]), form.cleaned_data["reason"])
    messages.success(request, _("Saved."))
    return redirect("staff:application", public_id=public_id)


@officers
@require_POST
def task(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more thing to do."""
    found = application_or_404(request, public_id)
    form = TaskForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, task_form=form)
    said = form.cleaned_data
    add_task(reader(request), found, said["text"], said["owner"], said["due"])
    return redirect("staff:application", public_id=public_id)


@officers
@require_POST
def task_done(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Done, to be done after all, or taken away."""
    row = get_object_or_404(visible_tasks(request.user), pk=number, application__public_id=public_id)
    match request.POST.get("what", ""):
        case "done":
            set_done(reader(request), row, True)
        case "open":
            set_done(reader(request), row, False)
        case "remove":
            remove_task(reader(request), row)
        case _:
            raise Http404
    return redirect("staff:application", public_id=public_id)


@officers
@require_POST
def project(request: HttpRequest, public_id: str) -> HttpResponse:
    """The project of what was granted, made once."""
    found = application_or_404(request, public_id)
    try:
        made = make_project(reader(request), found)
    except NotGranted:
        messages.error(request, _("Only what was granted becomes a project."))
        return redirect("staff:application", public_id=public_id)
    messages.success(request, _("The project is there, with those who said yes. Only the office sees it yet."))
    return redirect("staff:change", public_id=made.public_id)
