"""Budget lines of a project out of a spreadsheet: looked at first, then all of them or none, and taken back whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.models import User
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import add_lines, take_lines_back
from sympolis.office.projects.running.incoming import Read, read_lines
from sympolis.office.projects.running.programmes import programme
from sympolis.office.projects.running.queries import parts_of, running_of
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.running.access import project_or_404
from sympolis.web.staff.running.incoming_file import FileForm, IncomingFile

SHOWN_LINES = 20


class LinesForm(FileForm):
    WHAT = gettext_lazy(
        "CSV or XLSX, one line a row, with the columns What for, Category, Partner, Work package, Year, Planned "
        "and Actual, as far as there are any. The same file twice adds nothing."
    )


def _add(user: User, project: Project, read: Read, file_name: str) -> str:
    add_lines(user, project, read.lines, file_name)
    added = len(read.lines)
    return ngettext("%(n)d line was added.", "%(n)d lines were added.", added) % {"n": added}


def _shown(project: Project, read: Read) -> dict[str, Any]:
    labels = {one.code: one.label(language_now()) for one in programme(running_of(project).rules).categories}
    names = {part.organisation_id: part.organisation.name for part in parts_of(project)}
    return {
        "new": len(read.lines),
        "planned": sum((line.planned for line in read.lines), Decimal(0)),
        "rows": [
            (line, labels.get(line.category, line.category), names.get(line.organisation_id or 0, ""))
            for line in read.lines[:SHOWN_LINES]
        ],
    }


LINES = IncomingFile(
    "lines", "running_budget", LinesForm, lambda data, project, _user: read_lines(data, project), _add, _shown
)


@login_required
@never_cache
def lines_in(request: HttpRequest, public_id: str) -> HttpResponse:
    return LINES.choose(request, public_id)


@login_required
@never_cache
def lines_look(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    return LINES.look(request, public_id, token)


@login_required
@require_POST
def lines_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    project = project_or_404(request, public_id)
    gone, kept = take_lines_back(reader(request), get_object_or_404(project.lines_brought, pk=number))
    messages.success(
        request, ngettext("%(n)d line was taken back.", "%(n)d lines were taken back.", gone) % {"n": gone}
    )
    if kept:
        words = ngettext(
            "%(n)d line stays: somebody has changed it or paid on it since.",
            "%(n)d lines stay: somebody has changed them or paid on them since.",
            kept,
        )
        messages.warning(request, words % {"n": kept})
    return redirect("staff:running_budget", public_id=public_id)
