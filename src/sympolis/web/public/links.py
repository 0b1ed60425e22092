"""What links an organisation to others, in the order people read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, ClassVar, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import may_see, visible_organisations, visible_relations
from sympolis.web.public.lists import language
from sympolis.web.public.named import Named, Parent

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


class Told(NamedTuple):
    """That there is a relation, and to whom: a network has thousands of which a page shows some."""

    relation: int
    other: int
    illustrative: bool


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
    """Links of one type and direction, with how to say it: all that are told, and those of them that are shown."""

    type: str
    outward: bool
    label: str
    told: list[Told] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    counted: int = 0  # others of the same, which nobody names
    page: Page[Told] | None = None  # those of them that are shown, in their order
    is_alone: bool = False  # asked for alone: its pages are turned

    @property
    def id(self) -> str:
        return f"{self.type.replace('_', '-')}-{'out' if self.outward else 'in'}"

    @property
    def count(self) -> int:
        """Examples don't count."""
        return self.counted + len({told.other for told in self.told if not told.illustrative})

    @property
    def is_cut(self) -> bool:
        """Whether there are more, on pages of their own."""
        return not self.is_alone and len(self.links) < len(self.told)


@dataclass(slots=True)
class Bodies:
    """Its commissions, groups and other bodies: a network may have hundreds."""

    told: list[int] = field(default_factory=list)
    shown: list[Named] = field(default_factory=list)
    page: Page[int] | None = None
    is_alone: bool = False

    id: ClassVar = BODIES

    @property
    def is_cut(self) -> bool:
        return not self.is_alone and len(self.shown) < len(self.told)


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
        bodies.is_alone = self.only == bodies.id and bool(bodies.told)
        return ([], bodies) if bodies.is_alone else (groups, bodies)

    def shown[One](self, told: Sequence[One], at_most: int, *, is_alone: bool) -> Page[One]:
        """A page that does not exist is the nearest one."""
        return Paginator(told, A_PAGE if is_alone else at_most).get_page(self.page if is_alone else None)


def surroundings_of(
    user: Reader, organisation: Organisation, moment: Moment, part: Part, also: Iterable[int] = ()
) -> Surroundings:
    """Two questions: all that are told in few words, how many members it has among them; then what those say that are
    shown, and who stands at their other ends. A network's members have a page of their own: thousands are counted here
    and not named.

    ``also`` are others whom the page names, read with them."""
    groups, bodies = part.of(*_told_of(user, organisation, moment))
    for group in groups:
        group.page = part.shown(group.told, part.at_most, is_alone=group.is_alone)
    bodies.page = part.shown(bodies.told, part.bodies, is_alone=bodies.is_alone)
    shown = [told for group in groups for told in group.page or ()]
    ends = {*(told.other for told in shown), *bodies.page, *also}
    said, others = _read(user, moment, {told.relation for told in shown}, ends)
    hidden = hidden_parents(user, others.values())
    for group in groups:
        group.links = [
            _link(said[told.relation], others[told.other], hidden)
            for told in group.page or ()
            if told.other in others and told.relation in said
        ]
    bodies.shown = [others[pk] for pk in bodies.page if pk in others]
    return Surroundings(groups, bodies, others)


def _read(
    user: Reader, moment: Moment, relations: set[int], ends: set[int]
) -> tuple[dict[int, Said], dict[int, Named]]:
    """What relations say that the reader sees, and who stands at their ends, by their keys."""
    times = Times(moment)
    said: dict[int, Said] = {}
    others: dict[int, Named] = {}
    asked = (json.dumps(sorted(keys)) for keys in (relations, ends))
    for pk, is_relation, confirmed, illustrative, parent, *words in _READ.rows(user, *asked):
        if is_relation:
            type_, role, *days = words
            since, until, holds = times[tuple(days[: len(DAYS)])]
            said[pk] = Said(type_, role, since, until, bool(confirmed), bool(illustrative), holds)
        else:
            *about, name, short_name, visibility = words
            of = None if parent is None else Parent(name, short_name, visibility)
            values: list[Any] = [pk, *about, bool(confirmed), bool(illustrative), parent, of]
            others[pk] = Named(*values)
    return said, others


def _details(user: Reader, relations: str, ends: str) -> QuerySet[Any, Any]:
    """Both at once, in columns of the same kinds: nothing but words after the first five."""
    words = ("slug", "name", "name_language", "short_name", "country", "kind", "sort_key")
    # Not sorted: asked for in order, SQLite goes through all organisations there are.
    named = visible_organisations(user).filter(OneOf("pk", ends)).order_by()
    named = named.annotate(r_is_relation=Value(False), r_names=Cast("names", TextField()))
    others = named.values_list(
        "pk", "r_is_relation", "confirmed", "illustrative", "parent", "public_id", *words[:3], "r_names", *words[3:],
        "parent__name", "parent__short_name", "parent__visibility",
    )  # fmt: skip
    more = {f"r_more{at}": Value("") for at in range(len(words) + 5 - len(DAYS) - 2)}
    found = Relation.objects.filter(OneOf("pk", relations)).order_by()
    found = found.annotate(r_is_relation=Value(True), r_parent=_NO_KEY, **days_as_words(), **more)
    return others.union(
        found.values_list(
            "pk", "r_is_relation", "confirmed", "illustrative", "r_parent", "type", "role", *days_as_words(), *more
        ),
        all=True,
    )


