"""What the office does with its directory, and how an office begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import MembershipRole
from sympolis.office.directory.models import Agreement, Membership, Office, Organisation, Person, Relation


def keep_organisation(organisation: Organisation) -> Organisation:
    """Add an organisation or keep what was changed in it. What names it is indexed again too."""
    bodies = organisation.bodies.values_list("public_id", flat=True) if organisation.pk else ()
    keep_record(organisation, also=[*bodies, *_people_of(organisation)])
    return organisation


def _people_of(organisation: Organisation) -> Iterable[str]:
    return organisation.people.values_list("public_id", flat=True) if organisation.pk else ()


def remove_organisation(organisation: Organisation) -> None:
    remove_record(organisation)


def keep_relation(relation: Relation) -> Relation:
    """Add or change a relation; both its ends show it."""
    keep_record(relation, also=[relation.from_organisation.public_id, relation.to_organisation.public_id])
    return relation


def remove_relation(relation: Relation) -> None:
    with transaction.atomic():
        mark_changed([relation.from_organisation.public_id, relation.to_organisation.public_id])
        remove_record(relation)


@transaction.atomic
def keep_agreement(agreement: Agreement, parties: Iterable[Organisation] | None = None) -> Agreement:
    """Add or change an agreement; ``parties`` None leaves them as they are."""
    keep_record(agreement)
    if parties is not None:
        agreement.parties.set(parties)
    return agreement


def remove_agreement(agreement: Agreement) -> None:
    remove_record(agreement)


def keep_person(person: Person) -> Person:
    keep_record(person)
    return person


def remove_person(person: Person) -> None:
    remove_record(person)


class OfficeIsOpen(Exception):
    """There is an office here already: it is opened once."""


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    email: str
    password: str
    first_name: str = ""
    last_name: str = ""


@transaction.atomic
def open_office(
    name: Mapping[str, str],
    organisation: Organisation,
    administrator: FirstAdministrator,
    **settings: Any,
) -> Office:
    """Begin: the one office of this home, its organisation and its first administrator, all or nothing.

    ``name`` is by language; ``settings`` are columns of ``Office`` (default_language, languages, time_zone, currency,
    contact, legal_notice, logo). Raises OfficeIsOpen where an office or a user lives: the row has a fixed key, so two
    at once cannot both succeed.
    """
    if Office.objects.exists() or User.objects.exists():
        raise OfficeIsOpen
    if organisation.pk is None:
        keep_record(organisation)
    try:
        with transaction.atomic():
            office = Office(pk=1, name=Text.of(**name), organisation=organisation, **settings)
            office.save(force_insert=True)
    except IntegrityError as error:
        raise OfficeIsOpen from error
    User.objects.create_user(
        administrator.email, administrator.password,
        first_name=administrator.first_name, last_name=administrator.last_name,
        role=SiteRole.ADMINISTRATOR, is_staff=True, is_superuser=True, language=office.default_language,
    )  # fmt: skip
    return office


def change_office(office: Office) -> Office:
    """Keep the office's settings; its own organisation shows them too."""
    with transaction.atomic():
        office.save()
        if office.organisation:
            mark_changed([office.organisation.public_id])
    return office


@transaction.atomic
def set_memberships(user: User, organisations: Iterable[Organisation], role: str = MembershipRole.CONTACT) -> None:
    """The organisations a user acts for, and no others."""
    wanted = list(organisations)
    user.memberships.exclude(organisation__in=wanted).delete()
    for organisation in wanted:
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
