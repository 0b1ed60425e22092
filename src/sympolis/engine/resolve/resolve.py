"""Records into bodies: candidates, comparisons, judgement, clusters. The story of a resolution, in order.

What an earlier resolution kept is taken over for records that say what they said: only what changed is prepared and
compared again. The result is the same, row for row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .bodies import Body, Prepared, prepare
from .candidates import Pairs, candidates
from .clusters import Edge, Pair, clusters, pair
from .columns import numbers
from .gazetteer import Gazetteer
from .hashes import Hashes, mixed
from .judge import NEGATIVE, POSITIVE, Judgement, Verdict, judge
from .kept import Kept, nothing_kept
from .sketches import content_of, sketches
from .weights import Weights

_TOLD_EVERY = 20_000

type Tell = Callable[[int, int], None]
"""Called with how many pairs are compared and how many there are."""
type Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Resolution:
    """``entities``: id of a record -> id of the record that stands for its body, and how sure that is in [0, 1].

    ``unsure`` are the pairs that wait for a person, the most likely first; ``kept`` is for the next resolution, and
    ``judged`` the number of pairs that no earlier one had judged.
    """

    entities: Mapping[str, tuple[str, float]]
    unsure: tuple[Judgement, ...]
    kept: Kept
    judged: int


def _silent(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


def resolve_bodies(
    bodies: Sequence[Body],
    gazetteer: Gazetteer | None,
    decided: Mapping[Pair, Verdict] | None = None,
    least: float = POSITIVE,
    tell: Tell = _silent,
    kept: Kept | None = None,
) -> Resolution:
    """Which records are of the same body. The first record of a body in order stands for it.

    ``least`` is how sure two must be to be put together; ``decided`` is what people said of pairs; ``kept`` what a
    resolution with the same gazetteer kept.
    """
    ready = _Ready(bodies, gazetteer)
    kept = kept or nothing_kept()
    told = _sketched(ready, kept)
    weights, pairs = Weights.among(told), candidates(told)
    keys = _keys(pairs, told, weights)
    scores = kept.find_scores(keys)
    fresh = np.flatnonzero(np.isnan(scores))
    scores[fresh] = _judged(pairs[fresh], ready, weights, tell)
    ids, decided = [body.id for body in bodies], decided or {}
    likely = [Edge(left, right, score) for (left, right), score in _above(pairs, scores, scores >= least)]
    standing = _standing(clusters(told, ids, likely, decided), len(bodies))
    unsure = _unsure(pairs, scores, standing, ids, decided)
    ready.prepare([at for one in unsure for at in one])
    return Resolution(
        _entities(ids, standing, likely),
        tuple(judge(ready[left], ready[right], weights) for left, right in unsure),
        Kept.of(told, keys, scores),
        len(fresh),
    )


def judged(prepared: Sequence[Prepared]) -> list[Judgement]:
    """Every two that may be the same, sure or unsure, with the reasons: those worth comparing alone are compared."""
    told = sketches(prepared)
    weights = Weights.among(told)
    found = (judge(prepared[left], prepared[right], weights) for left, right in candidates(told).tolist())
    return [one for one in found if one.verdict != Verdict.OTHER]


class _Ready:
    """The bodies, made ready to be compared as far as they need be."""

    def __init__(self, bodies: Sequence[Body], gazetteer: Gazetteer | None) -> None:
        self.bodies = bodies
        self._gazetteer = gazetteer
        self._prepared: dict[int, Prepared] = {}

    def prepare(self, places: Sequence[int]) -> None:
        """Make these ready, all at once: names are looked up by the hundred."""
        missing = sorted({at for at in places if at not in self._prepared})
        self._prepared.update(zip(missing, prepare([self.bodies[at] for at in missing], self._gazetteer), strict=True))

    def __getitem__(self, at: int) -> Prepared:
        return self._prepared[at]


def _sketched(ready: _Ready, kept: Kept) -> pa.Table:
    """The sketches of all bodies in order; only those that nobody kept are worked out."""
    rows = kept.find_sketches(np.array([content_of(body) for body in ready.bodies], np.uint64))
    fresh = np.flatnonzero(rows < 0).tolist()
    ready.prepare(fresh)
    rows[fresh] = len(kept.sketches) + np.arange(len(fresh))
    made = sketches([ready[at] for at in fresh])
    return pa.concat_tables([kept.sketches, made]).combine_chunks().take(pa.array(rows)) if len(rows) else made


def _keys(pairs: Pairs, told: pa.Table, weights: Weights) -> Hashes:
    """What stands for all that a pair is judged by: what both say, and what their words weigh."""
    sides = mixed(numbers(told, "content"), weights.of_bodies(told))
    return mixed(sides[pairs[:, 0]], sides[pairs[:, 1]])


def _judged(pairs: Pairs, ready: _Ready, weights: Weights, tell: Tell) -> Scores:
    ready.prepare(np.unique(pairs).tolist())
    scores = np.empty(len(pairs))
    for at, (left, right) in enumerate(pairs.tolist()):
        scores[at] = judge(ready[left], ready[right], weights).score
        if at % _TOLD_EVERY == 0:
            tell(at, len(pairs))
    tell(len(pairs), len(pairs))
    return scores


def _above(pairs: Pairs, scores: Scores, chosen: npt.NDArray[np.bool_]) -> list[tuple[tuple[int, int], float]]:
    return list(zip(map(tuple, pairs[chosen].tolist()), scores[chosen].tolist(), strict=True))


def _standing(several: Sequence[Sequence[int]], count: int) -> Pairs:
    """For each record the place of the one that stands for its body."""
    found = np.arange(count)
    for members in several:
        found[list(members)] = members[0]
    return found


def _entities(ids: Sequence[str], standing: Pairs, likely: Sequence[Edge]) -> dict[str, tuple[str, float]]:
    """How sure a record is to belong where it was put: by the surest of its judgements."""
    best: dict[int, float] = {}
    for one in likely:
        for at in (one.left, one.right):
            best[at] = max(best.get(at, 0.0), one.score)
    alone = np.bincount(standing, minlength=len(ids))[standing] == 1
    return {
        key: (ids[first], 1.0 if is_alone else best.get(at, 1.0))
        for at, (key, first, is_alone) in enumerate(zip(ids, standing.tolist(), alone.tolist(), strict=True))
    }


def _unsure(
    pairs: Pairs, scores: Scores, standing: Pairs, ids: Sequence[str], decided: Mapping[Pair, Verdict]
) -> list[tuple[int, int]]:
    """The pairs that may be one and are not, one for every two bodies: the likeliest."""
    apart = standing[pairs[:, 0]] != standing[pairs[:, 1]]
    waiting: dict[Pair, tuple[float, int, int]] = {}
    for (left, right), score in _above(pairs, scores, (scores > NEGATIVE) & apart):
        key = pair(ids[standing[left]], ids[standing[right]])
        if pair(ids[left], ids[right]) in decided or key in decided:
            continue
        if key not in waiting or score > waiting[key][0]:
            waiting[key] = (score, left, right)
    ordered = sorted(waiting.values(), key=lambda one: (-one[0], ids[one[1]], ids[one[2]]))
    return [(left, right) for _, left, right in ordered]
