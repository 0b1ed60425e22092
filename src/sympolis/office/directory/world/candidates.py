"""Is this us? Who in the world's data may be one of ours, and who of ours may be one of the world's.

They are compared as the build compares records of several sources, by names, country, kind, place and web site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from sympolis.engine.model import Query
from sympolis.engine.resolve.bodies import Body, prepare
from sympolis.engine.resolve.judge import NEGATIVE, judge
from sympolis.engine.resolve.weights import Weights
from sympolis.engine.world import World, WorldOrganisation
from sympolis.office.core.readers import atlas_index, known_towns, open_world
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.world.queries import linked_organisations

LOOKED_AT, OFFERED = 30, 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation of the world's data that may be ours. ``linked``: which of ours it is already."""

    organisation: WorldOrganisation
    projects: int
    linked: Organisation | None = None


def candidates(organisation: Organisation, most: int = OFFERED) -> list[Candidate]:
    """Who in the world's data may be this organisation, the likeliest first; nobody who is surely another."""
    names = dict.fromkeys([organisation.name, *organisation.title_text().plain().values()])
    world = open_world()
    found = _found(world, " ".join(names), organisation.country)
    likeliest = _likeliest(body_of_ours(organisation), map(_body, found.values()), most)
    return with_projects(world, likeliest, found)


def named(words: str, most: int) -> list[Candidate]:
    """Who in the world's data is called like that, as far as a name tells."""
    world = open_world()
    found = _found(world, words)
    return with_projects(world, list(found)[:most], found)


def _found(world: World | None, words: str, country: str = "") -> dict[str, WorldOrganisation]:
    index = atlas_index()
    if index is None or world is None:
        return {}
    countries = (country,) if country else ()
    query = Query(text=words[:500], kinds=("organisation",), countries=countries, limit=LOOKED_AT, told=0)
    bodies = dict.fromkeys(world.bodies(hit.document.id for hit in index.search(query)).values())
    told = world.organisations(list(bodies))
    return {key: told[key] for key in bodies if key in told}


def with_projects(
    world: World | None,
    ids: Sequence[str],
    told: dict[str, WorldOrganisation] | None = None,
) -> list[Candidate]:
    """Organisations of the world's data with their number of projects, and which of ours each is."""
    if world is None or not ids:
        return []
    told = world.organisations(ids) if told is None else told
    counts, ours = world.project_counts(ids), linked_organisations(ids)
    return [Candidate(told[one], counts[one], ours.get(one)) for one in ids if one in told]


def alike_here(told: WorldOrganisation, most: int = OFFERED) -> list[Organisation]:
    """Who in the directory may be this organisation of the world's data, the likeliest first."""
    rows = Organisation.objects.filter(country__in={told.country, ""}) if told.country else Organisation.objects.all()
    wanted = [folded(name) for name in _body(told).names]
    scored = [(_close(wanted, names), pk) for pk, names in rows.values_list("pk", "folded")]
    closest = [pk for score, pk in sorted(scored, reverse=True)[:LOOKED_AT] if score > 0]
    found = {str(pk): one for pk, one in Organisation.objects.in_bulk(closest).items()}
    return [found[key] for key in _likeliest(_body(told), map(body_of_ours, found.values()), most)]


def _close(names: Iterable[str], others: str) -> float:
    return max((fuzz.token_set_ratio(name, others) for name in names), default=0.0)


def _likeliest(one: Body, others: Iterable[Body], most: int) -> list[str]:
    """Ids of those that may be the same, the likeliest first."""
    ready, *prepared = prepare([one, *others], known_towns())
    judged = [judge(ready, other, Weights()) for other in prepared]
    likely = sorted((one for one in judged if one.score > NEGATIVE), key=lambda one: (-one.score, one.right))
    return [one.right for one in likely[:most]]


def _body(told: WorldOrganisation) -> Body:
    names = dict.fromkeys([told.name, *told.names.values(), *told.aliases])
    return Body(
        told.id,
        tuple(name for name in names if name),
        told.country,
        told.kind,
        told.identifiers,
        told.latitude,
        told.longitude,
        told.website,
    )


def body_of_ours(organisation: Organisation) -> Body:
    names = dict.fromkeys([organisation.name, *organisation.title_text().plain().values(), *organisation.aliases])
    return Body(
        str(organisation.pk),
        tuple(name for name in names if name),
        organisation.country,
        organisation.kind,
        (),
        organisation.latitude,
        organisation.longitude,
        organisation.website,
    )
