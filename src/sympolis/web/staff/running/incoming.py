"""Budget lines of a project out of a spreadsheet: looked at first, then all of them or none, and taken back whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import add_lines, take_lines_back
from sympolis.office.projects.running.incoming import Read, read_lines
from sympolis.office.projects.running.programmes import programme
from sympolis.office.projects.running.queries import parts_of, running_of
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.running.access import page, project_or_404

SHOWN_PROBLEMS, SHOWN_LINES = 100, 20
BACK = "staff:running_budget"


class FileForm(forms.Form):
    """A spreadsheet that belongs to one project; ``WHAT`` says which columns it may have."""

    WHAT: Any = ""

    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.WHAT

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


class LinesForm(FileForm):
    WHAT = gettext_lazy(
        "CSV or XLSX, one line a row, with the columns What for, Category, Partner, Work package, Year, Planned "
        "and Actual, as far as there are any. The same file twice adds nothing."
    )


@login_required
@never_cache
def lines_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a file; what it would do is shown before anything is written."""
    project = project_or_404(request, public_id)
    form = LinesForm(request.POST, request.FILES) if request.method == "POST" else LinesForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            read = read_lines(data, project)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        else:
            if read.problems:
                return _wrong(request, project, form, read)
            waiting = shelf.Waiting(
                token=shelf.new_token(), user=reader(request).pk, table=_table(project), file_name=file.name[:200],
                language=language_now(), data=data,
            )  # fmt: skip
            shelf.put(waiting)
            return redirect("staff:running_lines_look", public_id=public_id, token=waiting.token)
    return page(request, "lines_in", project, 422 if form.is_bound else 200, tab="running_budget", form=form, back=BACK)


def _wrong(request: HttpRequest, project: Project, form: LinesForm, read: Read) -> HttpResponse:
    rows = len({one.row for one in read.problems})
    about = {"form": form, "problems": read.problems[:SHOWN_PROBLEMS], "wrong_rows": rows, "back": BACK}
    return page(request, "lines_in", project, 422, tab="running_budget", **about)


def _table(project: Project) -> str:
    """What a file for this budget is called on the shelf: for no other budget, and for no table of records."""
    return f"lines {project.public_id}"


@login_required
@never_cache
def lines_look(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What a file would add; sent, it is brought in."""
    project = project_or_404(request, public_id)
    waiting = shelf.take(token, reader(request).pk)
    if waiting is None or waiting.table != _table(project):
        raise Http404
    try:
        read = read_lines(waiting.data, project)
        if request.method == "POST" and not read.problems:
            add_lines(reader(request), project, read.lines, waiting.file_name)
            shelf.drop(token)
            _say(request, len(read.lines), read.there)
            return redirect("staff:running_budget", public_id=public_id)
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:running_lines_in", public_id=public_id)
    except ValidationError as error:  # somebody else wrote meanwhile what does not go with it
        messages.error(request, " ".join(error.messages))
        return redirect("staff:running_lines_in", public_id=public_id)
    if read.problems:
        return _wrong(request, project, LinesForm(), read)
    labels = {one.code: one.label(language_now()) for one in programme(running_of(project).rules).categories}
    names = {part.organisation_id: part.organisation.name for part in parts_of(project)}
    about: dict[str, Any] = {
        "file_name": waiting.file_name,
        "new": len(read.lines),
        "there": read.there,
        "planned": sum((line.planned for line in read.lines), Decimal(0)),
        "rows": [
            (line, labels.get(line.category, line.category), names.get(line.organisation_id or 0, ""))
            for line in read.lines[:SHOWN_LINES]
        ],
    }
    return page(request, "lines_look", project, tab="running_budget", **about)


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


def _say(request: HttpRequest, added: int, there: int) -> None:
    said = ngettext("%(n)d line was added.", "%(n)d lines were added.", added) % {"n": added}
    known = ngettext("%(n)d was there already.", "%(n)d were there already.", there) % {"n": there} if there else ""
    messages.success(request, f"{said} {known}".strip())
