"""Judgements of pairs into bodies: the surest first, and never two that exclude each other into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .bodies import Prepared
from .judge import ONE_BODY_ONE_VALUE, Judgement, Verdict

_AS_LIKELY = 0.05

type Pair = tuple[str, str]
"""Ids of two records, the smaller first."""


def pair(left: str, right: str) -> Pair:
    """Two ids as one key."""
    return (left, right) if left < right else (right, left)


@dataclass(slots=True)
class _Cluster:
    """What is known of the bodies in it: they must not contradict each other."""

    members: list[int]
    countries: set[str] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)

    def contradicts(self, other: _Cluster) -> bool:
        """Whether the two can't be one body."""
        if self.countries and other.countries and not self.countries & other.countries:
            return True
        if self.levels and other.levels and not self.levels & other.levels:
            return True
        both = self.values.keys() & other.values.keys()
        return any(not self.values[scheme] & other.values[scheme] for scheme in both)

    def take_in(self, other: _Cluster) -> None:
        self.members += other.members
        self.countries |= other.countries
        self.levels |= other.levels
        for scheme, values in other.values.items():
            self.values.setdefault(scheme, set()).update(values)


def clusters(
    bodies: Sequence[Prepared],
    judgements: Iterable[Judgement],
    least: float,
    decided: Mapping[Pair, Verdict],
) -> list[list[int]]:
    """Places of bodies by cluster, in order of their first.

    ``judgements`` from ``least`` on join, the surest first; what people ``decided`` goes before and against all.
    """
    places = {body.body.id: at for at, body in enumerate(bodies)}
    state = _State([_cluster(at, body) for at, body in enumerate(bodies)], decided, [body.body.id for body in bodies])
    for (left, right), verdict in sorted(decided.items()):
        if verdict == Verdict.SAME and left in places and right in places:
            state.join(places[left], places[right], by_person=True)
    likely = [one for one in judgements if one.score >= least and pair(one.left, one.right) not in decided]
    likely.sort(key=lambda one: (-one.score, one.left, one.right))
    contested = _contested(likely)
    for one in likely:
        if one.verdict == Verdict.SAME or not state.is_torn(contested, places, one):
            state.join(places[one.left], places[one.right])
    return state.members()


def _contested(judgements: Sequence[Judgement]) -> dict[str, list[Judgement]]:
    """Record -> what it may be the same as without being sure."""
    found: dict[str, list[Judgement]] = {}
    for one in judgements:
        if one.verdict != Verdict.SAME:
            found.setdefault(one.left, []).append(one)
            found.setdefault(one.right, []).append(one)
    return found


class _State:
    def __init__(self, held: list[_Cluster], decided: Mapping[Pair, Verdict], ids: Sequence[str]) -> None:
        self._held: list[_Cluster] = held
        self._of = list(range(len(held)))
        self._apart: dict[str, set[str]] = {}
        self._ids = ids
        for (left, right), verdict in decided.items():
            if verdict == Verdict.OTHER:
                self._apart.setdefault(left, set()).add(right)
                self._apart.setdefault(right, set()).add(left)

    def join(self, left: int, right: int, by_person: bool = False) -> None:
        one, other = self._held[self._of[left]], self._held[self._of[right]]
        if one is other or self._kept_apart(one, other) or (not by_person and one.contradicts(other)):
            return
        if len(one.members) < len(other.members):
            one, other = other, one
        root = self._of[one.members[0]]
        for member in other.members:
            self._of[member] = root
        one.take_in(other)

    def is_torn(self, contested: Mapping[str, Sequence[Judgement]], places: Mapping[str, int], one: Judgement) -> bool:
        """Whether a record of the pair might as well be the same as yet another: a bare *Valencia* is none of them."""
        for record, chosen in ((one.left, one.right), (one.right, one.left)):
            for other in contested.get(record, ()):
                rival = other.right if other.left == record else other.left
                is_near = other.score >= one.score - _AS_LIKELY
                if is_near and self._of[places[rival]] not in {self._of[places[chosen]], self._of[places[record]]}:
                    return True
        return False

    def _kept_apart(self, one: _Cluster, other: _Cluster) -> bool:
        if not self._apart:
            return False
        here = {self._ids[member] for member in one.members}
        return any(self._apart.get(self._ids[member], set()) & here for member in other.members)

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for at, root in enumerate(self._of):
            found.setdefault(root, []).append(at)
        return sorted(found.values())


def _cluster(at: int, body: Prepared) -> _Cluster:
    values = {scheme: set(held) for scheme, held in body.schemes.items() if scheme in ONE_BODY_ONE_VALUE}
    return _Cluster([at], {body.country} if body.country else set(), set(body.levels), values)
