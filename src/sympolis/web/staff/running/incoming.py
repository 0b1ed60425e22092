"""Budget lines of a project out of a spreadsheet: all of them, or none and what is wrong with which row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sympolis.office.core.imports.errors import ImportRefused, Problem
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.projects.running.actions import add_lines
from sympolis.office.projects.running.incoming import read_lines
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.running.access import page, project_or_404

SHOWN_PROBLEMS = 100


class LinesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX, one line a row, with the columns What for, Category, Partner, Work package, Year, Planned "
            "and Actual, as far as there are any. The same file twice adds nothing."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


@login_required
def lines_in(request: HttpRequest, public_id: str) -> HttpResponse:
    project = project_or_404(request, public_id)
    form = LinesForm(request.POST, request.FILES) if request.method == "POST" else LinesForm()
    problems: list[Problem] = []
    if form.is_bound and form.is_valid():
        try:
            read = read_lines(form.cleaned_data["file"].read(), project)
            problems = read.problems
            if not problems:
                add_lines(reader(request), project, read.lines)
                _say(request, len(read.lines), read.there)
                return redirect("staff:running_budget", public_id=public_id)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        except ValidationError as error:
            form.add_error(None, error.messages)
    status = 422 if form.is_bound else 200
    about = {"form": form, "problems": problems[:SHOWN_PROBLEMS], "wrong_rows": len({one.row for one in problems})}
    return page(request, "lines_in", project, status, tab="running_budget", **about)


def _say(request: HttpRequest, added: int, there: int) -> None:
    said = ngettext("%(n)d line was added.", "%(n)d lines were added.", added) % {"n": added}
    known = ngettext("%(n)d was there already.", "%(n)d were there already.", there) % {"n": there} if there else ""
    messages.success(request, f"{said} {known}".strip())
