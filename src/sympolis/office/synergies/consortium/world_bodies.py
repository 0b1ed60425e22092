"""Bodies of the world's data that did what a call is about: who took part in the projects nearest to its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sympolis.engine.match.consortium import Candidate
from sympolis.engine.model import Call, Query
from sympolis.engine.model import Text as Texts
from sympolis.engine.world import World, WorldOrganisation
from sympolis.office.core.readers import atlas_index, open_world
from sympolis.office.directory.models import Organisation, WorldLink

PROJECTS, BODIES = 24, 60
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class WorldBodies:
    """Who of the world's data may be in, by id; ``candidates`` for the engine, the titles of their projects by id."""

    bodies: Mapping[str, WorldOrganisation] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    titles: Mapping[str, Texts] = field(default_factory=dict)


def world_bodies(call: Call, lead: Organisation, themes: Collection[str]) -> WorldBodies:
    """Those who took part in the two dozen projects nearest to a call and aren't ours: one question to the database.

    Their works are those projects, each under those of its themes that the call asks for.
    """
    index, world = atlas_index(), open_world()
    if index is None or world is None or not world.has_organisations():
        return WorldBodies()
    asked = Query(text=_question(call), kinds=("project",), limit=PROJECTS, told=0)
    near = {hit.document.id: hit.document for hit in index.search(asked)}
    links = dict(WorldLink.objects.order_by("world_id").values_list("world_id", "organisation"))
    ours = set(world.bodies(links).values())
    parts: dict[str, list[str]] = defaultdict(list)
    for project, key in world.parts_of(near):
        if key not in ours:
            parts[key].append(project)
    best = sorted(parts, key=lambda key: (-len(parts[key]), key))[:BODIES]
    known = world.organisations(best)
    ties = _ties(world, [one for one, pk in links.items() if pk == lead.pk])
    candidates = []
    for key, body in sorted(known.items()):
        works = {
            theme: tuple(project for project in parts[key] if theme in near[project].themes) for theme in sorted(themes)
        }
        told = {theme: projects for theme, projects in works.items() if projects}
        candidates.append(Candidate(key, body.name, body.country, body.kind, told, ties=ties.get(key, 0)))
    return WorldBodies(known, tuple(candidates), {key: document.title for key, document in near.items()})


def _ties(world: World, lead: list[str]) -> dict[str, int]:
    """How many projects of the world's data each body shares with the lead."""
    return dict(world.partners_of(list(world.bodies(lead).values()), 10_000)) if lead else {}


def _question(call: Call) -> str:
    title = next((said for said in call.title.values() if said), "")
    text = next((said for said in call.summary.values() if said), "")
    return f"{title}. {text}"[:_LONGEST]
