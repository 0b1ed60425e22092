"""What links an organisation to others, in the order people read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Any, ClassVar, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.prepared import Prepared, rows_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment, possible_in_words
from sympolis.office.directory.queries import may_see, relations_seen_around, visible_organisations
from sympolis.web.public.lists import language
from sympolis.web.public.named import COLUMNS, OF_PARENT, Named, Parent

# Types in the order to show them; each from the organisation outwards first, then inwards.
ORDER = (
    RelationType.SUCCEEDED_BY,
    RelationType.PRESIDENT_OF,
    RelationType.VICE_PRESIDENT_OF,
    RelationType.HOSTS_SECRETARIAT_OF,
    RelationType.SITS_ON,
    RelationType.MEMBER_OF,
    RelationType.OBSERVER_OF,
    RelationType.PARTICIPATES_IN,
    RelationType.PART_OF,
    RelationType.PARTNER_OF,
    RelationType.FUNDS,
    RelationType.TWINNED_WITH,
)
NAMED = (
    "public_id", "slug", "name", "name_language", "names", "short_name", "country", "kind", "sort_key", "visibility",
    "confirmed", "illustrative",
)  # fmt: skip
SAID = (
    "type", "role", "since_earliest", "since_latest", "until_earliest", "until_latest", "attested_on", "confirmed",
    "illustrative", "from_organisation", "to_organisation",
)  # fmt: skip
DAYS = ("since_earliest", "since_latest", "until_earliest", "until_latest", "attested_on")
FEW = 8  # of each kind on an organisation's page; the rest is one click away
FEW_BODIES = 24
MANY = 25  # of each kind on the page of all its links; the rest has pages of its own
A_PAGE = 50
BODIES = "bodies"


class Said(NamedTuple):
    """What a relation says, without a model's weight."""

    type: str
    role: str
    since: PartialDate
    until: PartialDate
    confirmed: bool
    illustrative: bool
    holds: Holds

    @property
    def past(self) -> bool:
        return self.holds is Holds.NO


@dataclass(frozen=True, slots=True)
class Link:
    """One relation as seen from one of its ends."""

    relation: Relation | Said
    other: Organisation | Named
    role: str
    holds: Holds
    of: Organisation | Parent | None = None  # what the other end is a body of
    together: tuple[Named, ...] = ()  # of a seat: who else sits there

    @property
    def past(self) -> bool:
        return self.holds is Holds.NO

    @property
    def is_unsure(self) -> bool:
        """Its dates leave open whether it held at the time that was asked for."""
        return self.holds is Holds.PERHAPS


@dataclass(slots=True)
class LinkGroup:
    """Links of one type and direction, with how to say it: how many are told, and those of them that are shown."""

    type: str
    outward: bool
    label: str
    ways: set[bool] = field(default_factory=set)  # which ends it has: what is mutual was written down from either
    many: int = 0  # links, without the members of a network, whom nobody names here
    count: int = 0  # whom they lead to; examples don't count
    links: list[Link] = field(default_factory=list)
    page: Page[int] | None = None  # which of them are shown
    is_alone: bool = False  # asked for alone: its pages are turned

    @property
    def id(self) -> str:
        return _group_id(self.type, self.outward)

    @property
    def is_cut(self) -> bool:
        """Whether there are more, on pages of their own."""
        return not self.is_alone and len(self.links) < self.many


def _group_id(type_: str, outward: bool) -> str:
    return f"{type_.replace('_', '-')}-{'out' if outward else 'in'}"


@dataclass(slots=True)
class Bodies:
    """Its commissions, groups and other bodies: a network may have hundreds."""

    many: int = 0
    shown: list[Named] = field(default_factory=list)
    page: Page[int] | None = None
    is_alone: bool = False

    id: ClassVar[str] = BODIES

    @property
    def is_cut(self) -> bool:
        return not self.is_alone and len(self.shown) < self.many


@cache
def _inverse_labels() -> dict[str, dict[str, str]]:
    return {term.code: dict(term.inverse) for term in vocabulary.terms("relation_types")}


def relation_label(type_: str, outward: bool) -> str:
    if outward:
        return vocabulary.label("relation_types", type_, language())
    inverse = _inverse_labels().get(type_, {})
    return inverse.get(language()) or inverse.get("en") or type_


