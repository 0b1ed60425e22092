"""Who knows whom, through relations, agreements and projects: the shortest ways from one side to the other."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from sympolis.office.core.models import Record
from sympolis.office.core.queries import among
from sympolis.office.directory.models import Agreement, Organisation, Relation
from sympolis.office.directory.queries import visible_agreements, visible_organisations, visible_relations
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import visible_projects
from sympolis.office.synergies.facts import Question

CHAINS = 3
LONGEST = 4  # links: a word passed on through more than three says nothing to the last one


class Link(NamedTuple):
    """A relation, an agreement or a project by its kind and primary key; all who are in it know each other."""

    kind: type[Record]
    pk: int


class Way(NamedTuple):
    """Organisations from one side to the other by primary key, and the links between them: one fewer."""

    cost: float
    bodies: tuple[int, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A way with its rows."""

    bodies: tuple[Organisation, ...]
    links: tuple[Record, ...]


def chains_between(question: Question) -> list[Chain]:
    """The best of the shortest chains over what is firm and no example, in a fixed number of questions."""
    ways = shortest_ways(_links(question), set(question.left.ends), set(question.right.ends))
    bodies = visible_organisations(question.user).in_bulk({pk for way in ways for pk in way.bodies})
    rows = {
        **_rows(Relation, _relations(question), ways),
        **_rows(Agreement, _agreements(question), ways),
        **_rows(Project, _projects(question), ways),
    }
    return [Chain(tuple(bodies[pk] for pk in way.bodies), tuple(rows[link] for link in way.links)) for way in ways]


def _rows[R: Record](kind: type[R], seen: QuerySet[R], ways: Iterable[Way]) -> dict[Link, Record]:
    pks = {link.pk for way in ways for link in way.links if link.kind is kind}
    return {Link(kind, pk): row for pk, row in seen.in_bulk(pks).items()}


# To call somebody for help on a doubtful word is no good beginning: what is unconfirmed stays out, whatever is asked.


def _relations(question: Question) -> QuerySet[Relation]:
    begun = Q(since_earliest=None) | Q(since_earliest__lte=question.on)
    lasting = Q(until_latest=None) | Q(until_latest__gte=question.on)
    firm = visible_relations(question.user).filter(begun, lasting, confirmed=True, illustrative=False)
    return firm.select_related("from_organisation", "to_organisation")


def _agreements(question: Question) -> QuerySet[Agreement]:
    return visible_agreements(question.user).filter(confirmed=True, illustrative=False)


def _projects(question: Question) -> QuerySet[Project]:
    return visible_projects(question.user).filter(confirmed=True, illustrative=False)


def _links(question: Question) -> dict[Link, tuple[int, ...]]:
    """Every link with those who are in it."""
    visible = among(visible_organisations(question.user), "organisation")
    relations = _relations(question).order_by("pk").values_list("pk", "from_organisation", "to_organisation")
    parties = Agreement.parties.through.objects.filter(visible, agreement__in=_agreements(question)).order_by("pk")
    parts = Participation.objects.filter(visible, project__in=_projects(question)).order_by("pk")
    return {
        **{Link(Relation, pk): (one, other) for pk, one, other in relations},
        **_together(Agreement, parties.values_list("agreement", "organisation")),
        **_together(Project, parts.values_list("project", "organisation")),
    }


def _together(kind: type[Record], pairs: Iterable[tuple[int, int]]) -> dict[Link, tuple[int, ...]]:
    found: dict[Link, list[int]] = defaultdict(list)
    for pk, organisation in pairs:
        found[Link(kind, pk)].append(organisation)
    return {link: tuple(bodies) for link, bodies in found.items()}


def shortest_ways(links: Mapping[Link, tuple[int, ...]], left: Collection[int], right: Collection[int]) -> list[Way]:
    """The best of the ways with the fewest links, up to ``LONGEST``; none where the sides touch or never meet.

    Step by step outwards from the left, keeping the few best ways to each body. Through a body or a project with many
    in it an acquaintance says little (everybody is in the large networks): each costs the logarithm of how many.
    """
    links_of: dict[int, list[Link]] = defaultdict(list)
    for link, bodies in links.items():
        for body in bodies:
            links_of[body].append(link)
    weights = {body: math.log10(1 + len(theirs)) for body, theirs in links_of.items()}
    goal = set(right) - set(left)
    edge = {body: [Way(0.0, (body,), ())] for body in sorted(left)}
    passed, used = set(edge), set[Link]()
    for _step in range(LONGEST):
        through = _through_links(edge, links_of, used)
        used.update(through)
        edge = _at_bodies(through, links, passed, weights)
        passed.update(edge)
        if goal & set(edge):
            return _best(way for body in goal & set(edge) for way in edge[body])
    return []


def _through_links(
    edge: Mapping[int, list[Way]], links_of: Mapping[int, list[Link]], used: Collection[Link]
) -> dict[Link, list[Way]]:
    found: dict[Link, list[Way]] = defaultdict(list)
    for body, ways in edge.items():
        for link in links_of.get(body, ()):
            if link not in used:
                found[link] += ways
    return {link: _best(ways) for link, ways in found.items()}


def _at_bodies(
    through: Mapping[Link, list[Way]],
    links: Mapping[Link, tuple[int, ...]],
    passed: Collection[int],
    weights: Mapping[int, float],
) -> dict[int, list[Way]]:
    found: dict[int, list[Way]] = defaultdict(list)
    for link, ways in through.items():
        crowd = math.log10(len(links[link]))
        for body in links[link]:
            if body not in passed:
                found[body] += [
                    Way(way.cost + crowd + weights[body], (*way.bodies, body), (*way.links, link)) for way in ways
                ]
    return {body: _best(ways) for body, ways in found.items()}


def _best(ways: Iterable[Way]) -> list[Way]:
    """The cheapest few; of the same bodies only the cheapest, however many links they share."""
    found: dict[tuple[int, ...], Way] = {}
    for way in sorted(ways, key=_rank):
        found.setdefault(way.bodies, way)
    return list(found.values())[:CHAINS]


def _rank(way: Way) -> tuple[float, tuple[int, ...], list[tuple[str, int]]]:
    return (way.cost, way.bodies, [(link.kind.__name__, link.pk) for link in way.links])
