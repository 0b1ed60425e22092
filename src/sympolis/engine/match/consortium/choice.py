"""Choosing the set: what adds most, one after another; then what the rules still need; then exchanges that gain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .records import Candidate
from .rules import Judge
from .worth import Places, Worth

type Set = list[int]

LOOKED_AT = 20_000
"""Sets looked at for one that meets all rules within a call's largest number, before fewer rules are aimed at."""

ROUNDS = 4


@dataclass(frozen=True)
class Choice:
    """Places in ``bodies``, of which ``fixed`` (the lead first) are in whatever happens and ``pool`` may be.

    ``sure`` are those of the pool for whom something speaks and who would leave no rule open; the others are taken only
    where a rule needs them.
    """

    bodies: Sequence[Candidate]
    judge: Judge
    worth: Worth
    fixed: Set
    pool: Set
    sure: Set
    size: int
    most: int  # 0: not told

    def made(self) -> Set:
        """The set chosen, the fixed first, the others in the order in which they were taken."""
        plain = self._filled(self.fixed, self.size)
        if not self._lacks(range(len(self.judge.asked.rules)), plain):
            return self._exchanged(plain)
        needed = self._needed()
        size = max(self.size, len(needed))
        return self._exchanged(self._filled([*needed, *(one for one in plain if one not in needed)][:size], size))

    def _filled(self, chosen: Set, size: int) -> Set:
        """Adds what adds most until the set is as large as wished or nobody is left."""
        chosen = list(chosen)
        while len(chosen) < size and (best := self._best(chosen, self.sure)) is not None:
            chosen.append(best)
        return chosen

    def _best(self, chosen: Set, among: Sequence[int]) -> int | None:
        left: Places = np.array([one for one in among if one not in chosen], np.int64)
        if not len(left):
            return None
        return int(left[int(np.argmax(self.worth.gains(chosen, left)[1:]))])

    def _needs(self, chosen: Set) -> dict[int, int]:
        return self.judge.needs([self.bodies[one] for one in chosen])

    @cached_property
    def _floor(self) -> dict[int, int]:
        """What would lack if everybody were in: nothing is to be had beyond that."""
        return self._needs([*self.fixed, *self.pool])

    def _lacks(self, aims: Iterable[int], chosen: Set) -> int:
        needs = self._needs(chosen)
        return sum(max(needs.get(at, 0) - self._floor.get(at, 0), 0) for at in aims)

    def _needed(self) -> Set:
        """The fixed and those whom the rules need: for all that can be had, or for as many rules as fit in."""
        aims = list(self._needs(self.fixed))
        while aims:
            for among in (self.sure, self.pool):
                if (found := self._meeting(aims, among)) is not None:
                    return found
            aims.pop()
        return list(self.fixed)

    def _meeting(self, aims: Sequence[int], among: Sequence[int]) -> Set | None:
        """The fixed and more so that these rules are met, within the call's largest number; None where none is found.

        First by what lessens most of what lacks, then, if that grew too large, by trying.
        """
        room = self.most or len(self.bodies)
        chosen = list(self.fixed)
        while lacks := self._lacks(aims, chosen):
            left = self._by_worth([one for one in among if one not in chosen])
            best = min(left, key=lambda one: self._lacks(aims, [*chosen, one]), default=None)
            if best is None or self._lacks(aims, [*chosen, best]) >= lacks:
                return None
            chosen.append(best)
        if len(chosen) <= room:
            return chosen
        return _Search(self._lacks, self._alike, aims, self._by_worth(list(among)), room).found(list(self.fixed))

    def _by_worth(self, among: Sequence[int]) -> Set:
        """The sure ones first, of each what adds most."""
        gains = self.worth.gains(self.fixed, np.array(among, np.int64))[1:]
        order = np.lexsort((-gains, ~np.isin(among, self.sure)))
        return [among[at] for at in order.tolist()]

    def _alike(self, place: int) -> tuple[str, str]:
        """Bodies that no rule tells apart."""
        return self.bodies[place].country, self.bodies[place].kind

    def _exchanged(self, chosen: Set) -> Set:
        """Puts one in the place of another as long as the set gains by it and no rule is met less."""
        chosen = list(chosen)
        for _round in range(ROUNDS):
            before = list(chosen)
            for at in range(len(self.fixed), len(chosen)):
                chosen = self._exchange(chosen, at)
            if chosen == before:
                break
        return chosen

    def _exchange(self, chosen: Set, at: int) -> Set:
        rest = [one for one in chosen if one != chosen[at]]
        left: Places = np.array([one for one in self.sure if one not in chosen], np.int64)
        gains = self.worth.gains(rest, left)[1:]
        now, needs = self.worth.of(chosen), self._needs(chosen)
        for place in np.argsort(-gains, kind="stable").tolist():
            if gains[place] <= now:
                break
            tried = [*chosen[:at], int(left[place]), *chosen[at + 1 :]]
            lacks = self._needs(tried)
            if all(lack <= needs.get(rule, 0) for rule, lack in lacks.items()):
                return tried
        return chosen


class _Search:
    """Depth-first: of bodies that no rule tells apart only the first few that could be needed are tried."""

    def __init__(
        self,
        lacks: Callable[[Sequence[int], Set], int],
        alike: Callable[[int], tuple[str, str]],
        aims: Sequence[int],
        among: Sequence[int],
        room: int,
    ) -> None:
        self._lacks, self._alike, self._aims, self._room = lacks, alike, aims, room
        self._among, self._left = among, LOOKED_AT

    def found(self, chosen: Set) -> Set | None:
        """The set with more so that nothing lacks; None where there is none, or none was found in time."""
        self._left -= 1
        lacks = self._lacks(self._aims, chosen)
        if not lacks:
            return chosen
        if self._left < 0 or len(chosen) >= self._room:
            return None
        for one in self._firsts(chosen):
            if self._lacks(self._aims, [*chosen, one]) < lacks and (done := self.found([*chosen, one])) is not None:
                return done
        return None

    def _firsts(self, chosen: Set) -> list[int]:
        """Of each sort the first that is not in yet."""
        firsts: dict[tuple[str, str], int] = {}
        for one in self._among:
            if one not in chosen:
                firsts.setdefault(self._alike(one), one)
        return list(firsts.values())
