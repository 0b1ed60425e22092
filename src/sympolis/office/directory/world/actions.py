"""This is us: an organisation of the world's data becomes one of the directory's, or turns out to be one."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.db import IntegrityError, transaction

from sympolis.engine.world import WorldOrganisation
from sympolis.office.core.ids import ids_for
from sympolis.office.core.models import RetiredId, User
from sympolis.office.core.readers import open_world
from sympolis.office.core.texts import Text
from sympolis.office.directory.actions import keep_organisation
from sympolis.office.directory.models import Organisation, WorldLink
from sympolis.office.directory.names import language_of_name
from sympolis.office.directory.world.errors import LinkedAlready, NotInWorldData
from sympolis.office.directory.world.queries import linked_organisations, world_organisation


@transaction.atomic
def adopt_world_organisation(user: User, world_id: str) -> Organisation:
    """A new organisation of the directory out of a record of the world's data, linked to it.

    Raises NotInWorldData, and LinkedAlready where it is one of ours. What people change in it later stays: building
    the world's data again writes nothing into the directory.
    """
    told = world_organisation(world_id)
    if told is None:
        raise NotInWorldData(world_id)
    _refuse_if_linked(told.id)
    organisation = _ours(told)
    organisation._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
    keep_organisation(organisation)
    _link(user, organisation, told.id)
    return organisation


@transaction.atomic
def link_to_world(user: User, organisation: Organisation, world_id: str) -> WorldLink:
    """This is us. Nothing of what the directory says of the organisation changes.

    Raises NotInWorldData, and LinkedAlready where the record is another of ours.
    """
    told = world_organisation(world_id)
    if told is None:
        raise NotInWorldData(world_id)
    if linked := linked_organisations([told.id]).get(told.id):
        if linked.pk != organisation.pk:
            raise LinkedAlready(linked)
        return organisation.world_links.filter(world_id__in=_records_of(told.id))[0]
    return _link(user, organisation, told.id)


@transaction.atomic
def unlink_from_world(user: User, organisation: Organisation, world_id: str) -> int:
    """It was not us: how many links went. A body may be linked by several of its records."""
    links = list(organisation.world_links.filter(world_id__in=_records_of(world_id)))
    for link in links:
        link._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
        link.delete()
    return len(links)


def _link(user: User, organisation: Organisation, world_id: str) -> WorldLink:
    try:
        with transaction.atomic():
            return WorldLink.objects.create(organisation=organisation, world_id=world_id, linked_by=user)
    except IntegrityError as error:  # somebody was quicker
        raise LinkedAlready(WorldLink.objects.get(world_id=world_id).organisation) from error


def _refuse_if_linked(world_id: str) -> None:
    source, _, source_id = world_id.partition(":")
    ours = linked_organisations([world_id]).get(world_id)
    if ours := ours or Organisation.objects.filter(source=source, source_id=source_id).first():
        raise LinkedAlready(ours)


def _records_of(world_id: str) -> list[str]:
    """All records of the body this one is part of; the id alone while there is no world data."""
    world = open_world()
    return list(world.records(world.bodies([world_id]).values())) if world else [world_id]


def _ours(told: WorldOrganisation) -> Organisation:
    source, _, source_id = told.id.partition(":")
    public_id = ids_for(Organisation.ID_PREFIX, source, [source_id])[source_id]
    RetiredId.objects.filter(public_id=public_id).delete()
    said = _said(told)
    return Organisation(
        public_id=public_id,
        source=source[:40],
        source_id=source_id[:200],
        source_url=told.source_url[:1000],
        names=Text.of(**_names(told)),
        imported=said | {f"names.{language}": name for language, name in _names(told).items()},
        **said,
    )


def _names(told: WorldOrganisation) -> Mapping[str, str]:
    return {language: name[:300] for language, name in told.names.items() if language and name.strip()}


def _said(told: WorldOrganisation) -> dict[str, Any]:
    """The fields of ours that the record fills, as the importer would note them: an edit is told from them."""
    values = {
        "name": told.name[:300],
        "name_language": language_of_name(told.name, told.names, told.country),
        "short_name": told.short_name[:100],
        "aliases": [alias[:300] for alias in told.aliases],
        "kind": told.kind[:40] or "other",
        "country": told.country if len(told.country) == 2 else "",
        "place": told.place[:200],
        "latitude": _within(told.latitude, 90),
        "longitude": _within(told.longitude, 180),
        "website": told.website[:500],
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _within(degrees: float | None, most: int) -> float | None:
    return degrees if degrees is not None and isfinite(degrees) and abs(degrees) <= most else None
