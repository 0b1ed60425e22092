"""Whose agenda it is: regions and networks with members, and who those are on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sympolis.office.core.found_by_words import containing
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment, possible_in_words
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.projects.models import Need

MEMBERSHIPS = (RelationType.PART_OF, RelationType.MEMBER_OF)
LEAST_MEMBERS = 2
CROWD = 1_000
"""So many members are found sooner by asking each organisation in turn than by putting all of them in order."""

MOST_BODIES = 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """Says whether rows have changed since: how many there are, and the number of the last version."""

    many: int
    last: int


@dataclass(frozen=True, slots=True)
class Body:
    """A region or a network with at least two members on that day, as far as the reader may see."""

    organisation: Organisation
    many: int
    needs: Stamp
    organisations: Stamp


def relations_on(user: Reader, on: date) -> QuerySet[Relation]:
    return Moment.now(on).possible(visible_relations(user)).filter(confirmed=True).order_by()


def body_of(user: Reader, on: date, public_id: str = "", pk: int | None = None) -> Body | None:
    """The one asked for, with what tells whether kept answers still hold: one question."""
    for told in _TOLD.read(user, public_id, pk or 0, str(on)):
        many, *stamps = told[len(CALLED) :]
        if many >= LEAST_MEMBERS:
            organisation = Organisation.from_db(None, CALLED, told[: len(CALLED)])
            return Body(organisation, many, Stamp(*stamps[:2]), Stamp(*stamps[2:]))
    return None


CALLED = ("id", "public_id", "slug", "name", "name_language", "names", "short_name")  # as the model has them


def _told(user: Reader, public_id: str, pk: int, on: str) -> QuerySet[Any, Any]:
    joined = possible_in_words(visible_relations(user).filter(confirmed=True).order_by(), on, on)
    told = {
        "many": _counted(joined),
        "needs_many": _count(Need), "needs_last": _last(Need),
        "bodies_many": _count(Organisation), "bodies_last": _last(Organisation),
    }  # fmt: skip
    found = visible_organisations(user).filter(Q(public_id=public_id) | Q(pk=pk)).order_by()
    return found.annotate(**told).values_list(*CALLED, *told)


_TOLD = Prepared(_told)


def bodies_called(user: Reader, words: str, on: date) -> list[Organisation]:
    """Regions and networks with members whose names hold these words, the first of them by name."""
    found = containing(visible_organisations(user), words).annotate(many=_many_members(user, on))
    return list(found.filter(many__gte=LEAST_MEMBERS).order_by("sort_key", "pk")[:MOST_BODIES])


def bodies_around(user: Reader, organisation: int, on: date) -> list[Organisation]:
    """Those that an organisation has to do with itself: where an agenda may begin."""
    around = relations_on(user, on).filter(from_organisation=organisation).values("to_organisation")
    found = visible_organisations(user).filter(Q(pk__in=around) | Q(pk=organisation))
    found = found.annotate(many=_many_members(user, on)).filter(many__gte=LEAST_MEMBERS)
    return list(found.order_by("sort_key", "pk")[:MOST_BODIES])


def _many_members(user: Reader, on: date) -> Any:
    """As a column of an organisation: how many are part or members of it."""
    return _counted(relations_on(user, on))


def _counted(relations: QuerySet[Relation]) -> Any:
    members = relations.filter(type=RelationType.MEMBER_OF)
    same = members.filter(to_organisation=OuterRef("to_organisation"), from_organisation=OuterRef("from_organisation"))
    parts = relations.filter(~Exists(same), type=RelationType.PART_OF)
    return _distinct(members) + _distinct(parts)


def _distinct(joined: QuerySet[Relation]) -> Any:
    """Of one type they stand in their order in the index: to tell apart those of several takes as long again."""
    there = joined.filter(to_organisation=OuterRef("pk")).values("to_organisation")
    counted = there.annotate(n=Count("from_organisation", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _count(model: Any) -> Any:
    return _aggregate(model.objects.all(), "COUNT", "pk")


def _last(model: Any) -> Any:
    """The number of the last version of any: every saving writes one, and the last of them is found at once."""
    return _aggregate(model.history.all(), "MAX", "history_id")


def _aggregate(rows: Any, function: str, column: str) -> Any:
    """As a column; not Django's own, which would group by it."""
    number = Func(F(column), function=function, output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(number=number).values("number")), 0)


def joined_to(user: Reader, body: int, on: date) -> QuerySet[Relation]:
    return relations_on(user, on).filter(type__in=MEMBERSHIPS, to_organisation=body)


def is_member(user: Reader, body: int, on: date, path: str) -> Exists:
    """Rows whose organisation behind ``path`` is part or member of a body, asked row by row: trips to come are few."""
    return Exists(joined_to(user, body, on).filter(from_organisation=OuterRef(path)))


@dataclass(frozen=True, slots=True)
class Members:
    """Whoever is part or member of a body on a day, to be asked for in questions."""

    user: Reader
    body: Body
    on: date

    def organisations(self) -> QuerySet[Organisation]:
        """By name."""
        return _members_of(self.user, self.body.organisation.pk, self.on, self.body.many > CROWD)

    def __getitem__(self, part: slice) -> list[Organisation]:
        """Some of all of them, for a page."""
        question = _some_of(self.on, self.body.many > CROWD, part.start, part.stop)
        rows = question.read(self.user, self.body.organisation.pk)
        return [Organisation.from_db(DEFAULT_DB_ALIAS, CALLED, row) for row in rows]


def _members_of(user: Reader, body: int, on: date, is_crowd: bool) -> QuerySet[Organisation]:
    if is_crowd:
        among_them: Any = is_member(user, body, on, "pk")
    else:
        among_them = Q(pk__in=joined_to(user, body, on).values("from_organisation"))
    return visible_organisations(user).filter(among_them).order_by("sort_key", "pk")


@lru_cache(maxsize=100)  # the first pages of a day
def _some_of(on: date, is_crowd: bool, first: int, last: int) -> Prepared:
    def question(user: Reader, body: int) -> QuerySet[Any, Any]:
        return _members_of(user, body, on, is_crowd).values_list(*CALLED)[first:last]

    return Prepared(question)
