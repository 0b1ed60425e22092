"""Who works on what at an organisation: departments first, then their people, then the local partners around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Department, Organisation, Person, Post, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.posts import Held, may_be_named, posts_at
from sympolis.office.directory.queries import visible_departments, visible_people, visible_relations


@dataclass(frozen=True, slots=True)
class Works:
    """Somebody who works there, the post that says so, and on which of the themes asked for, by their own words."""

    person: Person
    held: Held
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A department, the themes asked for that it has, and who works in it."""

    department: Department
    themes: tuple[str, ...]
    people: tuple[Works, ...]


@dataclass(frozen=True, slots=True)
class LocalPartner:
    """An organisation of the circle, what says that it is one, and its themes among those asked for."""

    organisation: Organisation
    relation: Relation
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhoWorks:
    """The answer for one organisation. ``others`` work on a theme, in no department that does."""

    organisation: Organisation
    units: tuple[Unit, ...]
    others: tuple[Works, ...]
    circle: tuple[LocalPartner, ...]
    unknown: tuple[str, ...]  # themes that nobody here is known to work on


def who_works_on(
    user: Reader, organisations: Sequence[Organisation], themes: Collection[str], on: date
) -> list[WhoWorks]:
    """One answer an organisation, as far as the reader may see: three questions, however many there are.

    No theme means all of them. People whose legal basis has run out are not named.
    """
    departments = _departments(user, organisations)
    people = _people(user, organisations, on)
    circle = _circle(user, organisations, on)
    return [
        _answer(
            organisation,
            [one for one in departments if one.organisation_id == organisation.pk],
            [one for one in people if one.held.organisation_id == organisation.pk],
            [one for one in circle if one.to_organisation_id == organisation.pk],
            tuple(themes),
        )
        for organisation in organisations
    ]


def _departments(user: Reader, organisations: Sequence[Organisation]) -> list[Department]:
    found = visible_departments(user).filter(organisation__in=organisations).defer("imported", "folded")
    return list(found.order_by("illustrative", "sort_key", "pk"))


def _people(user: Reader, organisations: Sequence[Organisation], on: date) -> list[Works]:
    """Everybody with the posts held there on that day."""
    here = Q(organisation__in=organisations) | Q(
        pk__in=Post.objects.filter(organisation__in=organisations).values("person")
    )
    found = visible_people(user).filter(here).prefetch_related(Prefetch("posts", Post.objects.order_by("pk")))
    return [
        Works(person, held, person.themes)
        for person in found.order_by("sort_key", "pk")
        if may_be_named(person, on)
        for held in posts_at(person, Moment.now(on))
    ]


def _circle(user: Reader, organisations: Sequence[Organisation], on: date) -> list[Relation]:
    moment = Moment.now(on)
    found = visible_relations(user).filter(to_organisation__in=organisations, type=RelationType.LOCAL_PARTNER_OF)
    rows = moment.possible(found).select_related("from_organisation")
    rows = rows.order_by("from_organisation__kind", "from_organisation__sort_key", "pk")
    return [one for one in rows if moment.holds(one.since, one.until, one.attested_on) is not Holds.NO]


def _answer(
    organisation: Organisation,
    departments: Iterable[Department],
    people: Sequence[Works],
    circle: Iterable[Relation],
    themes: tuple[str, ...],
) -> WhoWorks:
    units = [
        Unit(one, _shared(one.themes, themes), tuple(each for each in people if each.held.department_id == one.pk))
        for one in departments
        if _fits(one.themes, themes)
    ]
    named = {each.person.pk for unit in units for each in unit.people}
    others = [each for each in people if each.person.pk not in named and _fits(each.themes, themes)]
    if not themes:
        others = [each for each in people if each.person.pk not in named]
    partners = [
        LocalPartner(one.from_organisation, one, _shared(one.from_organisation.themes, themes))
        for one in circle
        if _fits(one.from_organisation.themes, themes)
    ]
    known = {code for unit in units for code in unit.themes} | {code for each in others for code in each.themes}
    unknown = tuple(code for code in themes if code not in known)
    return WhoWorks(organisation, tuple(units), tuple(others), tuple(partners), unknown)


def _fits(own: Collection[str], asked: Collection[str]) -> bool:
    return not asked or any(code in own for code in asked)


def _shared(own: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """Of the themes somebody has those that were asked for, in the order asked; all where none was."""
    return tuple(code for code in asked if code in own) if asked else tuple(own)
