"""Organisations and agreements, as search reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.enums import Visibility
from sympolis.office.core.searchable import PartOf, Searchable, audiences, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.directory.models import Agreement, Department, Organisation, Person, Position, Post
from sympolis.office.directory.queries import visible_agreements, visible_organisations, visible_positions
from sympolis.office.directory.world.queries import linked_bodies


def organisation_documents(organisation: Organisation) -> Iterator[Document]:
    departments = [one.name for one in organisation.departments.all() if one.visibility == Visibility.PUBLIC]
    entry = public_document(
        organisation,
        "organisation",
        text=joined(organisation.line, organisation.description, *departments),
        countries=(organisation.country,) if organisation.country else (),
        themes=organisation.themes,
        audiences=audiences(organisation, organisation.public_id),
    )
    yield entry
    people = [_contact(one) for one in organisation.people.all()]
    also_there = [f"{one.person.name}, {one.post}" for one in organisation.posts.all()]
    yield from office_document(entry, organisation.note, *people, *also_there)


def _contact(person: Person) -> str:
    """Whom the office knows there: names and posts of people are found by the office alone."""
    return ", ".join(part for part in (person.name, str(person.post), person.email, person.telephone) if part)


def all_organisations() -> QuerySet[Organisation]:
    return Organisation.objects.prefetch_related("departments", "people", "posts__person")


def agreement_documents(agreement: Agreement) -> Iterator[Document]:
    parties = list(agreement.parties.all())
    entry = public_document(
        agreement,
        "agreement",
        text=joined(agreement.obliges, also=[", ".join(party.name for party in parties)]),
        countries=tuple({party.country for party in parties if party.country}),
        themes=agreement.themes,
        earliest=agreement.signed_earliest,
        latest=agreement.ends_latest,
        audiences=audiences(agreement),
    )
    yield entry
    yield from office_document(entry, agreement.note)


def all_agreements() -> QuerySet[Agreement]:
    return Agreement.objects.prefetch_related("parties")


def position_documents(position: Position) -> Iterator[Document]:
    who = [one.name for one in (*position.signatories.all(), position.addressed_to) if one]
    entry = public_document(
        position,
        "position",
        text=joined(position.text, position.outcome, also=[", ".join(who)]),
        countries=tuple({one.country for one in position.signatories.all() if one.country}),
        themes=position.themes,
        earliest=position.adopted_earliest,
        latest=position.adopted_latest,
        audiences=audiences(position),
    )
    yield entry
    yield from office_document(entry, position.note)


def all_positions() -> QuerySet[Position]:
    return Position.objects.select_related("addressed_to").prefetch_related("signatories")


def employers(public_ids: Iterable[str]) -> Iterable[str]:
    return Person.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def houses(public_ids: Iterable[str]) -> Iterable[str]:
    return Department.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def held_at(public_ids: Iterable[str]) -> Iterable[str]:
    return Post.objects.filter(public_id__in=public_ids).values_list("organisation__public_id", flat=True)


def linked(world_ids: Iterable[str]) -> Iterable[str]:
    return linked_bodies(world_ids)


SEARCHABLE = (
    Searchable(Organisation, all_organisations, organisation_documents, visible_organisations),
    Searchable(Agreement, all_agreements, agreement_documents, visible_agreements),
    Searchable(Position, all_positions, position_documents, visible_positions),
)
PARTS = (
    PartOf(Person.ID_PREFIX, employers),
    PartOf(Department.ID_PREFIX, houses),
    PartOf(Post.ID_PREFIX, held_at),
)
