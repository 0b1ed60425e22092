"""Rows for tests, each with the least it needs."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.projects.models import Call, Need, Project


def make_organisation(name: str, **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name, **{"kind": "city", **fields})


def make_relation(left: Organisation, type_: str, right: Organisation, **fields: Any) -> Relation:
    return Relation.objects.create(from_organisation=left, type=type_, to_organisation=right, **fields)


def make_project(title: str, lead: Organisation | None = None, *partners: Organisation, **fields: Any) -> Project:
    project = Project.objects.create(title=Text.of(en=title), **fields)
    if lead:
        project.participations.create(organisation=lead, role="lead")
    for partner in partners:
        project.participations.create(organisation=partner)
    return project


def make_call(title: str, **fields: Any) -> Call:
    return Call.objects.create(title=Text.of(en=title), **fields)


def make_need(organisation: Organisation, title: str, **fields: Any) -> Need:
    return Need.objects.create(organisation=organisation, title=Text.of(en=title), **fields)
