"""What the form of one of our organisations shows of the world's data."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.readers import open_world
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.world.queries import WorldProjects, world_ids_of
from sympolis.office.projects.models import Project
from sympolis.web.public.organisation_page import kept_here

FEW = 10


def in_world_data(organisation: Organisation) -> dict[str, Any]:
    """Its latest projects there, less those the office keeps: two questions, one where it is not linked."""
    ids = world_ids_of(organisation)
    if not ids:
        return {}
    ours = Project.objects.filter(participations__organisation=organisation).only("source", "source_id")
    projects = WorldProjects(open_world(), ids, kept_here(ours))
    return {"world_projects": projects[:FEW], "world_count": len(projects)}
