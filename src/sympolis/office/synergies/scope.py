"""Whose links count for a side: its own, and those of the bodies close to it that an officer leaves in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    ties: dict[int, tuple[Organisation, Tie]] = {}
    for relation in _parts(user, organisation):
        if relation.confirmed and holds(relation.since, relation.until, on):
            other = relation.to_organisation
            tie = Tie.AUTHORITY
            if relation.to_organisation_id == organisation.pk:
                other = relation.from_organisation
                tie = _tie_of_part(other, organisation)
            ties.setdefault(other.pk, (other, tie))
    for body in visible_organisations(user).filter(parent=organisation):
        ties.setdefault(body.pk, (body, Tie.BODY))
    if organisation.parent_id:
        parent = visible_organisations(user).filter(pk=organisation.parent_id).first()
        if parent:
            ties.setdefault(parent.pk, (parent, Tie.AUTHORITY))
    ties.pop(organisation.pk, None)
    return _counted(user, ties)


def chosen(scope: Collection[Related], public_ids: Collection[str] | None) -> tuple[Organisation, ...]:
    """The bodies that count: those named, or those that count at once where nobody chose."""
    if public_ids is None:
        return tuple(related.organisation for related in scope if related.counted_at_once)
    return tuple(related.organisation for related in scope if related.organisation.public_id in public_ids)


def _parts(user: Reader, organisation: Organisation) -> list[Relation]:
    ends = Q(from_organisation=organisation) | Q(to_organisation=organisation)
    return list(
        visible_relations(user)
        .filter(ends, type=RelationType.PART_OF)
        .select_related("from_organisation", "to_organisation")
    )


def _tie_of_part(part: Organisation, whole: Organisation) -> Tie:
    if part.kind == BODY:
        return Tie.BODY
    seat = folded(whole.place)
    is_seat = part.kind == "city" and bool(seat) and seat in {folded(part.place), folded(part.name)}
    return Tie.SEAT_CITY if is_seat else Tie.MUNICIPALITY


def _counted(user: Reader, ties: Mapping[int, tuple[Organisation, Tie]]) -> list[Related]:
    """With how many relations and projects each would bring; nearest ties first, then by name."""
    outgoing = dict(
        visible_relations(user)
        .filter(from_organisation__in=ties, confirmed=True)
        .order_by()
        .values_list("from_organisation")
        .annotate(n=Count("pk"))
    )
    projects = dict(
        visible_projects(user)
        .filter(participations__organisation__in=ties)
        .order_by()
        .values_list("participations__organisation")
        .annotate(n=Count("pk", distinct=True))
    )
    order = list(Tie)
    related = [
        Related(organisation, tie, outgoing.get(pk, 0), projects.get(pk, 0)) for pk, (organisation, tie) in ties.items()
    ]
    return sorted(related, key=lambda each: (order.index(each.tie), each.organisation.sort_key))
