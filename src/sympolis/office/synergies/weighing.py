"""What answers somebody's words, best first in one list: the search finds it, matching weighs it.

A need of two lines is no search: its everyday words stand in many records, and names are near to them by chance. So
what the search finds is compared with the need as texts are in matching, by both encoders and the finer subjects,
calls as `sympolis calls` does, and the two say as much as each other (``engine/match/need.py``): until the office's
answers teach that one of them says more. That moves the order, never a score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sympolis.engine.match import strength_among, weights
from sympolis.engine.match.learning import lift
from sympolis.engine.match.need import NEED_WEIGHTS
from sympolis.engine.model import Hit, Query, Strength
from sympolis.office.core.queries import Reader
from sympolis.office.core.search import LONGEST_QUESTION, SearchHit, SeenHits, seen_hits, shown_hits, told_hits
from sympolis.office.synergies.answers import vectors
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import Learning, office_learning

CANDIDATES = 300
LEAST = 0.2
"""Of what is less than this nothing was worth reading in the demo, and little of what is more was not."""

EXAMPLE_LEFT = 0.8
"""What is left of the weight of an invented example, and of what nobody confirmed."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One entry of an index that answers, with its weight in [0, 1].

    ``beyond``: how far its text stands out among all that were weighed, in standard deviations beyond chance.
    ``scores``: what it was weighed by, by name of feature; ``order``: the weight as the office's answers stretch it.
    """

    hit: Hit
    score: float
    beyond: float
    scores: Mapping[str, float]
    order: float

    @property
    def strength(self) -> Strength:
        return strength_among(self.score, self.beyond)


@dataclass(frozen=True, slots=True)
class Found:
    """What answers, best first. ``seen`` knows the pages; ``query`` is what was asked; ``learning`` made the order."""

    query: Query
    seen: SeenHits
    weighed: list[Weighed]
    learning: Learning = field(default_factory=Learning)

    def shown(self, user: Reader, some: Sequence[Weighed], language: str) -> list[SearchHit]:
        """Some of them with the passage that answers, in the same order."""
        told = told_hits([one.hit for one in some], self.query)
        return shown_hits(user, self.seen, told, self.query.text, language)


def weigh(
    user: Reader, text: str, kinds: Sequence[str], *, world: bool = True, learning: Learning | None = None
) -> Found | None:
    """What the reader may see of these kinds that answers, best first; None while there is no index to ask.

    ``learning``: what the office taught, where it was read already.
    """
    text = text.replace("\x00", " ").strip()[:LONGEST_QUESTION]
    query = Query(text=text, kinds=kinds, limit=CANDIDATES)
    if not text:
        return Found(query, SeenHits([], {}), [])
    seen = seen_hits(user, query, world=world)
    if seen is None:
        return None
    learning = learning or office_learning()
    return Found(query, seen, _weighed(text, seen.hits, learning.multipliers(Subject.NEEDS)), learning)


def _weighed(text: str, hits: Sequence[Hit], multipliers: Mapping[str, float]) -> list[Weighed]:
    weighed = [
        Weighed(
            hit,
            score := round(weight * _left(hit), 6),
            round(beyond, 4),
            {name: round(max(said, 0.0), 4) for name, said in scores.items()},
            round(score * lift(scores, NEED_WEIGHTS, multipliers), 6),
        )
        for hit, (weight, beyond, scores) in zip(hits, weights(text, hits, vectors()), strict=True)
    ]
    kept = [one for one in weighed if one.score >= LEAST]
    return sorted(kept, key=lambda one: (-one.order, one.hit.document.id))


def _left(hit: Hit) -> float:
    return EXAMPLE_LEFT if hit.document.illustrative or not hit.document.confirmed else 1.0
