"""Records into bodies: candidates, comparisons, judgement, clusters. The story of a resolution, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .alike import Weights
from .bodies import Body, Prepared, prepare
from .candidates import candidates
from .clusters import Pair, clusters
from .gazetteer import Gazetteer
from .judge import POSITIVE, Judgement, Verdict, judge

_TOLD_EVERY = 20_000


@dataclass(frozen=True, slots=True)
class Resolution:
    """``entities``: id of a record -> id of the record that stands for its body, and how sure that is in [0, 1].

    ``unsure`` are the pairs that wait for a person, the most likely first.
    """

    entities: Mapping[str, tuple[str, float]]
    unsure: tuple[Judgement, ...]


def resolve_bodies(
    bodies: Sequence[Body],
    gazetteer: Gazetteer | None,
    decided: Mapping[Pair, Verdict] | None = None,
    least: float = POSITIVE,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Resolution:
    """Which records are of the same body. The first record of a body in order stands for it.

    ``least`` is how sure two must be to be put together; ``decided`` is what people said of pairs.
    """
    prepared = prepare(bodies, gazetteer)
    judgements = judged(prepared, tell)
    held = clusters(prepared, judgements, least, decided or {})
    entities: dict[str, tuple[str, float]] = {}
    scores = _scores(judgements, least)
    for members in held:
        first = bodies[members[0]].id
        for at in members:
            entities[bodies[at].id] = (first, scores.get(bodies[at].id, 1.0) if len(members) > 1 else 1.0)
    return Resolution(entities, _unsure(judgements, entities, decided or {}))


def judged(
    prepared: Sequence[Prepared], tell: Callable[[int, int], None] = lambda done, total: None
) -> list[Judgement]:
    """Every two that may be the same, sure or unsure, with the reasons: those worth comparing alone are compared."""
    weights = Weights(name for body in prepared for name in body.names)
    pairs = candidates(prepared)
    found = []
    for at, (left, right) in enumerate(pairs.tolist()):
        one = judge(prepared[left], prepared[right], weights)
        if one.verdict != Verdict.OTHER:
            found.append(one)
        if at % _TOLD_EVERY == 0:
            tell(at, len(pairs))
    tell(len(pairs), len(pairs))
    return found


def _scores(judgements: Sequence[Judgement], least: float) -> dict[str, float]:
    """How sure a record is to belong where it was put: by the surest of its judgements."""
    best: dict[str, float] = {}
    for one in judgements:
        if one.score >= least:
            for key in (one.left, one.right):
                best[key] = max(best.get(key, 0.0), one.score)
    return best


def _unsure(
    judgements: Sequence[Judgement], entities: Mapping[str, tuple[str, float]], decided: Mapping[Pair, Verdict]
) -> tuple[Judgement, ...]:
    waiting: dict[Pair, Judgement] = {}
    for one in judgements:
        left, right = entities[one.left][0], entities[one.right][0]
        key = (min(left, right), max(left, right))
        if left == right or (min(one.left, one.right), max(one.left, one.right)) in decided or key in decided:
            continue
        if key not in waiting or one.score > waiting[key].score:
            waiting[key] = one
    return tuple(sorted(waiting.values(), key=lambda one: (-one.score, one.left, one.right)))
