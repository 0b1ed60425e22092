"""People as vCards, in and out: what phones and mail programs read and write (RFC 6350, and 2.1 and 3.0 coming in)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import vobject
from django.db import transaction
from django.utils.translation import gettext as _
from vobject.base import VObjectError

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text, folded, one_line
from sympolis.office.directory.actions import keep_person
from sympolis.office.directory.finder import Ambiguous, Finder, NotFound
from sympolis.office.directory.models import Organisation, Person
from sympolis.office.directory.queries import changeable_people

MOST_BYTES = 2 * 2**20
MOST_LINES = 50_000
MOST_CARDS = 1_000
# What the library raises on wild input besides its own errors.
_WILD = (VObjectError, ValueError, AttributeError, LookupError, TypeError)
COLUMNS = {"name": 200, "email": 254, "telephone": 50, "language": 10}


class NoCards(Exception):
    """Why a file was not read, and how to mend it, in words for the one who chose it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is read of one card; photographs and private addresses are never taken in."""

    name: str
    organisation: str = ""
    post: str = ""
    email: str = ""
    telephone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A card and what bringing it in would do: ``new``, ``here`` already, ``differs``, or ``unclear`` whose it is."""

    card: Card
    state: str
    organisation: Organisation | None = None
    person: Person | None = None
    differing: tuple[tuple[str, str, str], ...] = ()  # column, as it is here, as the card has it


def read_cards(content: bytes) -> list[Card]:
    """The cards of a file. Raises NoCards: all of it is read, or nothing."""
    if len(content) > MOST_BYTES:
        raise NoCards(_("This file is larger than 2 MB. Export fewer people at a time, or leave out the photographs."))
    text = _decoded(content)
    if text.count("\n") > MOST_LINES:
        raise NoCards(_("This file has more than 50,000 lines. Export fewer people at a time, without photographs."))
    try:
        cards = [_card(one) for one in vobject.readComponents(text) if one.name == "VCARD"]
    except _WILD as error:
        raise NoCards(
            _("This is no vCard we can read. Export the people again, as a file that ends in .vcf.")
        ) from error
    cards = [card for card in cards if card.name or card.post]
    if not cards:
        raise NoCards(_("There is nobody in this file. Choose a file that ends in .vcf."))
    if len(cards) > MOST_CARDS:
        raise NoCards(_("More than 1,000 people are in this file. Export fewer at a time."))
    return list(dict.fromkeys(cards))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _card(one: Any) -> Card:
    house = _first(one, "org")
    return Card(
        name=_first(one, "fn")[:200] or _first(one, "n")[:200],
        organisation=house[:300],
        post=_first(one, "title")[:300] or _first(one, "role")[:300],
        email=_address(_first(one, "email")),
        telephone=_first(one, "tel").removeprefix("tel:")[:50],
        language=_first(one, "lang").lower()[:2],
    )


def _first(one: Any, name: str) -> str:
    values = one.contents.get(name, ())
    value = values[0].value if values else ""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return one_line(str(value))


def _address(written: str) -> str:
    return written if len(written) <= 254 and re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", written) else ""


def preview(user: User, cards: Iterable[Card], house: Organisation | None = None) -> list[Found]:
    """What bringing the cards in would do. ``house`` is whose people they are where a card names none we know."""
    finder = Finder.for_reader(user)
    known = list(changeable_people(user).select_related("organisation").order_by("pk"))
    by_mail = {one.email.casefold(): one for one in known if one.email}
    by_name = {(folded(one.name), one.organisation_id): one for one in known if one.name}
    return [_found(card, _house(finder, card) or house, by_mail, by_name) for card in cards]


def _house(finder: Finder, card: Card) -> Organisation | None:
    try:
        return finder.find(card.organisation) if card.organisation else None
    except (NotFound, Ambiguous):
        return None


def _found(
    card: Card,
    house: Organisation | None,
    by_mail: Mapping[str, Person],
    by_name: Mapping[tuple[str, int], Person],
) -> Found:
    person = by_mail.get(card.email.casefold()) if card.email else None
    if person is None and house is not None and card.name:
        person = by_name.get((folded(card.name), house.pk))
    if person is None:
        return Found(card, "new" if house else "unclear", house)
    differing = tuple(_differing(person, card))
    return Found(card, "differs" if differing else "here", person.organisation, person, differing)


def _differing(person: Person, card: Card) -> Iterable[tuple[str, str, str]]:
    for column in COLUMNS:
        ours, theirs = str(getattr(person, column)), str(getattr(card, column))
        if theirs and theirs.casefold() != ours.casefold():
            yield column, ours, theirs
    if card.post and card.post not in person.post.plain().values():
        yield "post", str(person.post), card.post


@transaction.atomic
def bring_in(user: User, found: Iterable[Found], taken: Iterable[int]) -> tuple[int, int]:
    """Add who is new, and write into those ``taken`` (by their place) what their card says; how many of each."""
    chosen, added, changed = set(taken), 0, 0
    for place, one in enumerate(found):
        if one.state == "new":
            columns = {column: getattr(one.card, column) for column in COLUMNS}
            person = Person(organisation=one.organisation, source_url="", **columns)
            _write_post(person, one.card.post, user)
            keep_person(person)
            added += 1
        elif one.state == "differs" and one.person is not None and place in chosen:
            for column, _ours, theirs in one.differing:
                if column == "post":
                    _write_post(one.person, theirs, user)
                else:
                    setattr(one.person, column, theirs)
            keep_person(one.person)
            changed += 1
    return added, changed


def _write_post(person: Person, words: str, user: User) -> None:
    post = Text(person.post)
    post.write(language_now(), words, author=str(user))
    person.post = post


def packed(cards: Iterable[Card]) -> list[dict[str, str]]:
    """Cards as plain values, to travel with a page from the preview to the bringing in."""
    return [asdict(card) for card in cards]


def written(people: Iterable[Person], language: str) -> bytes:
    """People as vCards 4.0: name, post, house and department, address, telephone, language; no note, no legal basis."""
    return "".join(_one_card(person, language) for person in people).encode()


def _one_card(person: Person, language: str) -> str:
    card = vobject.vCard()
    name = one_line(person.name) or one_line(person.post.best(language).text)
    given, _space, family = name.rpartition(" ")
    card.add("version").value = "4.0"
    card.add("uid").value = f"urn:sympolis:{person.public_id}"
    card.add("fn").value = name
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    house = [person.organisation.name, *([str(person.department)] if person.department else [])]
    card.add("org").value = [one_line(one) for one in house]
    said = {
        "title": person.post.best(language).text,
        "email": person.email,
        "tel": person.telephone,
        "lang": person.language,
    }
    for key, value in said.items():
        if value:
            card.add(key).value = one_line(value)
    return str(card.serialize())
