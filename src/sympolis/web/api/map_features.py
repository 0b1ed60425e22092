"""Organisations as points, what links them as lines: GeoJSON as RFC 7946 has it, one feature at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.world.wikidata import wikidata_ids
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Project
from sympolis.web.api.entities import each
from sympolis.web.api.readings import organisations_of, projects_of, relations_of
from sympolis.web.public.charts import Feature, apart, feature, position
from sympolis.web.public.reach import is_located
from sympolis.web.public.then import at

HALF_TURN, WHOLE_TURN = 180.0, 360.0


def features(reader: Reader, what: list[str], moment: Moment | None = None) -> Iterator[Feature]:
    """Of each kind that was asked for, all this reader may see, as of a time where one is asked about; examples are
    left out."""
    for name in dict.fromkeys(what):
        yield from KINDS[name](reader, moment)


def organisation_points(reader: Reader, moment: Moment | None) -> Iterator[Feature]:
    located = (
        at("organisations", organisations_of(reader), moment, reader).exclude(latitude=None).exclude(longitude=None)
    )
    for organisation in each(located):
        told = {
            **about(organisation),
            "name": organisation.name,
            "names": organisation.title_text().plain(),
            "kind": organisation.kind,
            "country": organisation.country,
            "themes": list(organisation.themes),
            "wikidata": wikidata_ids(organisation),
        }
        yield told_of(organisation, feature("Point", position(organisation), told))


def relation_lines(reader: Reader, moment: Moment | None) -> Iterator[Feature]:
    """A relation both of whose ends are on the map, in different places."""
    for relation in each(at("relations", relations_of(reader), moment, reader)):
        ends = (relation.from_organisation, relation.to_organisation)
        if can_be_joined(*ends):
            yield told_of(relation, line(*ends, relation_told(relation)))


def relation_told(relation: Relation) -> dict[str, Any]:
    return {
        **about(relation),
        "type": relation.type,
        "role": relation.role,
        "from": relation.from_organisation.public_id,
        "to": relation.to_organisation.public_id,
        "since": str(relation.since),
        "until": str(relation.until),
    }


def project_lines(reader: Reader, moment: Moment | None) -> Iterator[Feature]:
    """From the lead partner of a project to each of the others."""
    for project in each(at("projects", projects_of(reader), moment, reader)):
        lead = next((part.organisation for part in project.seen_parts if part.role == ParticipationRole.LEAD), None)
        for part in project.seen_parts:
            partner = part.organisation
            if lead and can_be_joined(lead, partner):
                told = project_told(project, lead, partner)
                yield {"id": f"{project.public_id}-{partner.public_id}", **line(lead, partner, told)}


def project_told(project: Project, lead: Organisation, partner: Organisation) -> dict[str, Any]:
    return {
        **about(project),
        "project": project.public_id,
        "title": project.title.plain(),
        "lead": lead.public_id,
        "partner": partner.public_id,
        "start": str(project.start),
        "end": str(project.end),
    }


def about(record: Record) -> dict[str, Any]:
    return {
        "url": record.get_absolute_url() if record.PAGE else "",
        "source": record.source,
        "source_url": record.source_url,
        "confirmed": record.confirmed,
    }


def told_of(record: Record, drawn: Feature) -> Feature:
    return {"id": record.public_id, **drawn}


def can_be_joined(one: Organisation, other: Organisation) -> bool:
    return is_located(one) and is_located(other) and apart(one, other)


def line(one: Organisation, other: Organisation, told: dict[str, Any]) -> Feature:
    """The shorter way round; cut in two where it crosses the meridian at which the map ends (RFC 7946, 3.1.9)."""
    (left, south), (right, north) = position(one), position(other)
    if abs(right - left) <= HALF_TURN:
        return feature("LineString", [[left, south], [right, north]], told)
    edge = HALF_TURN if left > 0 else -HALF_TURN
    unrolled = right + (WHOLE_TURN if left > 0 else -WHOLE_TURN)
    crossing = round(south + (north - south) * (edge - left) / (unrolled - left), 3)
    parts = [[[left, south], [edge, crossing]], [[-edge, crossing], [right, north]]]
    return feature("MultiLineString", parts, told)


KINDS: dict[str, Callable[[Reader, Moment | None], Iterator[Feature]]] = {
    "organisations": organisation_points,
    "relations": relation_lines,
    "projects": project_lines,
}
