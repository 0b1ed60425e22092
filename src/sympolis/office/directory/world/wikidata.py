"""Which items of Wikidata an organisation is, as far as world data or an import said so."""

from __future__ import annotations

import re

from sympolis.office.core.readers import open_world
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.world.queries import world_ids_of

SOURCE = "wikidata"
ITEM = "https://www.wikidata.org/entity/"
_ITEM_ID = re.compile(r"\AQ[1-9]\d{0,11}\Z")


def wikidata_ids(organisation: Organisation) -> list[str]:
    """``Q1492`` and the like: its own id where it was read there, and those of the bodies of world data it is."""
    said = [f"{organisation.source}:{organisation.source_id}"]
    bodies = world_ids_of(organisation)
    world = open_world() if bodies else None
    found = world.organisations(bodies).values() if world else ()
    said += [*bodies, *(one for body in found for one in body.identifiers)]
    items = [one.partition(":")[2] for one in said if one.startswith(f"{SOURCE}:")]
    return sorted({item for item in items if _ITEM_ID.match(item)}, key=lambda item: (len(item), item))


def wikidata_address(item: str) -> str:
    return f"{ITEM}{item}"
