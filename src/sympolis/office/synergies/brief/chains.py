"""The shortest chains of acquaintance: who could introduce one side to the other."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice

from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.brief.lines import Line
from sympolis.office.synergies.brief.naming import name_of, relation_proof
from sympolis.office.synergies.brief.wording import Said
from sympolis.office.synergies.facts import Facts

CHAINS, TRIED = 3, 20_000


def chain_lines(facts: Facts, known: Collection[int]) -> list[Line]:
    """The best chains of up to three steps over confirmed relations, leaving out those between ``known`` ones."""
    chains = shortest_chains(
        facts.acquaintances, set(facts.question.left.ends), set(facts.question.right.ends), leaving_out=known
    )
    organisations = _organisations(facts, {pk for chain in chains for pk in chain})
    return [
        _line(facts, [organisations[pk] for pk in chain])
        for chain in chains
        if all(pk in organisations for pk in chain)
    ][:CHAINS]


def shortest_chains(
    pairs: Collection[tuple[int, int]], left: set[int], right: set[int], leaving_out: Collection[int] = ()
) -> list[tuple[int, ...]]:
    """The bodies between two sides, best first: one body, or two that know each other.

    A step through a body with many acquaintances says little (everybody is in the large networks), so each body
    costs 1 plus the logarithm of how many it knows.
    """
    knows: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        knows[one].add(other)
        knows[other].add(one)
    ends = left | right
    near_left = {pk for end in left for pk in knows[end]} - ends - set(leaving_out)
    near_right = {pk for end in right for pk in knows[end]} - ends - set(leaving_out)

    def cost(chain: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        return (sum(1 + math.log10(1 + len(knows[pk])) for pk in chain), chain)

    one_between = [(pk,) for pk in near_left & near_right]
    two_between = [
        (first, second)
        for first, second in islice(_neighbours(knows, near_left, near_right), TRIED)
        if first not in near_right and second not in near_left
    ]
    return sorted([*one_between, *two_between], key=cost)[: CHAINS * 2]


def _neighbours(knows: dict[int, set[int]], left: set[int], right: set[int]) -> Iterator[tuple[int, int]]:
    for first in sorted(left):
        for second in sorted(knows[first] & right):
            if first != second:
                yield first, second


def _organisations(facts: Facts, pks: Collection[int]) -> dict[int, Organisation]:
    """Bodies next to a side are among the rows read: every link of a chain touches one."""
    return {pk: facts.organisations[pk] for pk in pks if pk in facts.organisations}


def _line(facts: Facts, between: list[Organisation]) -> Line:
    left, right = (name_of(side.organisation) for side in facts.question.sides)
    values = {"left": left, "right": right, "one": name_of(between[0])}
    if len(between) == 1:
        said = Said(_("%(one)s knows both %(left)s and %(right)s and could introduce them."), values)
    else:
        said = Said(
            _("%(one)s knows %(left)s, %(other)s knows %(right)s, and these two know each other."),
            {**values, "other": name_of(between[-1])},
        )
    relations = [
        relation
        for relation in facts.relations
        if {relation.from_organisation_id, relation.to_organisation_id} & {each.pk for each in between}
    ]
    return Line(
        key=f"chain:{':'.join(each.public_id for each in between)}",
        said=said,
        proofs=tuple(relation_proof(relation) for relation in relations[:4]),
    )
