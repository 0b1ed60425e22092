"""Questions about practices, as far as the reader may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from sympolis.office.core.queries import (
    Reader,
    belongs_to,
    changeable_records,
    kept_by,
    proposable_records,
    visible_records,
    written_by,
)
from sympolis.office.core.texts import Text, joined
from sympolis.office.projects.models import Practice, Project
from sympolis.office.projects.queries import visible_projects


def visible_practices(user: Reader) -> QuerySet[Practice]:
    return visible_records(user, Practice.objects.all(), belongs_to(user, "organisation"))


def changeable_practices(user: Reader) -> QuerySet[Practice]:
    """With what a form names."""
    found = changeable_records(user, Practice.objects.all(), kept_by(user, "organisation"))
    return found.select_related("organisation", "project")


def proposable_practices(user: Reader) -> QuerySet[Practice]:
    found = proposable_records(user, Practice.objects.all(), written_by(user, "organisation"))
    return found.select_related("organisation", "project")


def practices_of(user: Reader, project: Project) -> QuerySet[Practice]:
    """What was learned in a project."""
    return visible_practices(user).filter(project=project)


def told_of(practice: Practice) -> Text:
    """The problem and what was done about it as one text, in the languages that either has: what matching reads."""
    return Text.of(**joined(practice.problem, practice.done))


def told_by(user: Reader, project_id: str) -> dict[str, Any]:
    """What a practice knows already that is made of a project: nothing where the reader may not see that project, and
    no cost where its money is not for everybody."""
    project = visible_projects(user).select_related("running").filter(public_id=project_id).first()
    if project is None:
        return {}
    part = project.participations.select_related("organisation").order_by("role", "pk").first()
    running = getattr(project, "running", None)
    return {
        "project": project,
        "title": project.title,
        "done": project.summary,
        "results": running.results if running else {},
        "cost": None if project.money_visibility else project.budget,
        "currency": project.currency,
        "start": project.start,
        "end": project.end,
        "countries": project.countries,
        "themes": project.themes,
        "sdgs": project.sdgs,
        "evidence_url": project.website,
        **({"organisation": part.organisation} if part else {}),
    }