def role_label(written: str) -> str:
    """A role the vocabulary knows in the reader's language, others as they were written."""
    code = vocabulary.role_code(written)
    return vocabulary.label("seat_roles", code, language()) if code else written


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What links an organisation to others, both ways, and its own bodies."""

    groups: list[LinkGroup]
    bodies: Bodies
    others: dict[int, Named]  # everybody who is named, by key


@dataclass(frozen=True, slots=True)
class Part:
    """Which links are shown: so many of each kind, or a page of those of one kind alone."""

    at_most: int = FEW
    bodies: int = FEW_BODIES
    only: str = ""
    page: str | None = None

    def of(self, groups: list[LinkGroup], bodies: Bodies) -> tuple[list[LinkGroup], Bodies]:
        """A kind that nobody has is no choice."""
        for group in groups:
            if group.id == self.only:
                group.is_alone = True
                return [group], Bodies()
        bodies.is_alone = self.only == bodies.id and bool(bodies.many)
        return ([], bodies) if bodies.is_alone else (groups, bodies)

    def shown(self, many: int, at_most: int, *, is_alone: bool) -> Page[int]:
        """Which of so many; a page that does not exist is the nearest one."""
        return Paginator(range(many), A_PAGE if is_alone else at_most).get_page(self.page if is_alone else None)


def surroundings_of(
    user: Reader, organisation: Organisation, moment: Moment, part: Part, also: Iterable[int] = ()
) -> Surroundings:
    """Two questions: how many are told of each kind; then what those say that stand first, each kind by itself, and who
    stands at their other ends. A network's members have a page of their own: thousands are counted here and not named.

    ``also`` are others whom the page names, read with them."""
    groups, bodies = part.of(*_counted(user, organisation, moment))
    for group in groups:
        group.page = part.shown(group.many, part.at_most, is_alone=group.is_alone)
    bodies.page = part.shown(bodies.many, part.bodies, is_alone=bodies.is_alone)
    told, others = _told(user, organisation, moment, groups, bodies, also)
    hidden = hidden_parents(user, others.values())
    for group in groups:
        found = told.get(group.id, [])
        if len(group.ways) > 1:  # each way stands in its order by itself
            found.sort(key=lambda one: (one.past, one.other.sort_key, one.relation))
        group.links = [_link(one.said, one.other, hidden) for one in _of_page(group.page, found)]
    bodies.shown = [one.other for one in _of_page(bodies.page, told.get(bodies.id, []))]
    return Surroundings(groups, bodies, others)


def _counted(user: Reader, organisation: Organisation, moment: Moment) -> tuple[list[LinkGroup], Bodies]:
    """By type and direction, how many there are; of a network's members whom they are alone."""
    days = () if moment.is_today else (str(moment.first), str(moment.last))
    groups: dict[tuple[str, bool], LinkGroup] = {}
    bodies = Bodies()
    for type_, outward, many, count in (_COUNTS_THEN if days else _COUNTS).rows(user, organisation.pk, *days):
        if not type_:
            bodies.many = many
            continue
        key = (type_, bool(outward) or type_ in MUTUAL)
        group = groups.get(key)
        if group is None:
            group = groups[key] = LinkGroup(*key, relation_label(*key))
        group.ways.add(bool(outward))
        group.many += many
        group.count += count
    if organisation.kind == BODY:  # who sits on it is listed, one by one
        groups.pop((RelationType.MEMBER_OF, False), None)
    return sorted(groups.values(), key=_place), bodies


def _counts(user: Reader, organisation: int, *days: str) -> QuerySet[Any, Any]:
    """From it, and to it: both at once would have the database read a network's members as well, and so would all types
    but theirs. Then its members, and its bodies, without a type. Who is linked both ways by what is mutual counts once.
    """
    seen = relations_seen_around(user).order_by()
    seen = possible_in_words(seen, *days) if days else seen
    real = Q(illustrative=False)
    outward = seen.filter(from_organisation=organisation)
    inward = seen.filter(to_organisation=organisation)
    members = inward.filter(type=RelationType.MEMBER_OF)
    who = members.filter(real).values("from_organisation")
    has_members = Organisation.objects.filter(Exists(members), pk=organisation).order_by()
    back = outward.filter(
        real, type__in=sorted(MUTUAL), type=OuterRef("type"), to_organisation=OuterRef("from_organisation")
    )
    bodies = visible_organisations(user).filter(parent=organisation).order_by().values("parent")
    ahead = Count("from_organisation", distinct=True, filter=real & ~Q(Exists(back)))
    parts = (
        _by_type(inward.filter(type__lt=RelationType.MEMBER_OF), False, Count("pk"), ahead),
        _by_type(inward.filter(type__gt=RelationType.MEMBER_OF), False, Count("pk"), ahead),
        has_members.annotate(
            r_type=Value(RelationType.MEMBER_OF.value),
            r_outward=Value(False),
            r_many=Value(0),
            r_count=Merged(who.filter(confirmed=True).union(who.filter(confirmed=False))),
        ),
        bodies.annotate(r_type=Value(""), r_outward=Value(False), r_many=Count("pk"), r_count=Value(0)),
    )
    first = _by_type(outward, True, Count("pk"), Count("to_organisation", distinct=True, filter=real))
    return first.values_list(*_COUNT).union(*(part.values_list(*_COUNT) for part in parts), all=True)


