"""What the world's data knows of our organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import overload

from django.db.models import OuterRef, QuerySet, StringAgg, Subquery, Value

from sympolis.engine.world import World, WorldOrganisation, WorldProject
from sympolis.office.core.readers import open_world
from sympolis.office.directory.models import Organisation, WorldLink


class WorldProjects(Sequence[WorldProject]):
    """The projects of some organisations, the latest first, fetched as far as somebody looks."""

    def __init__(self, world: World | None, ids: Sequence[str], but: Collection[str] = ()) -> None:
        self._world, self._ids, self._but = world, ids, but
        self._count: int | None = None

    def __len__(self) -> int:
        if self._world is None or not self._ids:
            return 0
        if self._count is None:
            self._count = self._world.count_projects(self._ids, self._but)
        return self._count

    @overload
    def __getitem__(self, at: int) -> WorldProject: ...
    @overload
    def __getitem__(self, at: slice) -> list[WorldProject]: ...
    def __getitem__(self, at: int | slice) -> WorldProject | list[WorldProject]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        start, stop, _step = at.indices(len(self))
        if self._world is None or stop <= start:
            return []
        return self._world.projects_of(self._ids, stop - start, start, self._but)


def world_organisation(world_id: str) -> WorldOrganisation | None:
    """The organisation this record is part of; None where there is none."""
    world = open_world()
    if world is None:
        return None
    body = world.bodies([world_id])[world_id]
    return world.organisations([body]).get(body)


def with_world_links(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The same organisations, each knowing its links, so that ``world_ids_of`` needs no question of its own."""
    links = WorldLink.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    return organisations.annotate(linked_as=Subquery(links.values(all=StringAgg("world_id", Value("\n")))))


def world_ids_of(organisation: Organisation) -> list[str]:
    """The organisations of the world's data that are this one, by the ids they have now."""
    if hasattr(organisation, "linked_as"):
        linked = sorted((organisation.linked_as or "").split())
    else:
        linked = list(organisation.world_links.order_by("world_id").values_list("world_id", flat=True))
    world = open_world()
    return list(dict.fromkeys(world.bodies(linked).values())) if world else linked


def linked_organisations(bodies: Iterable[str]) -> dict[str, Organisation]:
    """Those of these organisations of the world's data that are ours, each with ours: one question."""
    world = open_world()
    wanted = list(bodies)
    records = world.records(wanted) if world else {one: one for one in wanted}
    links = WorldLink.objects.filter(world_id__in=list(records)).select_related("organisation")
    return {records[link.world_id]: link.organisation for link in links}


def linked_bodies(bodies: Iterable[str]) -> set[str]:
    """The same without ours themselves."""
    world = open_world()
    wanted = list(bodies)
    if not wanted:
        return set()
    records = world.records(wanted) if world else {one: one for one in wanted}
    links = WorldLink.objects.filter(world_id__in=list(records)).values_list("world_id", flat=True)
    return {records[one] for one in links}
