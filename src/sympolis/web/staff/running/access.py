"""Fetching a project to look at how it is run, for who may change it, and what every page of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.models import RetiredId
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import visible_projects
from sympolis.office.projects.running.enums import Layout
from sympolis.office.projects.running.queries import run_projects, running_of
from sympolis.web.staff.records.gone import gone


@dataclass(frozen=True, slots=True)
class Tab:
    url: str
    label: Any
    is_full: bool = False


TABS = (
    Tab("staff:running", _("Overview")),
    Tab("staff:running_budget", _("Budget")),
    Tab("staff:running_payments", _("Payments"), is_full=True),
    Tab("staff:running_work", _("Work and risks"), is_full=True),
    Tab("staff:running_claims", _("Reports and claims"), is_full=True),
    Tab("staff:running_hours", _("Hours"), is_full=True),
    Tab("staff:running_changes", _("Who changed which number")),
    Tab("staff:running_settings", _("How it is run")),
)


def project_or_404(request: HttpRequest, public_id: str) -> Project:
    return get_object_or_404(run_projects(request.user), public_id=public_id)


def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who sees a project and does not run it reads its public page. Raises Http404 where there is none."""
    seen = visible_projects(request.user).filter(public_id=public_id).first()
    if seen is not None:
        return redirect(seen)
    retired = RetiredId.objects.filter(public_id=public_id).first()
    if retired is None:
        raise Http404
    return gone(request, retired)


def page(request: HttpRequest, template: str, project: Project, status: int = 200, **about: Any) -> HttpResponse:
    """A page of a project: its tabs are those of its layout, and the one looked at."""
    running = running_of(project)
    here = f"staff:{about.pop('tab')}"
    tabs = [tab for tab in TABS if not tab.is_full or running.layout == Layout.FULL or tab.url == here]
    frame = {"project": project, "running": running, "tabs": tabs, "here": here}
    return render(request, f"staff/running/{template}.html", {**frame, **about}, status=status)
