"""Whose links count for a side: its own, and those of the bodies close to it that an officer leaves in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from sympolis.engine.model import PartialDate
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.projects.queries import visible_projects
from sympolis.office.synergies.enums import Tie

COUNTED_AT_ONCE = frozenset({Tie.SEAT_CITY, Tie.AUTHORITY, Tie.BODY})


@dataclass(frozen=True, slots=True)
class Related:
    """A body close to a side, how it is close, and how much would come through it."""

    organisation: Organisation
    tie: Tie
    relations: int = 0
    projects: int = 0

    @property
    def counted_at_once(self) -> bool:
        """Taken in unless the officer takes it out; the other municipalities of an area wait to be taken in."""
        return self.tie in COUNTED_AT_ONCE


@dataclass(frozen=True)
class Side:
    """One of the two who meet, with the bodies whose links count for it."""

    name: str  # left or right
    organisation: Organisation
    related: tuple[Organisation, ...] = ()

    @property
    def ends(self) -> Mapping[int, Organisation]:
        """Primary key -> organisation: itself first, then those close to it."""
        return {each.pk: each for each in (self.organisation, *self.related)}

    def is_through(self, pk: int) -> bool:
        return pk != self.organisation.pk


def holds(since: PartialDate, until: PartialDate, on: date) -> bool:
    """Whether something may have held on a day: it had begun by then, and was not surely over."""
    return not (since.earliest and since.earliest > on) and not (until.latest and until.latest < on)


def scope_of(user: Reader, organisation: Organisation, on: date) -> list[Related]:
    """The bodies close to an organisation: its seat city, the authority it is part of, its own bodies, its parts."""
    return scopes_of(user, [organisation], on)[0]


def scopes_of(user: Reader, organisations: Sequence[Organisation], on: date) -> list[list[Related]]:
    """The same for several at once, in four questions to the database however many there are."""
    return _counted(user, _all_ties(user, organisations, on))


def bodies_close_to(
    user: Reader, organisation: Organisation, on: date, among: Collection[Organisation]
) -> frozenset[int]:
    """Primary keys of the same bodies as far as they are among some, without what would come through them: one
    question."""
    return frozenset(_ties(organisation, _parts_on(user, [organisation], on), among))


def _all_ties(
    user: Reader, organisations: Sequence[Organisation], on: date
) -> list[dict[int, tuple[Organisation, Tie]]]:
    parts = _parts_on(user, organisations, on)
    parents = {each.parent_id for each in organisations if each.parent_id}
    bodies = list(visible_organisations(user).filter(Q(parent__in=organisations) | Q(pk__in=parents)).order_by())
    return [_ties(organisation, parts, bodies) for organisation in organisations]


def _ties(
    organisation: Organisation, parts: Collection[Relation], bodies: Collection[Organisation]
) -> dict[int, tuple[Organisation, Tie]]:
    """Primary key -> a body close to this one, and how; the first tie found counts."""
    ties: dict[int, tuple[Organisation, Tie]] = {}
    for relation in parts:
        if relation.to_organisation_id == organisation.pk:
            part = relation.from_organisation
            ties.setdefault(part.pk, (part, _tie_of_part(part, organisation)))
        elif relation.from_organisation_id == organisation.pk:
            ties.setdefault(relation.to_organisation_id, (relation.to_organisation, Tie.AUTHORITY))
    for body in bodies:
        if body.parent_id == organisation.pk:
            ties.setdefault(body.pk, (body, Tie.BODY))
        elif body.pk == organisation.parent_id:
            ties.setdefault(body.pk, (body, Tie.AUTHORITY))
    ties.pop(organisation.pk, None)
    return ties


def chosen(scope: Collection[Related], public_ids: Collection[str] | None) -> tuple[Organisation, ...]:
    """The bodies that count: those named, or those that count at once where nobody chose."""
    if public_ids is None:
        return tuple(related.organisation for related in scope if related.counted_at_once)
    return tuple(related.organisation for related in scope if related.organisation.public_id in public_ids)


def _parts_on(user: Reader, organisations: Sequence[Organisation], on: date) -> list[Relation]:
    return [each for each in _parts(user, organisations) if each.confirmed and holds(each.since, each.until, on)]


def _parts(user: Reader, organisations: Sequence[Organisation]) -> list[Relation]:
    ends = Q(from_organisation__in=organisations) | Q(to_organisation__in=organisations)
    return list(
        visible_relations(user)
        .filter(ends, type=RelationType.PART_OF)
        .select_related("from_organisation", "to_organisation")
        .order_by("pk")
    )


def _tie_of_part(part: Organisation, whole: Organisation) -> Tie:
    if part.kind == BODY:
        return Tie.BODY
    seat = folded(whole.place)
    is_seat = part.kind == "city" and bool(seat) and seat in {folded(part.place), folded(part.name)}
    return Tie.SEAT_CITY if is_seat else Tie.MUNICIPALITY


def _counted(user: Reader, all_ties: Sequence[Mapping[int, tuple[Organisation, Tie]]]) -> list[list[Related]]:
    """With how many relations and projects each would bring; nearest ties first, then by name."""
    pks = {pk for ties in all_ties for pk in ties}
    relations = visible_relations(user).filter(from_organisation__in=pks, confirmed=True).order_by()
    links = dict(relations.values_list("from_organisation").annotate(n=Count("pk")))
    projects = visible_projects(user).filter(participations__organisation__in=pks).order_by()
    parts = dict(projects.values_list("participations__organisation").annotate(n=Count("pk", distinct=True)))
    order = list(Tie)
    return [
        sorted(
            (Related(each, tie, links.get(pk, 0), parts.get(pk, 0)) for pk, (each, tie) in ties.items()),
            key=lambda related: (order.index(related.tie), related.organisation.sort_key),
        )
        for ties in all_ties
    ]
