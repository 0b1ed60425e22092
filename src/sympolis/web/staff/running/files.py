"""Budgets and changes to take away, line by line, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.models import BudgetLine
from sympolis.office.projects.running.queries import number_changes
from sympolis.web.staff.csv_file import long_csv_file
from sympolis.web.staff.running.access import project_or_404

AT_ONCE = 2000
COLUMNS = (
    "project__public_id", "project__acronym", "project__currency", "what", "category", "organisation__name",
    "work_package__code", "year", "basis", "units", "unit_cost", "rate", "planned", "actual",
)  # fmt: skip


@login_required
@require_safe
def budgets(request: HttpRequest) -> StreamingHttpResponse:
    """All lines of all budgets that this user runs."""
    runs = Exists(changeable_projects(request.user).filter(pk=OuterRef("project")))
    lines = BudgetLine.objects.filter(runs).order_by("project", "pk")
    return long_csv_file("budgets", _lines(lines))


@login_required
@require_safe
def budget(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    project = project_or_404(request, public_id)
    return long_csv_file(f"budget-{project.public_id}", _lines(project.budget_lines.order_by("pk")))


def _lines(lines: Any) -> Iterator[tuple[object, ...]]:
    """Headings are those the importer understands, so that what was taken away can be brought in elsewhere."""
    yield (
        "project_id", "project", "currency", "what", "category", "partner", "work_package", "year", "basis", "units",
        "unit_cost", "rate", "planned", "actual",
    )  # fmt: skip
    yield from lines.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE)


@login_required
@require_safe
def changes(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    """Every number as it changed."""
    project = project_or_404(request, public_id)
    return long_csv_file(f"changes-{project.public_id}", _changes(project))


def _changes(project: Any) -> Iterator[tuple[object, ...]]:
    yield _("When"), _("Who"), _("What"), _("Number"), _("From"), _("To")
    for one in number_changes(project):
        yield (
            one.at.isoformat(),
            one.by,
            f"{one.kind} {one.entry} {one.about}".strip(),
            str(one.label),
            _plain(one.before),
            _plain(one.after),
        )


def _plain(number: Any) -> str:
    return "" if number is None else f"{number:f}"
