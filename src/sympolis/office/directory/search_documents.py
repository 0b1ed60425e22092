"""Organisations and agreements, as search reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Record
from sympolis.office.core.searchable import (
    PartOf,
    Searchable,
    audiences,
    network_document,
    office_document,
    public_document,
)
from sympolis.office.core.texts import Text, joined
from sympolis.office.directory.enums import BODY
from sympolis.office.directory.models import Agreement, Department, Organisation, Person, Position, Post
from sympolis.office.directory.queries import (
    countries_told,
    visible_agreements,
    visible_organisations,
    visible_positions,
)
from sympolis.office.directory.world.queries import linked_bodies


def organisation_documents(organisation: Organisation) -> Iterator[Document]:
    house = {one: _house(organisation, one) for one in Visibility}
    entry = public_document(
        organisation,
        "organisation",
        text=joined(
            organisation.line,
            organisation.description,
            *_departments(organisation, Visibility.PUBLIC),
            also=house[Visibility.PUBLIC],
        ),
        countries=(organisation.country,) if organisation.country else (),
        themes=organisation.themes,
        audiences=audiences(organisation, organisation.public_id),
    )
    yield entry
    told = joined(*_departments(organisation, Visibility.NETWORK)).values()
    yield from network_document(entry, *told, *house[Visibility.NETWORK])
    people = [_contact(one) for one in organisation.people.all()]
    also_there = [f"{one.person.name}, {one.post}" for one in organisation.posts.all()]
    kept = joined(*_departments(organisation, Visibility.OFFICE)).values()
    yield from office_document(entry, organisation.note, *people, *also_there, *kept, *house[Visibility.OFFICE])


def _house(body: Organisation, visibility: Visibility) -> list[str]:
    """Whose a board is, as it is called: every network has a board. Told to those who may see the network."""
    house = body.parent if body.kind == BODY else None
    return [", ".join(filter(None, (house.name, house.short_name)))] if house and house.visibility == visibility else []


def _departments(organisation: Organisation, visibility: Visibility) -> list[Text]:
    return [one.name for one in organisation.departments.all() if one.visibility == visibility]


def _contact(person: Person) -> str:
    """Whom the office knows there: names and posts of people are found by the office alone."""
    return ", ".join(part for part in (person.name, str(person.post), person.email, person.telephone) if part)


def all_organisations() -> QuerySet[Organisation]:
    return Organisation.objects.select_related("parent").prefetch_related("departments", "people", "posts__person")


def agreement_documents(agreement: Agreement) -> Iterator[Document]:
    parties = list(agreement.parties.all())
    obliges = _as_told(agreement, "obliges", "obliges_visibility")
    entry = public_document(
        agreement,
        "agreement",
        text=joined(*obliges[Visibility.PUBLIC], also=[_names(parties, Visibility.PUBLIC)]),
        countries=countries_told(parties),
        themes=agreement.themes,
        earliest=agreement.signed_earliest,
        latest=agreement.ends_latest,
        audiences=audiences(agreement),
    )
    yield entry
    narrower = {one: joined(*obliges[one]).values() for one in (Visibility.NETWORK, Visibility.OFFICE)}
    yield from network_document(entry, _names(parties, Visibility.NETWORK), *narrower[Visibility.NETWORK])
    kept = (agreement.note, _names(parties, Visibility.OFFICE), *narrower[Visibility.OFFICE])
    yield from office_document(entry, *kept)


def _as_told(record: Record, field: str, group: str) -> dict[str, list[Text]]:
    """A text of a group of fields, in the entry of those who may see it."""
    told: dict[str, list[Text]] = {one: [] for one in Visibility}
    told[getattr(record, group) or Visibility.PUBLIC].append(getattr(record, field))
    return told


def _names(organisations: Iterable[Organisation], visibility: Visibility) -> str:
    """Who is named on a record is told to those who may see them."""
    return ", ".join(one.name for one in organisations if one.visibility == visibility)


def all_agreements() -> QuerySet[Agreement]:
    return Agreement.objects.prefetch_related("parties")


def position_documents(position: Position) -> Iterator[Document]:
    who = [one for one in (*position.signatories.all(), position.addressed_to) if one]
    outcome = _as_told(position, "outcome", "outcome_visibility")
    entry = public_document(
        position,
        "position",
        text=joined(position.text, *outcome[Visibility.PUBLIC], also=[_names(who, Visibility.PUBLIC)]),
        countries=countries_told(position.signatories.all()),
        themes=position.themes,
        earliest=position.adopted_earliest,
        latest=position.adopted_latest,
        audiences=audiences(position),
    )
    yield entry
    narrower = {one: joined(*outcome[one]).values() for one in (Visibility.NETWORK, Visibility.OFFICE)}
    yield from network_document(entry, _names(who, Visibility.NETWORK), *narrower[Visibility.NETWORK])
    yield from office_document(entry, position.note, _names(who, Visibility.OFFICE), *narrower[Visibility.OFFICE])


def all_positions() -> QuerySet[Position]:
    return Position.objects.select_related("addressed_to").prefetch_related("signatories")


def employers(public_ids: Iterable[str]) -> Iterable[str]:
    return Person.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def houses(public_ids: Iterable[str]) -> Iterable[str]:
    return Department.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def held_at(public_ids: Iterable[str]) -> Iterable[str]:
    return Post.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def naming(public_ids: Iterable[str]) -> Iterable[str]:
    """The agreements, positions and bodies that name these organisations: who may find them by that name follows
    from who sees the organisation."""
    listed = list(public_ids)
    agreements = Agreement.objects.filter(parties__public_id__in=listed).order_by()
    signed = Position.objects.filter(signatories__public_id__in=listed).order_by()
    addressed = Position.objects.filter(addressed_to__public_id__in=listed).order_by()
    bodies = Organisation.objects.filter(kind=BODY, parent__public_id__in=listed).order_by()
    rows = (one.values_list("public_id", flat=True) for one in (agreements, signed, addressed, bodies))
    return dict.fromkeys(public_id for found in rows for public_id in found)


def linked(world_ids: Iterable[str]) -> Iterable[str]:
    return linked_bodies(world_ids)


SEARCHABLE = (
    Searchable(Organisation, all_organisations, organisation_documents, visible_organisations),
    Searchable(Agreement, all_agreements, agreement_documents, visible_agreements),
    Searchable(Position, all_positions, position_documents, visible_positions),
)
PARTS = (
    PartOf(Organisation.ID_PREFIX, naming),
    PartOf(Person.ID_PREFIX, employers),
    PartOf(Department.ID_PREFIX, houses),
    PartOf(Post.ID_PREFIX, held_at),
)
