"""What the office and its members do with projects, calls and needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Call, Need, Participation, Project


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation's part in a project."""

    organisation: Organisation
    role: str
    money: Decimal | None = None


@transaction.atomic
def keep_project(project: Project, parts: Iterable[Part] | None = None) -> Project:
    """Add or change a project; ``parts`` None leaves who takes part as it is."""
    keep_record(project)
    if parts is not None:
        _set_parts(project, {part.organisation.pk: part for part in parts})
    note_lists(Project, [project])
    return project


def _set_parts(project: Project, wanted: Mapping[int, Part]) -> None:
    there = {part.organisation_id: part for part in project.participations.all()}
    project.participations.filter(organisation__in=there.keys() - wanted.keys()).delete()
    for key, part in wanted.items():
        row = there.get(key) or Participation(project=project, organisation=part.organisation)
        row.role, row.money = part.role, part.money
        row.save()


def remove_project(project: Project, by: User | None = None) -> None:
    remove_record(project, by)


def keep_call(call: Call) -> Call:
    keep_record(call)
    return call


def remove_call(call: Call, by: User | None = None) -> None:
    remove_record(call, by)


def keep_need(need: Need) -> Need:
    keep_record(need)
    return need


def remove_need(need: Need, by: User | None = None) -> None:
    remove_record(need, by)
