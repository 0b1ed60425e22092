"""Partners of a project with their shares as a spreadsheet: taken away, looked at as it comes in, taken back whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.models import User
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import Outdated, bring_shares, take_shares_back
from sympolis.office.projects.running.incoming_shares import Read, read_shares, rows_of
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.running.access import project_or_404
from sympolis.web.staff.running.incoming_file import FileForm, IncomingFile
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


def _bring(user: User, project: Project, read: Read, file_name: str) -> str:
    bring_shares(user, project, read.coming, file_name)
    written = len(read.coming)
    return ngettext("%(n)d partner was written.", "%(n)d partners were written.", written) % {"n": written}


def _shown(project: Project, read: Read) -> dict[str, Any]:
    return {"coming": read.coming, "before": {share.organisation_id: share for share in project.shares.all()}}


SHARES = IncomingFile("shares", "running", SharesForm, read_shares, _bring, _shown)


@login_required
@never_cache
def shares_in(request: HttpRequest, public_id: str) -> HttpResponse:
    return SHARES.choose(request, public_id)


@login_required
@never_cache
def shares_look(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    try:
        return SHARES.look(request, public_id, token)
    except Outdated:
        messages.warning(request, _("Somebody saved a share meanwhile: look at what would change once more."))
        return redirect("staff:running_shares_look", public_id=public_id, token=token)


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
