"""What links an organisation to others, in the order people read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.db.models import Q

from sympolis.engine.texts import vocabulary
from sympolis.office.core.enums import Visibility
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.directory.enums import MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.web.public.lists import language

# Types in the order to show them; each from the organisation outwards first, then inwards.
ORDER = (
    RelationType.PRESIDENT_OF,
    RelationType.HOSTS_SECRETARIAT_OF,
    RelationType.SITS_ON,
    RelationType.MEMBER_OF,
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
    "type", "role", "since_earliest", "since_latest", "until_earliest", "until_latest", "confirmed", "illustrative",
    "from_organisation", "to_organisation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One relation as seen from one of its ends."""

    relation: Relation
    other: Organisation
    role: str
    past: bool
    of: Organisation | None = None  # what the other end is a body of


@dataclass(slots=True)
class LinkGroup:
    """Links of one type and direction, with how to say it."""

    type: str
    outward: bool
    label: str
    links: list[Link] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.type.replace('_', '-')}-{'out' if self.outward else 'in'}"

    @property
    def count(self) -> int:
        """Examples don't count."""
        return len({link.other.pk for link in self.links if not link.relation.illustrative})


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


def is_past(relation: Relation, today: date) -> bool:
    return relation.until_latest is not None and relation.until_latest < today


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The relations of an organisation both ways, who stands at their other ends, and its own bodies."""

    organisation: Organisation
    relations: list[Relation]
    others: dict[int, Organisation]
    bodies: list[Organisation]


def surroundings_of(user: Reader, organisation: Organisation) -> Surroundings:
    """Two questions. Joined in one, the organisation itself would come along with each of its relations."""
    both_ways = Q(from_organisation=organisation) | Q(to_organisation=organisation)
    relations = list(visible_relations(user).filter(both_ways).only(*SAID))
    ends = {_other_end(relation, organisation) for relation in relations}
    found = (
        visible_organisations(user)
        .filter(Q(pk__in=ends) | Q(parent=organisation))
        .select_related("parent")
        .only(*NAMED, "parent", *(f"parent__{name}" for name in NAMED))
        .order_by()  # sorted here: asked for in order, SQLite goes through all organisations there are
    )
    others = {one.pk: one for one in found}
    bodies = [one for one in others.values() if one.parent_id == organisation.pk]
    return Surroundings(organisation, relations, others, sorted(bodies, key=lambda body: body.sort_key))


def _other_end(relation: Relation, organisation: Organisation) -> int:
    here = relation.from_organisation_id == organisation.pk
    return relation.to_organisation_id if here else relation.from_organisation_id


def parent_shown(user: Reader, organisation: Organisation) -> Organisation | None:
    """What a body is part of, when the reader may see that too."""
    parent = organisation.parent
    seen = parent is not None and (is_officer(user) or parent.visibility == Visibility.PUBLIC)
    return parent if seen else None


def link_groups(user: Reader, around: Surroundings, today: date) -> list[LinkGroup]:
    """Relations grouped by type and direction; present ones before past ones, each by name."""
    groups: dict[tuple[str, bool], LinkGroup] = {}
    for relation in around.relations:
        other = around.others.get(_other_end(relation, around.organisation))
        if other is None:
            continue
        outward = relation.from_organisation_id == around.organisation.pk or relation.type in MUTUAL
        group = groups.setdefault(
            (relation.type, outward), LinkGroup(relation.type, outward, relation_label(relation.type, outward))
        )
        role, past = role_label(relation.role), is_past(relation, today)
        group.links.append(Link(relation, other, role, past, parent_shown(user, other)))
    for group in groups.values():
        group.links.sort(key=lambda link: (link.past, link.other.sort_key))
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
