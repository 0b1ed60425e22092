"""Adding, changing and taking away one entry of a project that runs, when somebody else may be doing the same."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import Outdated, keep_entry, remove_entry
from sympolis.office.projects.running.forms import EntryForm
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.records.views import clashes_of
from sympolis.web.staff.running.access import page, project_or_404
from sympolis.web.staff.running.kinds import KINDS, EntryKind

FILLED_FROM_ADDRESS = ("organisation", "period")


@login_required
def entry(request: HttpRequest, public_id: str, kind: str, number: int | None = None) -> HttpResponse:
    project, of = project_or_404(request, public_id), KINDS[kind]
    if number is None:
        return kept(request, project, of.model(project=project), of.form, of.page, of.page, of)
    one = get_object_or_404(getattr(project, of.relation), pk=number)
    one.project = project
    if request.method == "POST" and request.POST.get("what") == "remove":
        remove_entry(reader(request), one)
        messages.success(request, _("Removed. What it said stays among the changes."))
        return redirect(f"staff:{of.page}", public_id=public_id)
    return kept(request, project, one, of.form, of.page, of.page, of)


def kept(
    request: HttpRequest,
    project: Project,
    one: Any,
    form_of: type[EntryForm],
    back: str,
    tab: str,
    kind: EntryKind | None = None,
) -> HttpResponse:
    """Keep what a form says of an entry and go back to where it stands; else show it, with what is wrong."""
    about = {"kind": kind, "entry": one, "back": f"staff:{back}", "tab": tab}
    if request.method != "POST":
        asked = {name: request.GET[name] for name in FILLED_FROM_ADDRESS if request.GET.get(name, "").isdecimal()}
        initial = asked if one.pk is None else {}
        return page(
            request, "entry", project, form=form_of(instance=one, user=reader(request), initial=initial), **about
        )
    form = _keep(request, one, form_of)
    if form.is_valid():
        messages.success(request, _("Saved."))
        return redirect(f"staff:{back}", public_id=project.public_id)
    clashes = clashes_of(form)
    shown = form.again() if clashes else form
    return page(request, "entry", project, 409 if clashes else 422, form=shown, clashes=clashes, **about)


def _keep(request: HttpRequest, one: Any, form_of: type[EntryForm]) -> EntryForm:
    """The form, with its entry kept where it holds. What was saved meanwhile is read again and the form checked once
    more against it, so that what two people wrote in different fields is both kept."""
    while True:
        form = form_of(request.POST, instance=one, user=reader(request))
        if not form.is_valid():
            return form
        try:
            keep_entry(reader(request), form.instance)
        except Outdated:
            project, one = one.project, get_object_or_404(type(one), pk=one.pk)
            one.project = project
            continue
        except ValidationError as error:
            form.refuse(error)
        return form