_READ = Prepared(_details)


def _counted(joined: QuerySet[Relation]) -> QuerySet[Any, Any]:
    """One row, none where there is nobody."""
    real = Count("from_organisation", distinct=True, filter=Q(illustrative=False))
    return joined.order_by().values("type").annotate(real=real)


def _told_of(user: Reader, organisation: Organisation, moment: Moment) -> tuple[list[LinkGroup], Bodies]:
    """By type and direction; present ones before past ones, each by name. Today, what is over stands among them as
    such; of another time only what held then. Of a network's members there is nothing but their number."""
    first, last = str(moment.first), str(moment.last)
    here = organisation.pk
    rows = _TOLD.rows(user, here) if moment.is_today else _TOLD_THEN.rows(user, here, first, last)
    present: dict[tuple[str, bool], LinkGroup] = {}
    past: dict[tuple[str, bool], list[Told]] = {}
    bodies = Bodies()
    for type_, outward, other, relation, illustrative, since, until, _name in rows:
        if not type_:
            bodies.told.append(other)
            continue
        key = (type_, bool(outward) or type_ in MUTUAL)
        if key not in present:
            present[key] = LinkGroup(*key, relation_label(*key))
        if relation is None:
            present[key].counted = other
        elif (until and until < first) or (since and since > last):
            past.setdefault(key, []).append(Told(relation, other, illustrative))
        else:
            present[key].told.append(Told(relation, other, illustrative))
    for key, over in past.items():
        present[key].told += over
    if organisation.kind == BODY:  # who sits on it is listed, one by one
        present.pop((RelationType.MEMBER_OF, False), None)
    return sorted(present.values(), key=_place), bodies


def _question(user: Reader, organisation: int, *days: str) -> QuerySet[Any, Any]:
    """From it, and to it: both at once would have the database read a network's members as well. Of these a row with
    their number and without a relation; then its bodies, without a type. By name. Of other days, a first and a last,
    without what certainly did not hold then."""
    seen = _possible(visible_relations(user).order_by(), *days)
    others = Q(type__lt=RelationType.MEMBER_OF) | Q(type__gt=RelationType.MEMBER_OF)
    inward = _seen_from(seen.filter(others, to_organisation=organisation), "from_organisation", Value(False))
    outward = _seen_from(seen.filter(from_organisation=organisation), "to_organisation", Value(True))
    nothing = {"r_illustrative": Value(False), "r_since": Value(""), "r_until": Value(""), "r_name": Value("")}
    members = _counted(seen.filter(type=RelationType.MEMBER_OF, to_organisation=organisation)).annotate(
        r_type=F("type"), r_outward=Value(False), r_other=F("real"), r_relation=_NO_KEY, **nothing
    )
    bodies = visible_organisations(user).filter(parent=organisation).order_by().annotate(
        r_type=Value(""), r_outward=Value(False), r_other=F("pk"), r_relation=_NO_KEY,
        **{**nothing, "r_illustrative": F("illustrative"), "r_name": F("sort_key")},
    )  # fmt: skip
    parts = (members.values_list(*_ROW), bodies.values_list(*_ROW))
    return outward.union(inward, *parts, all=True).order_by("r_name", "r_relation", "r_other")


def _possible(relations: QuerySet[Relation], first: str = "", last: str = "") -> QuerySet[Relation]:
    """As ``Moment.possible``, of days that are words: what is put into SQL once has no dates in it."""
    if not first:
        return relations
    days = relations.annotate(r_since=_SINCE, r_until=_UNTIL)
    not_over, begun = Q(r_until__gte=first) | Q(r_until=None), Q(r_since__lte=last) | Q(r_since=None)
    return days.filter(not_over, begun)


_SINCE, _UNTIL = Cast("since_earliest", TextField()), Cast("until_latest", TextField())
_ROW = ("r_type", "r_outward", "r_other", "r_relation", "r_illustrative", "r_since", "r_until", "r_name")
_NO_KEY = Cast(Value(None), BigIntegerField())


def _seen_from(relations: QuerySet[Relation], other: str, outward: Value) -> QuerySet[Any, Any]:
    """Out of indexes alone, but for the names."""
    found = relations.annotate(
        r_type=F("type"), r_outward=outward, r_other=F(other), r_relation=F("pk"), r_illustrative=F("illustrative"),
        r_since=_SINCE, r_until=_UNTIL, r_name=F(f"{other}__sort_key"),
    )  # fmt: skip
    return found.values_list(*_ROW)


def days_as_words() -> dict[str, Cast]:
    """As columns, the days of relations as the database has them, to be read once (``Times``)."""
    return {f"r_{name}": Cast(name, TextField()) for name in DAYS}


_TOLD, _TOLD_THEN = Prepared(_question), Prepared(_question)


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