class Merged(Subquery):
    """How many different rows several questions have that each come sorted out of an index: merged in their order,
    thousands of members are counted in half the time it takes to sort them."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s ORDER BY 1) AS merged)"
    output_field = IntegerField()


def _by_type(relations: QuerySet[Relation], outward: bool, many: Any, count: Any) -> QuerySet[Any, Any]:
    by_type = relations.values("type")
    return by_type.annotate(r_type=F("type"), r_outward=Value(outward), r_many=many, r_count=count)


_COUNT = ("r_type", "r_outward", "r_many", "r_count")
_COUNTS, _COUNTS_THEN = Prepared(_counts), Prepared(_counts)


class Told(NamedTuple):
    """A relation, whether it is over, what it says and whom it leads to; of a body there is nothing but itself."""

    relation: int
    past: bool
    said: Said
    other: Named


def _told(
    user: Reader, organisation: Organisation, moment: Moment, groups: Iterable[LinkGroup], bodies: Bodies,
    also: Iterable[int],
) -> tuple[dict[str, list[Told]], dict[int, Named]]:  # fmt: skip
    """Those that stand first of each kind, up to the end of its page: present ones before past ones, each by name.
    Today, what is over stands among them as such; of another time only what held then. And everybody who is named."""
    here, days, is_then = organisation.pk, (str(moment.first), str(moment.last)), not moment.is_today
    asked: list[tuple[Prepared, tuple[int | str, ...]]] = []
    if named := sorted(also):
        asked.append((_ALSO, (json.dumps(named),)))
    for group in groups:
        if group.many:
            ways = _first_links(_enough(group.page), is_then)
            asked += [(ways[way], (here, group.type, *days)) for way in sorted(group.ways)]
    if bodies.many:
        asked.append((_first_bodies(_enough(bodies.page)), (here,)))
    times = Times(moment)
    told: dict[str, list[Told]] = {}
    others: dict[int, Named] = {}
    for row in rows_of_all(user, asked):
        type_, outward, relation, past, role, confirmed, illustrative = row[:_ABOUT]
        pk, *about, own_confirmed, own_illustrative, parent, name, short_name, visibility = row[_ABOUT + len(DAYS) :]
        other = others.get(pk)
        if other is None:
            of = None if parent is None else Parent(name, short_name, visibility)
            values: list[Any] = [pk, *about, bool(own_confirmed), bool(own_illustrative), parent, of]
            other = others[pk] = Named(*values)
        if not type_:
            continue
        since, until, holds = times[row[_ABOUT : _ABOUT + len(DAYS)]]
        said = Said(type_, role, since, until, bool(confirmed), bool(illustrative), holds)
        id_ = BODIES if type_ == BODIES else _group_id(type_, bool(outward) or type_ in MUTUAL)
        told.setdefault(id_, []).append(Told(relation, bool(past), said, other))
    return told, others


def _enough(page: Page[int] | None) -> int:
    """To find a page among all before it; few different numbers, as the SQL of each is kept."""
    last = page.end_index() if page else 0
    return next((many for many in (FEW, MANY) if last <= many), A_PAGE << ((last - 1) // A_PAGE).bit_length())


def _of_page(page: Page[int] | None, first: Sequence[Told]) -> Sequence[Told]:
    return first[page.start_index() - 1 : page.end_index()] if page and page.object_list else ()


@cache
def _first_links(many: int, is_then: bool) -> tuple[Prepared, Prepared]:
    """Of one type, to it and from it: so many that stand first."""

    def question(outward: bool, user: Reader, organisation: int, type_: str, *days: str) -> QuerySet[Any, Any]:
        ends = ("from_organisation", "to_organisation")
        here, other = ends if outward else ends[::-1]
        seen = relations_seen_around(user).filter(type=type_, **{here: organisation})
        seen = possible_in_words(seen, *days) if is_then else seen
        over = Q(r_until__lt=days[0]) | Q(r_since__gt=days[1])
        order = ("r_past", f"{other}__sort_key", "pk")

        def sorted_(relations: QuerySet[Relation]) -> QuerySet[Relation]:
            past = Case(When(over, then=Value(True)), default=Value(False))
            return relations.annotate(r_since=_SINCE, r_until=_UNTIL).annotate(r_past=past).order_by(*order)

        # Found out of an index and the names alone; only what those say is read that stand first.
        found = sorted_(Relation.objects.filter(pk__in=sorted_(seen).values("pk")[:many]))
        found = found.annotate(r_relation=F("pk"), r_outward=Value(outward), **days_as_words())
        return _row(
            found, f"{other}__", "type", "r_outward", "r_relation", "r_past", "role", "confirmed", "illustrative"
        )

    return Prepared(partial(question, False)), Prepared(partial(question, True))


@cache
def _first_bodies(many: int) -> Prepared:
    def question(user: Reader, organisation: int) -> QuerySet[Any, Any]:
        first = visible_organisations(user).filter(parent=organisation).order_by("sort_key", "pk").values("pk")[:many]
        return _alone(Organisation.objects.filter(pk__in=first).order_by("sort_key", "pk"), BODIES)

    return Prepared(question)


def _named(user: Reader, keys: str) -> QuerySet[Any, Any]:
    """Not sorted: asked for in order, SQLite goes through all organisations there are."""
    return _alone(visible_organisations(user).filter(OneOf("pk", keys)).order_by(), "")


def _alone(organisations: QuerySet[Organisation], as_type: str) -> QuerySet[Any, Any]:
    """In the columns of a link, without one."""
    nothing = {f"r_{name}": Value("") for name in ("role", *DAYS)}
    no = {f"r_{name}": Value(False) for name in ("outward", "past", "sure", "made_up")}
    found = organisations.annotate(r_type=Value(as_type), r_relation=Cast(Value(0), BigIntegerField()), **nothing, **no)
    return _row(found, "", "r_type", "r_outward", "r_relation", "r_past", "r_role", "r_sure", "r_made_up")


def _row(found: QuerySet[Any, Any], path: str, *about: str) -> QuerySet[Any, Any]:
    """Seven columns about a link, its days, and whom it leads to with what that is part of."""
    other = [f"{path}{name}" if name != "names" else "r_names" for name in (*COLUMNS, *OF_PARENT)]
    found = found.annotate(r_names=Cast(f"{path}names", TextField()))
    return found.values_list(*about, *(f"r_{name}" for name in DAYS), *other)


_ABOUT = 7
_ALSO = Prepared(_named)


_SINCE, _UNTIL = Cast("since_earliest", TextField()), Cast("until_latest", TextField())


def days_as_words() -> dict[str, Cast]:
    """As columns, the days of relations as the database has them, to be read once (``Times``)."""
    return {f"r_{name}": Cast(name, TextField()) for name in DAYS}


class Times(dict[tuple[str | None, ...], tuple[PartialDate, PartialDate, Holds]]):
    """What days, as words (``days_as_words``), say at a moment: thousands of relations share a few."""

    def __init__(self, moment: Moment) -> None:
        super().__init__()
        self._moment = moment

    def __missing__(self, days: tuple[str | None, ...]) -> tuple[PartialDate, PartialDate, Holds]:
        begin, began, end, ended, attested = (date.fromisoformat(day) if day else None for day in days)
        since, until = PartialDate(begin, began), PartialDate(end, ended)
        said = self[days] = since, until, self._moment.holds(since, until, attested)
        return said


def _link(said: Said, other: Named, hidden: frozenset[int]) -> Link:
    parent = None if other.parent_id in hidden else other.parent
    return Link(said, other, role_label(said.role), said.holds, parent)


def parent_shown(user: Reader, organisation: Organisation) -> Organisation | None:
    """What a body is part of, when the reader may see that too."""
    return None if organisation.parent_id in hidden_parents(user, [organisation]) else organisation.parent


def hidden_parents(user: Reader, bodies: Iterable[Organisation | Named]) -> frozenset[int]:
    """Which of those that bodies are part of the reader may not see."""
    parents = {one.parent_id: one.parent.visibility for one in bodies if one.parent_id and one.parent}
    return frozenset(pk for pk, visibility in parents.items() if not may_see(user, pk, visibility))


def _place(group: LinkGroup) -> tuple[int, bool]:
    known: Sequence[str] = ORDER
    return (known.index(group.type) if group.type in known else len(known), not group.outward)


def presidencies(groups: Iterable[LinkGroup], *, outward: bool) -> list[Link]:
    """What an organisation presides now, or who presides it. Of a presidency without dates nobody knows whether it
    lasts: it stands among the links only."""
    return [
        link
        for group in groups
        if group.type == RelationType.PRESIDENT_OF and group.outward is outward
        for link in group.links
        if link.relation.since and not link.past
    ]
