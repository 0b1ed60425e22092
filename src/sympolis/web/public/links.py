"""What links an organisation to others, in the order people read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import may_see, visible_organisations, visible_relations
from sympolis.web.public.lists import language
from sympolis.web.public.named import Named, Parent, named

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
MANY = 50  # of each kind on the page of all its links; the rest has pages of its own


class Said(NamedTuple):
    """What a relation says, without a model's weight: an organisation has hundreds, a network thousands."""

    type: str
    role: str
    since: PartialDate
    until: PartialDate
    confirmed: bool
    illustrative: bool
    other: int
    outward: bool
    holds: Holds
    sort_key: str

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
    """Links of one type and direction, with how to say it: all that is said, and those of them that are shown."""

    type: str
    outward: bool
    label: str
    said: list[Said] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    counted: int = 0  # others of the same, which nobody names
    page: Page[Said] | None = None  # those of them that are shown, in their order
    is_alone: bool = False  # asked for alone: its pages are turned

    @property
    def id(self) -> str:
        return f"{self.type.replace('_', '-')}-{'out' if self.outward else 'in'}"

    @property
    def count(self) -> int:
        """Examples don't count."""
        return self.counted + len({said.other for said in self.said if not said.illustrative})

    @property
    def is_cut(self) -> bool:
        """Whether there are more, on pages of their own."""
        return not self.is_alone and len(self.links) < len(self.said)

    def turned_to(self, number: str | None, at_most: int) -> Sequence[Said]:
        """So many of them; a page that does not exist is the nearest one."""
        self.page = Paginator(self.said, at_most).get_page(number)
        return list(self.page)


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
    bodies: list[Named]
    others: dict[int, Named]  # everybody who is named, by key


@dataclass(frozen=True, slots=True)
class Part:
    """Which links are shown: so many of each kind, or a page of those of one kind alone."""

    at_most: int = FEW
    only: str = ""
    page: str | None = None

    def of(self, groups: list[LinkGroup]) -> list[LinkGroup]:
        """A kind that nobody has is no choice."""
        alone = [group for group in groups if group.id == self.only]
        for group in alone:
            group.is_alone = True
        return alone or groups


def surroundings_of(
    user: Reader, organisation: Organisation, moment: Moment, part: Part, also: Iterable[int] = ()
) -> Surroundings:
    """Three questions: all relations in few words, how many members it has, then who stands at the other end of those
    that are shown. A network's members have a page of their own: thousands are counted here and not named.

    ``also`` are others whom the page names, read with them."""
    groups = part.of(_grouped(_said_of(user, organisation, moment), _members_of(user, organisation, moment)))
    shown = [(group, group.turned_to(part.page, part.at_most)) for group in groups]
    ends = {said.other for _group, some in shown for said in some} | {*also}
    # Sorted here: asked for in order, SQLite goes through all organisations there are.
    found = visible_organisations(user).filter(Q(pk__in=ends) | Q(parent=organisation)).order_by()
    others = {one.pk: one for one in named(found)}
    hidden = hidden_parents(user, others.values())
    for group, some in shown:
        group.links = [_link(said, others[said.other], hidden) for said in some if said.other in others]
    bodies = [one for one in others.values() if one.parent_id == organisation.pk]
    return Surroundings(groups, sorted(bodies, key=lambda body: body.sort_key), others)


def _members_of(user: Reader, organisation: Organisation, moment: Moment) -> LinkGroup | None:
    if organisation.kind == BODY:
        return None  # who sits on it is listed, one by one
    then = None if moment.is_today else _counted(moment.possible(_joined(user, organisation.pk)))
    for _type, real in _MEMBERS.rows(user, organisation.pk) if then is None else then:
        label = relation_label(RelationType.MEMBER_OF, False)
        return LinkGroup(RelationType.MEMBER_OF, False, label, counted=real)
    return None


def _joined(user: Reader, network: int) -> QuerySet[Relation]:
    return visible_relations(user).filter(type=RelationType.MEMBER_OF, to_organisation=network)


def _counted(joined: QuerySet[Relation]) -> QuerySet[Any, Any]:
    """One row, none where there is nobody."""
    real = Count("from_organisation", distinct=True, filter=Q(illustrative=False))
    return joined.order_by().values("type").annotate(real=real).values_list("type", "real")


_MEMBERS = Prepared(lambda user, network: _counted(_joined(user, network)))


def _said_of(user: Reader, organisation: Organisation, moment: Moment) -> list[Said]:
    """All but a network's members. Today, what is over stands among them as such; of another time only what held
    then."""
    times = Times(moment)
    all_said = (_said(times, *row) for row in _SAID.rows(user, organisation.pk))
    return [said for said in all_said if moment.is_today or not said.past]


def _question(user: Reader, organisation: int) -> QuerySet[Any, Any]:
    """From it, and to it: both at once would have the database read a network's members as well."""
    seen = visible_relations(user).order_by()
    others = Q(type__lt=RelationType.MEMBER_OF) | Q(type__gt=RelationType.MEMBER_OF)
    inward = _seen_from(seen.filter(others, to_organisation=organisation), "from_organisation", Value(False))
    outward = _seen_from(seen.filter(from_organisation=organisation), "to_organisation", Value(True))
    return outward.union(inward, all=True)


def _seen_from(relations: QuerySet[Relation], other: str, outward: Value) -> QuerySet[Any, Any]:
    columns = {**days_as_words(), "r_outward": outward, "r_other": F(other), "r_key": F(f"{other}__sort_key")}
    return relations.annotate(**columns).values_list("type", "role", "confirmed", "illustrative", *columns)


def days_as_words() -> dict[str, Cast]:
    """As columns, the days of relations as the database has them, to be read once (``Times``)."""
    return {f"r_{name}": Cast(name, TextField()) for name in DAYS}


_SAID = Prepared(_question)


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


def _said(times: Times, type_: str, role: str, confirmed: bool, illustrative: bool, *rest: Any) -> Said:
    *days, outward, other, sort_key = rest
    since, until, holds = times[tuple(days)]
    is_outward = bool(outward) or type_ in MUTUAL
    return Said(type_, role, since, until, bool(confirmed), bool(illustrative), other, is_outward, holds, sort_key)


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


def _grouped(all_said: Iterable[Said], members: LinkGroup | None) -> list[LinkGroup]:
    """By type and direction; present ones before past ones, each by name."""
    groups: dict[tuple[str, bool], LinkGroup] = {}
    if members is not None:
        groups[members.type, members.outward] = members
    for said in sorted(all_said, key=lambda said: (said.past, said.sort_key)):
        key = (said.type, said.outward)
        if key not in groups:
            groups[key] = LinkGroup(*key, relation_label(*key))
        groups[key].said.append(said)
    return sorted(groups.values(), key=_place)


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
