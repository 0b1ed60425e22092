"""Partners of a project with their shares as a spreadsheet: taken away, looked at as it comes in, taken back whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import Outdated, bring_shares, take_shares_back
from sympolis.office.projects.running.incoming_shares import Read, read_shares, rows_of
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.running.access import page, project_or_404
from sympolis.web.staff.running.incoming import SHOWN_PROBLEMS, FileForm
from sympolis.web.staff.workbook import workbook_file


class SharesForm(FileForm):
    WHAT = gettext_lazy(
        "CSV or XLSX, one partner a row, with the columns Partner, Role, Own money, Grant, Co-financing and, of "
        "another currency than the project's, Currency, Rate and Day of the rate, as far as there are any. Who is not "
        "in the file stays as it is."
    )


@login_required
@require_safe
def shares_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """``?format=xlsx``: a workbook. Either can be brought in again."""
    project = project_or_404(request, public_id)
    name = f"partners-{project.public_id}"
    if request.GET.get("format") == "xlsx":
        return workbook_file(name, rows_of(project))
    return csv_file(name, rows_of(project))


@login_required
@never_cache
def shares_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a file; what it would do is shown before anything is written."""
    project = project_or_404(request, public_id)
    form = SharesForm(request.POST, request.FILES) if request.method == "POST" else SharesForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            read = read_shares(data, project, reader(request))
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
            return redirect("staff:running_shares_look", public_id=public_id, token=waiting.token)
    about = {"form": form, "back": "staff:running"}
    return page(request, "lines_in", project, 422 if form.is_bound else 200, tab="running", **about)


def _wrong(request: HttpRequest, project: Project, form: SharesForm, read: Read) -> HttpResponse:
    rows = len({one.row for one in read.problems})
    about = {"form": form, "problems": read.problems[:SHOWN_PROBLEMS], "wrong_rows": rows, "back": "staff:running"}
    return page(request, "lines_in", project, 422, tab="running", **about)


def _table(project: Project) -> str:
    """What a file of these partners is called on the shelf."""
    return f"shares {project.public_id}"


@login_required
@never_cache
def shares_look(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What a file would change; sent, it is brought in."""
    project = project_or_404(request, public_id)
    waiting = shelf.take(token, reader(request).pk)
    if waiting is None or waiting.table != _table(project):
        raise Http404
    try:
        read = read_shares(waiting.data, project, reader(request))
        if request.method == "POST" and not read.problems:
            bring_shares(reader(request), project, read.coming, waiting.file_name)
            shelf.drop(token)
            _say(request, len(read.coming), read.there)
            return redirect("staff:running", public_id=public_id)
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:running_shares_in", public_id=public_id)
    except ValidationError as error:  # somebody else wrote meanwhile what does not go with it
        messages.error(request, " ".join(error.messages))
        return redirect("staff:running_shares_in", public_id=public_id)
    except Outdated:
        messages.warning(request, _("Somebody saved a share meanwhile: look at what would change once more."))
        return redirect("staff:running_shares_look", public_id=public_id, token=token)
    if read.problems:
        return _wrong(request, project, SharesForm(), read)
    about: dict[str, Any] = {"file_name": waiting.file_name, "coming": read.coming, "there": read.there}
    about["before"] = {share.organisation_id: share for share in project.shares.all()}
    return page(request, "shares_look", project, tab="running", **about)


@login_required
@require_POST
def shares_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    project = project_or_404(request, public_id)
    brought = get_object_or_404(project.shares_brought, pk=number)
    try:
        back, kept = take_shares_back(reader(request), brought)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("staff:running", public_id=public_id)
    except Outdated:
        messages.warning(request, _("Somebody saved a share meanwhile: nothing was taken back. Try again."))
        return redirect("staff:running", public_id=public_id)
    messages.success(
        request, ngettext("%(n)d partner is as before.", "%(n)d partners are as before.", back) % {"n": back}
    )
    if kept:
        words = ngettext(
            "%(n)d partner stays: somebody has changed it since.",
            "%(n)d partners stay: somebody has changed them since.",
            kept,
        )
        messages.warning(request, words % {"n": kept})
    return redirect("staff:running", public_id=public_id)


def _say(request: HttpRequest, written: int, there: int) -> None:
    said = ngettext("%(n)d partner was written.", "%(n)d partners were written.", written) % {"n": written}
    known = ngettext("%(n)d was there already.", "%(n)d were there already.", there) % {"n": there} if there else ""
    messages.success(request, f"{said} {known}".strip())
