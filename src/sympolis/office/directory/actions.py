"""What the office does with its directory, and how an office begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.files.base import File
from django.db import IntegrityError, transaction

from sympolis.office.core.accounts import add_user, withdraw_invitation
from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.core.pictures import tidy_picture
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    Membership,
    MembershipFee,
    Office,
    Organisation,
    Person,
    Position,
    Post,
    Relation,
)

MOST_INVITED = 20
"""So many people of one organisation were invited and have not come yet: then nobody else is invited."""


def keep_organisation(organisation: Organisation) -> Organisation:
    """Add an organisation or keep what was changed in it. What names it is indexed again too."""
    bodies = organisation.bodies.values_list("public_id", flat=True) if organisation.pk else ()
    keep_record(organisation, also=[*bodies, *_people_of(organisation)])
    return organisation


def _people_of(organisation: Organisation) -> Iterable[str]:
    return organisation.people.values_list("public_id", flat=True) if organisation.pk else ()


def remove_organisation(organisation: Organisation, by: User | None = None) -> None:
    remove_record(organisation, by)


def keep_relation(relation: Relation) -> Relation:
    """Add or change a relation; both its ends show it."""
    keep_record(relation, also=[relation.from_organisation.public_id, relation.to_organisation.public_id])
    return relation


def remove_relation(relation: Relation, by: User | None = None) -> None:
    with transaction.atomic():
        mark_changed([relation.from_organisation.public_id, relation.to_organisation.public_id])
        remove_record(relation, by)


@transaction.atomic
def keep_agreement(agreement: Agreement, parties: Iterable[Organisation] | None = None) -> Agreement:
    """Add or change an agreement; ``parties`` None leaves them as they are."""
    keep_record(agreement)
    if parties is not None:
        agreement.parties.set(parties)
    note_lists(Agreement, [agreement])
    return agreement


def remove_agreement(agreement: Agreement, by: User | None = None) -> None:
    remove_record(agreement, by)


@transaction.atomic
def keep_position(position: Position, signatories: Iterable[Organisation] | None = None) -> Position:
    """Add or change a position; ``signatories`` None leaves them as they are."""
    keep_record(position)
    if signatories is not None:
        position.signatories.set(signatories)
    note_lists(Position, [position])
    return position


def remove_position(position: Position, by: User | None = None) -> None:
    remove_record(position, by)


def keep_person(person: Person) -> Person:
    keep_record(person)
    return person


def remove_person(person: Person, by: User | None = None) -> None:
    remove_record(person, by)


def keep_department(department: Department) -> Department:
    keep_record(department)
    return department


def remove_department(department: Department, by: User | None = None) -> None:
    remove_record(department, by)


def keep_figure(figure: Figure) -> Figure:
    keep_record(figure)
    return figure


def remove_figure(figure: Figure, by: User | None = None) -> None:
    remove_record(figure, by)


def keep_fee(fee: MembershipFee) -> MembershipFee:
    keep_record(fee)
    return fee


def remove_fee(fee: MembershipFee, by: User | None = None) -> None:
    remove_record(fee, by)


def keep_post(post: Post) -> Post:
    """Add or change a post; its person and both houses show it."""
    keep_record(post, also=[post.person.public_id, post.organisation.public_id])
    return post


def remove_post(post: Post, by: User | None = None) -> None:
    with transaction.atomic():
        mark_changed([post.person.public_id, post.organisation.public_id])
        remove_record(post, by)


@transaction.atomic
def take_new_post(
    person: Person,
    organisation: Organisation,
    department: Department | None,
    words: Text,
    since: PartialDate,
    left: PartialDate,
) -> Post:
    """Somebody moves on: the post held so far is kept among the earlier ones, left at ``left``; gives that one back."""
    before = Post(
        person=person, organisation=person.organisation, department=person.department, post=person.post,
        source_url=person.source_url, confirmed=person.confirmed, illustrative=person.illustrative,
    )  # fmt: skip
    before.since, before.until = person.since, left
    person.organisation, person.department, person.post = organisation, department, words
    person.since, person.until = since, PartialDate()
    keep_record(person)
    return keep_post(before)


class OfficeIsOpen(Exception):
    """There is an office here already: it is opened once."""


@transaction.atomic
def open_office(
    *,
    name: str,
    organisation: str,
    email: str,
    password: str,
    kind: str = "city",
    country: str = "",
    language: str = "en",
    languages: Iterable[str] = (),
    time_zone: str = "Europe/Madrid",
    currency: str = "EUR",
    contact: str = "",
    legal_notice: str = "",
    logo: File[bytes] | str | None = None,
    first_name: str = "",
    last_name: str = "",
) -> Office:
    """Begin: the one office of this home, its organisation and its first administrator, all or nothing.

    Texts are in ``language``; ``logo`` is a picture or the path of one. Raises OfficeIsOpen where an office or a user
    lives: the row has a fixed key, so that two at once can't both succeed.
    """
    if Office.objects.exists() or User.objects.exists():
        raise OfficeIsOpen
    ours = Organisation(name=organisation, name_language=language, kind=kind or "other", country=country.upper())
    keep_record(ours)
    office = Office(
        pk=1, name=Text.of(**{language: name}), organisation=ours, default_language=language,
        languages=tuple(dict.fromkeys([language, *languages])), time_zone=time_zone, currency=currency,
        contact=contact, legal_notice=Text.of(**{language: legal_notice}),
    )  # fmt: skip
    if logo:
        office.logo = _picture(logo)
    try:
        with transaction.atomic():
            office.save(force_insert=True)
    except IntegrityError as error:
        raise OfficeIsOpen from error
    User.objects.create_superuser(email, password, first_name=first_name, last_name=last_name, language=language)
    return office


def _picture(logo: File[bytes] | str) -> File[bytes]:
    if not isinstance(logo, str):
        return logo
    with Path(logo).open("rb") as opened:
        return tidy_picture(File(opened, name=Path(logo).name))


def change_office(office: Office) -> Office:
    """Keep the office's settings; its own organisation shows them too."""
    with transaction.atomic():
        office.save()
        if office.organisation:
            mark_changed([office.organisation.public_id])
    return office


@transaction.atomic
def set_memberships(user: User, roles: Mapping[Organisation, str]) -> None:
    """The organisations a user acts for and as what, and no others."""
    user.memberships.exclude(organisation__in=list(roles)).delete()
    for organisation, role in roles.items():
        Membership.objects.update_or_create(user=user, organisation=organisation, defaults={"role": role})


class TooManyInvited(Exception):
    """So many people of one organisation were invited and have not come that nobody else is for now."""


@transaction.atomic
def invite_member(organisation: Organisation, email: str, role: str, **about: str) -> User:
    """An account for who acts for an organisation, and for nothing else. Raises AlreadyThere, TooManyInvited."""
    waiting = organisation.memberships.filter(user__last_login=None, user__is_active=True)
    if waiting.count() >= MOST_INVITED:
        raise TooManyInvited
    user = add_user(email, role=SiteRole.PARTICIPANT, **about)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@transaction.atomic
def end_membership(membership: Membership) -> None:
    """Somebody no longer acts for an organisation; who was invited for it alone and never came can't come any more."""
    user = membership.user
    membership.delete()
    if user.role == SiteRole.PARTICIPANT and not user.memberships.exists():
        withdraw_invitation(user)
