"""A project of the world's data: all that is known of it, and taking it over into the office's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.world import WorldMeasurement
from sympolis.office.core.texts import Text
from sympolis.office.directory.world.errors import NotInWorldData
from sympolis.office.projects.running.enums import ResultLevel
from sympolis.office.projects.world.actions import KeptAlready, adopt_world_project
from sympolis.office.projects.world.queries import kept_project, world_project
from sympolis.web.staff.imports.access import officer_of, officers_only


@dataclass(frozen=True, slots=True)
class Shown:
    """One stretch of time of an indicator; a value that is no number is told in its words."""

    told: WorldMeasurement

    @property
    def values(self) -> list[tuple[str, Decimal | None, str]]:
        one = self.told
        return [
            (_("Value at the start"), one.baseline, one.baseline_words),
            (_("Value aimed at"), one.target, one.target_words),
            (_("Value reached"), one.reached, one.reached_words),
        ]


@dataclass(frozen=True, slots=True)
class Aim:
    """What belongs to one result: its title, whether it is an output, an outcome or an impact, its numbers."""

    title: Text
    level: str
    rows: list[Shown]

    @property
    def has_numbers(self) -> bool:
        return any(number is not None for row in self.rows for _name, number, _words in row.values)


@officers_only
@require_safe
def world_project_page(request: HttpRequest) -> HttpResponse:
    world_id = request.GET.get("id", "")[:250]
    told = world_project(world_id)
    if told is None:
        raise Http404
    context = {
        "told": told,
        "project": told.project,
        "title": Text.of(**told.project.title),
        "summary": Text.of(**told.document.text) if told.document else Text(),
        "ours": kept_project(world_id),
        "aims": _aims(told.measurements),
        "new": told.without_ours(),
    }
    return render(request, "staff/world/project.html", context)


def _aims(measurements: Iterable[WorldMeasurement]) -> list[Aim]:
    """What files tell in turns, under the same words again and again, stands together."""
    labels = {str(level): str(level.label) for level in ResultLevel}
    found: dict[tuple[Any, ...], Aim] = {}
    for one in measurements:
        key = one.level, tuple(sorted(one.aim.items()))
        aim = found.setdefault(key, Aim(Text.of(**one.aim), labels.get(one.level, ""), []))
        aim.rows.append(Shown(one))
    return list(found.values())


@officers_only
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Take it over: a project of the office that stays as it is when the world's data changes."""
    if not request.user.has_perm("projects.adopt_project"):
        raise PermissionDenied
    world_id = request.POST.get("id", "")[:250]
    try:
        project = adopt_world_project(officer_of(request), world_id, with_partners="with_partners" in request.POST)
    except NotInWorldData as error:
        raise Http404 from error
    except KeptAlready as error:
        messages.info(request, _("It is among our projects already."))
        return redirect("staff:change", public_id=error.project.public_id)
    messages.success(request, _("Taken over. Correct here what you know better: your word stays."))
    return redirect("staff:change", public_id=project.public_id)
