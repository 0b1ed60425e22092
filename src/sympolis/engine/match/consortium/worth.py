"""What a set is worth: themes and roles covered, how well it goes with the lead, how its places are spread.

Each part is a coverage, a sum, or a root of counts: monotone and submodular, and so is their weighted sum. So taking,
one after another, what adds most comes to at least 1 - 1/e (63 %) of the best set of that size (Nemhauser,
Wolsey and Fisher, *An analysis of approximations for maximizing submodular set functions*, 1978); nothing is promised
once a call's rules bind the choice. That one more of the same adds less is how redundancy is held down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ...model import Feature
from ..partners import NOVELTY_TAKES, USUAL_SHARE
from .records import Asked, Candidate
from .regions import region_of
from .rules import fills

type Row = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

WEIGHTS = MappingProxyType({"themes": 0.4, "with-lead": 0.2, "roles": 0.2, "places": 0.2})
"""What each part says of a set; the sum is 1. Set by hand: no consortia that were refused are published."""

TIED = 0.6
"""How well a body goes with the lead at least if the two work together already; each record halves what lacks to 1."""


TOGETHER = 0.6
"""How far the surest of a set covers a theme for the others: a second one who works on it still adds."""


def covers(records: Sequence[str]) -> float:
    """How well somebody covers a theme in [0, 1): the first record half, each further one half of what lacks."""
    return 1 - 0.5 ** len(records)


def goes_with_lead(one: Candidate, novelty: float, most_partners: int) -> float:
    """In [0, 1]. Who is tied already loses with novelty as the most usual suspects of ``partners`` do."""
    if not one.ties:
        return one.score
    usual = USUAL_SHARE * np.log1p(one.partners) / max(float(np.log1p(most_partners)), 1e-9) + (1 - USUAL_SHARE)
    tied = TIED + (1 - TIED) * (1 - 0.5**one.ties)
    return float(tied * (1 - NOVELTY_TAKES * novelty * min(usual, 1)))


class Worth:
    """The worth of sets of some bodies, the lead among them, by their places in a list."""

    def __init__(self, bodies: Sequence[Candidate], asked: Asked, size: int, novelty: float) -> None:
        most = max((one.partners for one in bodies), default=0)
        weights = np.array([one.weight for one in asked.competences])
        self._weights = weights / (weights.sum() or 1.0)
        themes = [one.theme for one in asked.competences]
        self._themes = np.array([[covers(one.works.get(code, ())) for code in themes] for one in bodies]).reshape(
            len(bodies), len(themes)
        )
        self._roles = np.array([[fills(one, role.kinds) for role in asked.roles] for one in bodies], float).reshape(
            len(bodies), len(asked.roles)
        )
        self.with_lead = np.array([goes_with_lead(one, novelty, most) for one in bodies])
        self._regions = _coded([region_of(one.country) for one in bodies])
        self._countries = _coded([one.country for one in bodies])
        self._size = max(size, 2)
        self._parts = _parts(asked)

    def of(self, chosen: Sequence[int]) -> float:
        """The worth of a set in [0, 1]; the first is the lead."""
        return float(self.gains(chosen, np.array([], np.int64))[0])

    def gains(self, chosen: Sequence[int], others: Places) -> Row:
        """float64 (1 + others,): the worth of a set, and of the same with each of the others added."""
        at = np.array(chosen, np.int64)
        both = np.concatenate([np.array([-1]), others])
        total = np.zeros(len(both))
        total += self._parts["themes"] * (self._covered(at, both) @ self._weights)
        roles = self._reached(self._roles, at, both)
        total += self._parts["roles"] * (roles.mean(axis=1) if roles.shape[1] else 0.0)
        alone = np.where(both >= 0, self.with_lead[both], 0.0)
        total += self._parts["with-lead"] * (self.with_lead[at[1:]].sum() + alone) / (self._size - 1)
        spread = (self._spread(self._regions, at, both) + self._spread(self._countries, at, both)) / (2 * self._size)
        return np.asarray(np.round(total + self._parts["places"] * spread, 9), np.float64)

    def _covered(self, chosen: Places, both: Places) -> Row:
        """(both, themes): how far the set covers each, as if whoever works on it had a chance of its own to do so."""
        left = (1 - TOGETHER * self._themes[chosen]).prod(axis=0)
        added = np.where((both >= 0)[:, None], self._themes[both], 0.0)
        return np.asarray(1 - left * (1 - TOGETHER * added), np.float64)

    def _reached(self, table: Row, chosen: Places, both: Places) -> Row:
        """(both, columns): the best of the set in each column, with each of the others."""
        best = table[chosen].max(axis=0) if len(chosen) else np.zeros(table.shape[1])
        added = np.where((both >= 0)[:, None], table[both], 0.0)
        return np.asarray(np.maximum(best, added), np.float64)

    def _spread(self, codes: Places, chosen: Places, both: Places) -> Row:
        """(both,): roots of how many are in each place, summed; a place that isn't known adds nothing."""
        counts = np.bincount(codes[chosen][codes[chosen] >= 0], minlength=int(codes.max(initial=-1)) + 2).astype(float)
        now = np.sqrt(counts).sum()
        there = np.where(both >= 0, codes[both], -1)
        more = np.where(there >= 0, np.sqrt(counts[there] + 1) - np.sqrt(counts[there]), 0.0)
        return np.asarray(now + more, np.float64)


def _parts(asked: Asked) -> Mapping[str, float]:
    """The weights, without what a call doesn't ask for: its share goes to the others."""
    said = {
        name: weight
        for name, weight in WEIGHTS.items()
        if (name != "themes" or asked.competences) and (name != "roles" or asked.roles)
    }
    total = sum(said.values())
    return {name: said.get(name, 0.0) / total for name in WEIGHTS}


def _coded(values: Sequence[str]) -> Places:
    """A number for each value, -1 where nothing is known."""
    numbers = {value: number for number, value in enumerate(sorted(set(values) - {""}))}
    return np.array([numbers.get(value, -1) for value in values], np.int64)


def tie_feature(one: Candidate, score: float) -> Feature:
    """That a body and the lead work together already."""
    return Feature("together", round(score, 4), "already-partners", {"count": one.ties})
