"""The allies of a network: who they are, the seats held behind the alliance, what was done together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Value

from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader, belongs_to, take_out
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment, possible_in_words
from sympolis.office.directory.queries import may_see, visible_relations
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_projects
from sympolis.web.public.links import hidden_parents, role_label

SEAT_TYPES = (
    RelationType.SITS_ON, RelationType.PARTICIPATES_IN, RelationType.MEMBER_OF, RelationType.OBSERVER_OF,
    RelationType.PRESIDENT_OF, RelationType.VICE_PRESIDENT_OF,
)  # fmt: skip
OUTWARD = (RelationType.PARTNER_OF, *SEAT_TYPES)
A_PAGE = 25
ORIGIN = ("imported", "note", "source", "source_id", "source_url", "retrieved_at", "created_at", "updated_at")
UNREAD = (  # what no line about an ally says
    *ORIGIN, "aliases", "identifiers", "called", "place", "latitude", "longitude", "population", "founded_year",
    "themes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat on an ally or on one of its bodies."""

    relation: Relation
    body: Organisation | None
    roles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Ally:
    """An organisation the network works with."""

    organisation: Organisation
    alliance: Relation | None = None
    seats: list[Seat] = field(default_factory=list)
    projects: int = 0
    events: int = 0

    def take_seat(self, relation: Relation, body: Organisation | None, role: str) -> None:
        """One line a body, however many rows speak of it; a role that only repeats the body's name says nothing."""
        seat = next((seat for seat in self.seats if seat.body == body), None)
        if seat is None:
            seat = Seat(relation, body)
            self.seats.append(seat)
        names = seat.body.folded if seat.body else ""
        if role and role not in seat.roles and folded(role) not in names:
            seat.roles.append(role)

    def tidy(self) -> None:
        """Take away what is said of the ally as a whole and again of one of its bodies."""
        bodies = " | ".join(seat.body.folded for seat in self.seats if seat.body)
        for seat in [seat for seat in self.seats if seat.body is None]:
            seat.roles[:] = [role for role in seat.roles if folded(role) not in bodies]
            if not seat.roles and bodies:
                self.seats.remove(seat)


