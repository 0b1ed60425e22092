"""Judgements of pairs into bodies: the surest first, and never two that exclude each other into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from .judge import POSITIVE, Verdict

_AS_LIKELY = 0.05
_NOBODY: frozenset[int] = frozenset()

type Pair = tuple[str, str]
"""Ids of two records, the smaller first."""


def pair(left: str, right: str) -> Pair:
    """Two ids as one key."""
    return (left, right) if left < right else (right, left)


class Edge(NamedTuple):
    """The places of two bodies, and how sure they are one."""

    left: int
    right: int
    score: float


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
    told: pa.Table, ids: Sequence[str], likely: Sequence[Edge], decided: Mapping[Pair, Verdict]
) -> list[list[int]]:
    """Places of the bodies of which there are several records, by body, in order of their first.

    The ``likely`` join, the surest first; what people ``decided`` goes before and against all. ``told`` are sketches.
    """
    likely = [one for one in likely if pair(ids[one.left], ids[one.right]) not in decided]
    likely.sort(key=lambda one: (-one.score, ids[one.left], ids[one.right]))
    named = {ids[at]: at for at in range(len(ids))} if decided else {}
    by_person = [
        (named[left], named[right], verdict)
        for (left, right), verdict in sorted(decided.items())
        if left in named and right in named
    ]
    touched = {at for left, right, *_ in [*likely, *by_person] for at in (left, right)}
    state = _State(_clusters(told, sorted(touched)), by_person)
    for left, right, verdict in by_person:
        if verdict == Verdict.SAME:
            state.join(left, right, by_person=True)
    contested = _contested(likely)
    for one in likely:
        if one.score >= POSITIVE or not state.is_torn(contested, one):
            state.join(one.left, one.right)
    return state.members()


def _contested(likely: Iterable[Edge]) -> dict[int, list[Edge]]:
    """Record -> what it may be the same as without being sure."""
    found: dict[int, list[Edge]] = {}
    for one in likely:
        if one.score < POSITIVE:
            found.setdefault(one.left, []).append(one)
            found.setdefault(one.right, []).append(one)
    return found


def _clusters(told: pa.Table, places: Sequence[int]) -> dict[int, _Cluster]:
    """A cluster of its own for each of some bodies."""
    facts = told.select(["country", "levels", "values"]).take(pa.array(places, pa.int64())).to_pydict()
    found = {}
    for at, country, levels, listed in zip(places, *facts.values(), strict=True):
        values: dict[str, set[str]] = {}
        for scheme, _, value in (one.partition(":") for one in listed):
            values.setdefault(scheme, set()).add(value)
        found[at] = _Cluster([at], {country} if country else set(), set(levels), values)
    return found


class _State:
    """Place of a record -> the cluster it is in."""

    def __init__(self, held: dict[int, _Cluster], by_person: Iterable[tuple[int, int, Verdict]]) -> None:
        self._of = held
        self._apart: dict[int, set[int]] = {}
        for left, right, verdict in by_person:
            if verdict == Verdict.OTHER:
                self._apart.setdefault(left, set()).add(right)
                self._apart.setdefault(right, set()).add(left)

    def join(self, left: int, right: int, by_person: bool = False) -> None:
        one, other = self._of[left], self._of[right]
        if one is other or self._kept_apart(one, other) or (not by_person and one.contradicts(other)):
            return
        if len(one.members) < len(other.members):
            one, other = other, one
        for member in other.members:
            self._of[member] = one
        one.take_in(other)

    def is_torn(self, contested: Mapping[int, Sequence[Edge]], one: Edge) -> bool:
        """Whether a record of the pair might as well be the same as yet another: a bare *Valencia* is none of them."""
        for record, chosen in ((one.left, one.right), (one.right, one.left)):
            for other in contested.get(record, ()):
                rival = self._of[other.right if other.left == record else other.left]
                if other.score >= one.score - _AS_LIKELY and rival not in (self._of[chosen], self._of[record]):
                    return True
        return False

    def _kept_apart(self, one: _Cluster, other: _Cluster) -> bool:
        return bool(self._apart) and any(
            not self._apart.get(at, _NOBODY).isdisjoint(one.members) for at in other.members
        )

    def members(self) -> list[list[int]]:
        found = {id(cluster): sorted(cluster.members) for cluster in self._of.values()}
        return sorted(members for members in found.values() if len(members) > 1)
