"""The page of one body: a page of its members, and what any of them have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import batched
from typing import Any

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, Q, QuerySet

from sympolis.engine.model import Stage
from sympolis.office.core.found_by_words import words_of
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import called
from sympolis.office.projects.models import Call, Participation
from sympolis.office.projects.queries import at_stage, visible_calls, visible_needs, visible_projects
from sympolis.office.synergies.agenda.bodies import Body, Members, relations_on
from sympolis.office.synergies.agenda.doings import Doing, doings_of
from sympolis.office.synergies.agenda.members import (
    SHOWN_OF_ONE,
    Entry,
    Member,
    Named,
    members_with,
    named_on_page,
    ties_of,
)
from sympolis.office.synergies.agenda.naming import needs_naming, places_called
from sympolis.office.synergies.agenda.together import (
    SameCall,
    SamePlace,
    Trip,
    places_of,
    same_calls,
    same_places,
    trips_of,
)

A_PAGE = 25
SHOWN = 8
"""Of what several have in common so many are listed, and so many lines of each; the filter leads to all of them."""

AT_ONCE = 200  # members of a file read together


@dataclass(frozen=True, slots=True)
class Asked:
    """Which members are asked for: by words of their names, by what they have, by whom they could go together with."""

    words: str = ""
    has: str = ""
    place: str = ""
    call: str = ""

    @property
    def is_narrow(self) -> bool:
        return any((self.words, self.has, self.place, self.call))


@dataclass(frozen=True, slots=True)
class Line:
    """One member, and the record that says so."""

    organisation: Organisation
    entry: Entry


@dataclass(frozen=True, slots=True)
class Shared:
    """A place or a call of several: the first lines of it, how many members there are and how many lines are left."""

    key: str
    about: Any
    lines: list[Line]
    who: int
    more: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of it."""

    body: Organisation
    page: Page[Any]
    members: list[Member]
    places: list[Shared]
    calls: list[Shared]


@dataclass
class Gathering:
    """Everything of a body that a reader may see on a day, asked for when it is needed."""

    user: Reader
    body: Body
    on: date
    members: Members = field(init=False)

    def __post_init__(self) -> None:
        self.members = Members(self.user, self.body, self.on)

    @cached_property
    def _calls(self) -> list[Call]:
        still_open = visible_calls(self.user).filter(closes_latest__gte=self.on).order_by("closes_latest", "sort_key")
        days = ("closes_earliest", "closes_latest", "opens_earliest", "opens_latest")
        return list(still_open.only("public_id", "slug", "title", "programme", "confirmed", "illustrative", *days))

    @cached_property
    def _named(self) -> Mapping[int, frozenset[int]]:
        return needs_naming(self._calls, self.body.needs)

    @cached_property
    def _doings(self) -> list[Doing]:
        return doings_of(self.members, self._calls, frozenset[int]().union(*self._named.values()))

    @cached_property
    def trips(self) -> list[Trip]:
        return trips_of(self._doings, places_called(places_of(self._doings), self.body.organisations))

    @cached_property
    def places(self) -> list[SamePlace]:
        return same_places(self.trips)

    @cached_property
    def calls(self) -> list[SameCall]:
        return list(same_calls(self._doings, self._calls, self._named))

    def asked_for(self, asked: Asked) -> QuerySet[Organisation]:
        """The members that answer, by name."""
        found = self.members.organisations()
        for word in words_of(asked.words):
            found = found.filter(pk__in=called(word))
        if asked.has:
            found = found.filter(self._who_has(asked.has))
        for key, shared in ((asked.place, self.places), (asked.call, self.calls)):
            if key:
                found = found.filter(pk__in=next((one.who for one in shared if one.key == key), frozenset()))
        return found.only(*SHOWN_OF_ONE)

    def _who_has(self, what: str) -> Any:
        this = OuterRef("pk")
        relations = relations_on(self.user, self.on)
        if what == "networks":
            return Exists(relations.filter(type=RelationType.MEMBER_OF, from_organisation=this))
        if what == "twins":
            twinned = relations.filter(type=RelationType.TWINNED_WITH)
            return Exists(twinned.filter(from_organisation=this)) | Exists(twinned.filter(to_organisation=this))
        if what == "projects":
            seen = visible_projects(self.user).order_by()
            over = at_stage(seen, Stage.FINISHED, self.on).values("pk")
            parts = Participation.objects.filter(organisation=this, project__in=seen.values("pk"))
            return Exists(parts.exclude(project__in=over))
        if what == "wants":
            return Exists(visible_needs(self.user).filter(organisation=this))
        if what == "trips":
            return Q(pk__in={trip.doing.who for trip in self.trips})
        shared: Sequence[SamePlace | SameCall] = (*self.places, *self.calls)
        return Q(pk__in=frozenset[int]().union(*(one.who for one in shared)))

    def page(self, asked: Asked, paginated: Any) -> Agenda:
        """``paginated`` makes the page asked for out of the members and how many of them there are in all."""
        if asked.is_narrow:
            page: Page[Any] = paginated(self.asked_for(asked), None)
        else:
            page = paginated(self.members, self.body.many)
        places = [one for one in self.places if asked.place in ("", one.key)][:SHOWN]
        calls = [one for one in self.calls if asked.call in ("", one.key)][:SHOWN]
        shared: Sequence[SamePlace | SameCall] = (*places, *calls)
        shown = [doing for one in shared for doing in _doings_of(one)[:SHOWN]]
        members, named = self._read(list(page.object_list), shown)
        return Agenda(
            self.body.organisation, page, members,
            [_shared(one, one.place, named) for one in places], [_shared(one, one.call, named) for one in calls],
        )  # fmt: skip

    def all(self, asked: Asked) -> Iterator[Member]:
        """Every member that answers, some at a time."""
        found = self.asked_for(asked)
        for keys in batched(list(found.values_list("pk", flat=True)), AT_ONCE):
            some = Organisation.objects.only(*SHOWN_OF_ONE).in_bulk(keys)
            members, _named = self._read([some[pk] for pk in keys if pk in some], ())
            yield from members

    def _read(self, organisations: Sequence[Organisation], shown: Sequence[Doing]) -> tuple[list[Member], Named]:
        """Members with everything of theirs, and what is shown besides: two questions."""
        keys = {one.pk for one in organisations}
        ties = ties_of(self.user, keys, self.on)
        theirs = [trip for trip in self.trips if trip.doing.who in keys]
        records = {doing.key for doing in shown} | {trip.doing.key for trip in theirs}
        others = ties.all | {doing.who for doing in shown}
        named = named_on_page(self.user, keys, records, others, self.on)
        return members_with(organisations, ties, named, theirs), named


def _doings_of(shared: SamePlace | SameCall) -> Sequence[Doing]:
    return shared.after if isinstance(shared, SameCall) else [trip.doing for trip in shared.going]


def _shared(one: SamePlace | SameCall, about: Any, named: Named) -> Shared:
    doings = _doings_of(one)
    told = [doing for doing in doings[:SHOWN] if doing.who in named.organisations and doing.key in named.records]
    lines = [Line(named.organisations[doing.who], named.records[doing.key]) for doing in told]
    return Shared(one.key, about, lines, len(one.who), len(doings) - len(lines))