def allies_of(user: Reader, network: Organisation, moment: Moment, number: str | None) -> Page[Ally]:
    """A page of the partners and the bodies' owners it holds seats with, by name: six questions.

    A member of the network is no ally for being one; an ally is who the network itself reached out to.
    """
    page: Page[Any] = Paginator(_by_owner(user, network, moment), A_PAGE).get_page(number)
    keys = [pk for one in page for pk in one.relations]
    page.object_list = _with_seats(user, network, _relations(user, keys)) if keys else []
    return page


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who an ally is, by what it is sorted, and the relations that say so."""

    sort_key: str
    pk: int
    relations: list[int]


def _by_owner(user: Reader, network: Organisation, moment: Moment) -> list[_Owner]:
    """All there are, in few words: a network may reach out to thousands."""
    seen = cache(partial(may_see, user))
    owners: dict[int, _Owner] = {}
    rows = _OUTREACH.rows(user, network.pk, str(moment.first), str(moment.last))
    for relation, other, key, kind, parent, parent_key, visibility in rows:
        is_part = kind == BODY and parent is not None and seen(parent, visibility)
        pk, sort_key = (parent, parent_key) if is_part else (other, key)
        owners.setdefault(pk, _Owner(sort_key, pk, [])).relations.append(relation)
    return sorted(owners.values(), key=lambda owner: (owner.sort_key, owner.pk))


def _outreach(user: Reader, network: int, first: str, last: str) -> QuerySet[Any, Any]:
    said = possible_in_words(visible_relations(user), first, last)
    outward = _ends(said.filter(from_organisation=network, type__in=OUTWARD), "to_organisation")
    inward = _ends(said.filter(to_organisation=network, type=RelationType.PARTNER_OF), "from_organisation")
    return outward.union(inward, all=True)


def _ends(relations: QuerySet[Relation], end: str) -> QuerySet[Any, Any]:
    """Who stands there, and what that is part of."""
    paths = ("", "__sort_key", "__kind", "__parent", "__parent__sort_key", "__parent__visibility")
    columns = {f"e{at}": F(f"{end}{path}") for at, path in enumerate(paths)}
    return relations.order_by().annotate(**columns).values_list("pk", *columns)


def _with_seats(user: Reader, network: Organisation, relations: list[Relation]) -> list[Ally]:
    allies: dict[int, Ally] = {}
    ends = (end for one in relations for end in (one.from_organisation, one.to_organisation))
    hidden = hidden_parents(user, (end for end in ends if end.kind == BODY))
    for relation in relations:
        outward = relation.from_organisation_id == network.pk
        other = relation.to_organisation if outward else relation.from_organisation
        if relation.type == RelationType.PARTNER_OF:
            owner = _owner(other, hidden)
            ally = _ally(allies, owner)
            if owner is not other:
                ally.take_seat(relation, other, "")
            if ally.alliance is None or not ally.alliance.confirmed:
                ally.alliance = relation
        elif outward:
            owner = _owner(other, hidden)
            body = None if owner is other else other
            _ally(allies, owner).take_seat(relation, body, role_label(relation.role))
    take_out(user, [ally.organisation for ally in allies.values()], belongs_to(user, "pk"))
    for ally in allies.values():
        ally.tidy()
    _count_together(user, network, allies)
    return sorted(allies.values(), key=lambda ally: (ally.organisation.sort_key, ally.organisation.pk))


def _owner(organisation: Organisation, hidden: frozenset[int]) -> Organisation:
    """The organisation a body is part of, where that is not hidden; others are their own."""
    is_shown = organisation.kind == BODY and organisation.parent_id not in hidden
    return (organisation.parent if is_shown else None) or organisation


def _ally(allies: dict[int, Ally], organisation: Organisation) -> Ally:
    return allies.setdefault(organisation.pk, Ally(organisation))


def _relations(user: Reader, keys: Iterable[int]) -> list[Relation]:
    """With both ends, and what bodies among these are part of: two questions."""
    found = list(visible_relations(user).filter(OneOf("pk", keys)).defer(*ORIGIN).order_by())
    ends = {pk for one in found for pk in (one.from_organisation_id, one.to_organisation_id)}
    bodies = Organisation.objects.filter(OneOf("pk", ends), kind=BODY).order_by().values("parent")
    named = Organisation.objects.filter(Q(OneOf("pk", ends)) | Q(pk__in=bodies))
    known = {one.pk: one for one in named.defer(*ORIGIN, *UNREAD).order_by()}
    for one in known.values():
        if one.kind == BODY and one.parent_id:
            one.parent = known.get(one.parent_id)
    for relation in found:
        relation.from_organisation = known[relation.from_organisation_id]
        relation.to_organisation = known[relation.to_organisation_id]
    return sorted(found, key=lambda relation: relation.to_organisation.sort_key)


def _count_together(user: Reader, network: Organisation, allies: dict[int, Ally]) -> None:
    """Projects both take part in, events both organised."""
    for pk, is_event in _TOGETHER.rows(user, network.pk, json.dumps(sorted(allies))):
        if is_event:
            allies[pk].events += 1
        else:
            allies[pk].projects += 1


def _together(user: Reader, network: int, allies: str) -> QuerySet[Any, Any]:
    projects = visible_projects(user).filter(
        pk__in=Participation.objects.filter(organisation=network).values("project"), illustrative=False
    )
    parts = Participation.objects.filter(OneOf("organisation", allies), project__in=projects.order_by().values("pk"))
    organisers = Event.organisers.through.objects
    events = visible_events(user).filter(
        pk__in=organisers.filter(organisation=network).values("event"), illustrative=False
    )
    held = organisers.filter(OneOf("organisation", allies), event__in=events.order_by().values("pk"))
    return _counted(parts, False).union(_counted(held, True), all=True)


def _counted(rows: Any, is_event: bool) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = rows.order_by().annotate(r_event=Value(is_event))
    return found.values_list("organisation", "r_event")


_OUTREACH, _TOGETHER = Prepared(_outreach), Prepared(_together)
