"""Geographical priorities out of a spreadsheet: choose a file, look at what it says, make a version of it."""

from __future__ import annotations

import json
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.planning.forms import PrioritiesFileForm
from sympolis.office.planning.models import Plan
from sympolis.office.planning.priorities.actions import bring_version
from sympolis.office.planning.priorities.incoming import Understood, understand
from sympolis.office.planning.voices.errors import VoiceRefused
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.plans.priorities import plan_of

SHOWN_PROBLEMS = 100


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    plan = plan_of(request, public_id)
    if request.method != "POST":
        return _start(request, plan, PrioritiesFileForm(initial={"since": timezone.localdate()}))
    form = PrioritiesFileForm(request.POST, request.FILES)
    if form.is_valid():
        file, since = form.cleaned_data["file"], form.cleaned_data["since"]
        waiting = shelf.Waiting(
            token=shelf.new_token(), user=reader(request).pk, table=_table(plan), file_name=file.name[:200],
            language=language_now(), list=json.dumps([form.cleaned_data["label"], since.isoformat()]),
            data=bytes(file.read()),
        )  # fmt: skip
        try:
            understand(waiting.data, waiting.language)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        else:
            shelf.put(waiting)
            return redirect("staff:priorities_preview", public_id=public_id, token=waiting.token)
    return _start(request, plan, form, 422)


def _start(request: HttpRequest, plan: Plan, form: PrioritiesFileForm, status: int = 200) -> HttpResponse:
    return render(request, "staff/plans/incoming.html", {"plan": plan, "form": form}, status=status)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What was understood; nothing comes in as long as anything is wrong."""
    plan = plan_of(request, public_id)
    waiting = shelf.take(token, reader(request).pk)
    if waiting is None or waiting.table != _table(plan):
        raise Http404
    read = understand(waiting.data, waiting.language)
    if request.method != "POST" or read.problems or not read.rows:
        return _preview(request, plan, waiting, read)
    label, since = json.loads(waiting.list)
    try:
        bring_version(reader(request), plan, label, date.fromisoformat(since), read.rows)
    except VoiceRefused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("staff:priorities_incoming", public_id=public_id)
    shelf.drop(token)
    messages.success(request, _("Brought in as a version of its own: remove that version to take it back."))
    return redirect("staff:plan_priorities", public_id=public_id)


def _preview(request: HttpRequest, plan: Plan, waiting: shelf.Waiting, read: Understood) -> HttpResponse:
    label, since = json.loads(waiting.list)
    context = {
        "plan": plan,
        "waiting": waiting,
        "label": label,
        "since": date.fromisoformat(since),
        "read": read,
        "problems": read.problems[:SHOWN_PROBLEMS],
    }
    return render(request, "staff/plans/incoming_preview.html", context)


def _table(plan: Plan) -> str:
    return f"priorities:{plan.public_id}"
