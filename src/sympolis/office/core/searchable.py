"""How a room gives its records to search: what is written into the index, and who may see it again.

Every room lists its own in ``search_documents.SEARCHABLE``; the modules are named in the settings, so that ``core``
never imports a room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader

PUBLIC = "public"
NETWORK = "network"
OFFICE = "office"
AGAIN = "again"
PART = "#{}"  # behind the id of one more entry of a record: what only some may find it by, or another kind it is
PARTS_OF_RECORDS = tuple(PART.format(name) for name in (NETWORK, OFFICE, AGAIN))


@dataclass(frozen=True, slots=True)
class Searchable[R: Record]:
    """One model of a room.

    ``records`` are all of them with what their documents need; ``page_slug`` and ``page_id`` are the columns that
    name the page a hit leads to, which is another record's for what is read there.
    """

    model: type[R]
    records: Callable[[], QuerySet[R]]
    documents: Callable[[R], Iterable[Document]]
    visible: Callable[[Reader], QuerySet[R]]
    page_slug: str = "slug"
    page_id: str = "public_id"

    @property
    def prefix(self) -> str:
        return self.model.ID_PREFIX


@dataclass(frozen=True, slots=True)
class PartOf:
    """Records told in the entries of others: a change of one is a change of those, its ``owners``."""

    prefix: str
    owners: Callable[[Iterable[str]], Iterable[str]]


def public_document(record: Record, kind: str, **fields: Any) -> Document:
    """The entry of a record with the words everybody who sees it may find it by."""
    return Document(
        id=record.public_id,
        kind=kind,
        title=record.title_text().plain(),
        source_url=record.source_url,
        illustrative=record.illustrative,
        confirmed=record.confirmed,
        **{"audiences": audiences(record), "aliases": tuple(name for name in record.other_names() if name), **fields},
    )


def office_document(of: Document, *private: str) -> Iterator[Document]:
    """A second entry of the same record with what only the office may find it by; none when there is nothing."""
    yield from _part(of, OFFICE, (OFFICE,), private)


def network_document(of: Document, *said: str) -> Iterator[Document]:
    """One more with what the office and the members of its networks may find it by."""
    yield from _part(of, NETWORK, (OFFICE, NETWORK), said)


def again_as(of: Document, kind: str) -> Document:
    """The same entry once more as a kind of its own, which can be asked for alone: what is rare among many is found
    then however many of the others answer better."""
    return replace(of, id=of.id + PART.format(AGAIN), kind=kind)


def _part(of: Document, name: str, audiences: tuple[str, ...], private: Iterable[str]) -> Iterator[Document]:
    said = "\n".join(part for part in private if part)
    if said:
        yield replace(of, id=of.id + PART.format(name), text={"": said}, audiences=audiences, aliases=())


def audiences(record: Record, *own: str) -> tuple[str, ...]:
    """Who may find a record: everybody, or the office and the people of the organisations whose it is; with them the
    members of our networks where it is for these."""
    if record.visibility == Visibility.PUBLIC:
        return (PUBLIC,)
    wider = (NETWORK,) if record.visibility == Visibility.NETWORK else ()
    return (OFFICE, *wider, *(f"organisation:{public_id}" for public_id in own if public_id))


@cache
def searchables() -> dict[str, Searchable[Any]]:
    """By the prefix of the public ids."""
    listed = [one for name in settings.SYMPOLIS_SEARCH for one in import_module(name).SEARCHABLE]
    return {one.prefix: one for one in listed}


@cache
def parts() -> dict[str, list[PartOf]]:
    """By the prefix of the public ids: several rooms may tell of the same records."""
    found: dict[str, list[PartOf]] = defaultdict(list)
    for name in settings.SYMPOLIS_SEARCH:
        for one in getattr(import_module(name), "PARTS", ()):
            found[one.prefix].append(one)
    return dict(found)


def linked_to_office(world_ids: Iterable[str]) -> set[str]:
    """Those records of the world's data that a room says are one of its own."""
    wanted = list(world_ids)
    rooms = [import_module(name) for name in settings.SYMPOLIS_SEARCH]
    return {one for room in rooms if hasattr(room, "linked") for one in room.linked(wanted)}


def prefix_of(public_id: str) -> str:
    return public_id.partition("_")[0]
