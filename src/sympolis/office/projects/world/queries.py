"""What the world's data tells of a project."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sympolis.engine.model import Document, ParticipationRole
from sympolis.engine.world import WorldMeasurement, WorldOrganisation, WorldProject
from sympolis.office.core.readers import atlas_index, open_world
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.world.queries import linked_organisations
from sympolis.office.projects.models import Project

MOST_PARTS = 200
"""Who takes part in one project: more are counted, not shown."""


@dataclass(frozen=True, slots=True)
class WorldPartner:
    """Who takes part in a project of the world's data, as what, and which of ours it is."""

    organisation: WorldOrganisation
    role: str
    grant: Decimal | None
    currency: str
    ours: Organisation | None

    @property
    def does_it(self) -> bool:
        """Whether it does the work; who pays and who answers for it do not take part by that."""
        return self.role not in (ParticipationRole.FUNDER, ParticipationRole.ACCOUNTABLE)


@dataclass(frozen=True, slots=True)
class ToldProject:
    """A project of the world's data with all that is known of it; ``document`` holds its texts, where there is one."""

    project: WorldProject
    document: Document | None
    partners: tuple[WorldPartner, ...]
    partner_count: int
    measurements: tuple[WorldMeasurement, ...]

    def without_ours(self) -> list[WorldPartner]:
        """Who does the work and is not in the directory yet, each once."""
        found = {one.organisation.id: one for one in self.partners if one.does_it and one.ours is None}
        return list(found.values())


def world_project(world_id: str) -> ToldProject | None:
    """None where the world's data knows no such project. One question to the office's database."""
    world = open_world()
    project = world.project(world_id) if world else None
    if world is None or project is None:
        return None
    parts = sorted(world.who_takes_part(world_id), key=lambda one: one.role != ParticipationRole.LEAD)
    shown = parts[:MOST_PARTS]
    bodies = world.organisations(list({one.organisation_id for one in shown}))
    ours = linked_organisations(bodies)
    index = atlas_index()
    return ToldProject(
        project=project,
        document=next(iter(index.get([world_id])), None) if index else None,
        partners=tuple(
            WorldPartner(bodies[one.organisation_id], one.role, one.grant, one.currency, ours.get(one.organisation_id))
            for one in shown
            if one.organisation_id in bodies
        ),
        partner_count=len(parts),
        measurements=tuple(world.measurements(world_id)),
    )


def kept_project(world_id: str) -> Project | None:
    """The office's own project that came out of this one."""
    source, _, source_id = world_id.partition(":")
    return Project.objects.filter(source=source, source_id=source_id).first() if source_id else None
