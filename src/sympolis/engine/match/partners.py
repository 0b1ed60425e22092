"""Whom to work with next: out of who works with whom, and of what is known about each.

From the links alone three things are compared: partners in common, chains of three links (Kovács et al., *Network-based
prediction of protein interactions*, 2019: the partners of those who chose the same partners), and a damped random walk
over the wider circle (personalised PageRank whose steps to and from bodies with very many partners count for less;
after Zhou, Lü and Zhang, *Predicting missing links via local information*, 2009). Where bodies are described, place,
size, country, language, kind, themes and name are compared as well, so that a body nobody has worked with is found.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..errors import EngineError
from ..model import Feature
from ..texts.encoders import Matrix
from .learning import weighed
from .links import Links, Numbers
from .partner_bodies import BodyComparison, PartnerBody, on_log_scale

type Mask = npt.NDArray[np.bool_]

LINK_WEIGHTS = MappingProxyType({"circle": 0.54, "chains": 0.27, "common-partners": 0.19})
"""What each comparison of links says of a pair; the sum is 1. Chosen on twin towns by mean reciprocal rank, on links
held out inside those that remained; the softmax of ``quality/partners.py --fit`` gives the circle more."""

WEIGHTS = MappingProxyType(
    {
        "near": 0.14,
        "first-there": 0.135,
        "circle": 0.115,
        "chains": 0.10,
        "common-partners": 0.08,
        "shared-themes": 0.08,
        "countries-tied": 0.07,
        "partner-beside": 0.07,
        "neighbours-ties": 0.045,
        "similar-size": 0.045,
        "same-name": 0.04,
        "around-tied": 0.03,
        "same-kind": 0.03,
        "shared-language": 0.02,
    }
)
"""The same where bodies are described. Learnt on twin towns, which have no themes and are of one kind: those two were
set by hand, and the little that a language says, which twin towns share no more often than others."""

STEPS = 9
ONWARD = 0.7
"""How far the walk goes, and how much of it goes on at each step."""

LEAVING, ARRIVING = 0.7, 0.1
"""Exponents of the number of partners by which a link counts for less when it leaves a body, and arrives at one."""

SHARED = 0.5
"""The same where chains and partners in common leave a partner of the asked one."""

FAR_SHARE = 0.77
"""How much of the circle is told on a logarithmic scale, where who is far off still counts for something."""

NOVELTY_TAKES = 0.9
"""What full novelty takes of the score of the most usual suspect: it goes to the end and is still there."""

USUAL_SHARE = 0.5
"""How far a suspect is usual by its number of partners; the rest is by how close it is already."""

_CELLS = 8_000_000  # float32 in one step of a batch of walks: some 32 MB
_MOST_AT_ONCE = 256
_NAMED = 5
_WORTH_SAYING = 0.05


@dataclass(frozen=True, slots=True)
class PartnerSuggestion:
    """One to work with next. ``score`` in [0, 1] compares the suggestions for one asked id with each other."""

    asked: str
    partner: str
    score: float
    features: tuple[Feature, ...]


def partners(
    relations: Iterable[tuple[str, str]],
    asked: Iterable[str],
    limit: int = 20,
    *,
    novelty: float = 0.0,
    bodies: Iterable[PartnerBody] = (),
    only: Container[str] | None = None,
    multipliers: Mapping[str, float] = MappingProxyType({}),
    reasons: bool = True,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[PartnerSuggestion]:
    """For each asked id in turn up to ``limit`` others to work with next, best first, without those it is linked to.

    Relations read the same from either end; asked ids are answered once each. Equal scores come in the order of the
    ids. An id with no relation gets suggestions only where it is among ``bodies``, else none: nothing speaks for any.
    ``novelty`` in [0, 1] is how much less the usual suspects count: a score is multiplied by
    ``1 - 0.9 * novelty * familiarity``, so more of it never moves a more familiar one ahead of a less familiar one.
    ``only`` are the ids that may be suggested, all where it is None; the others count for the scores all the same.
    ``multipliers`` stretch the weights of features by name, which then share the same sum: see ``learning.py``.
    ``reasons`` can be left out where only scores are wanted; ``tell`` hears how many of all are answered. Raises
    EngineError where ``novelty`` or ``limit`` is out of range, or a body is described twice.

    Time grows with links times asked ids, memory with links: 31 thousand links and 6 thousand ids take under a minute.
    """
    described = list(bodies)
    _refuse(limit, novelty, described)
    links = Links(relations, (body.id for body in described))
    wanted = [name for name in dict.fromkeys(asked) if name in links.at]
    allowed = np.array([only is None or name in only for name in links.ids], bool)
    compared = BodyComparison(links, described) if described else None
    judge = _Judge(links, compared, limit, novelty, allowed, multipliers, reasons)
    found: list[PartnerSuggestion] = []
    done = 0
    for batch in batched(wanted, _at_once(links, bool(described))):
        found += judge.best(np.array([links.at[name] for name in batch], np.int64))
        done += len(batch)
        tell(done, len(wanted))
    return found


def link_parts(links: Links, asked: Numbers) -> dict[str, Matrix]:
    """Feature -> float32 (ids, asked) in [0, 1], each compared with the best candidate of the asked one.

    Partners in common weigh by the root of their number of partners, as the first of the two bodies in the middle of a
    chain does; whoever has many partners itself is found a little less easily by all three.
    """
    degree = np.maximum(links.degree, 1).astype(np.float32)[:, None]
    open_to = open_candidates(links, asked)
    direct = _direct(links, asked)
    own = degree[asked].T
    held = degree**-ARRIVING * direct * own**-LEAVING
    circle = held.copy()
    for step in range(1, STEPS):
        held = degree**-ARRIVING * links.spread(degree**-LEAVING * held)
        circle += ONWARD**step * held
    wide = _relative(circle, open_to)
    common = links.spread(degree**-SHARED * direct)
    chains = links.spread(degree**-LEAVING * common)
    return {
        "circle": np.asarray((1 - FAR_SHARE) * wide + FAR_SHARE * on_log_scale(wide), np.float32),
        "chains": _relative(degree**-ARRIVING * chains, open_to),
        "common-partners": _relative(degree**-ARRIVING * common, open_to),
    }


def _direct(links: Links, asked: Numbers) -> Matrix:
    """float32 (ids, asked): 1 for whom an asked one is linked to."""
    direct = np.zeros((len(links), len(asked)), np.float32)
    for column, place in enumerate(asked.tolist()):
        direct[links.of(place), column] = 1
    return direct


def open_candidates(links: Links, asked: Numbers) -> Matrix:
    """float32 (ids, asked): 0 for an asked id itself and whom it is linked to, 1 for everybody else."""
    open_to = np.ones((len(links), len(asked)), np.float32)
    for column, place in enumerate(asked.tolist()):
        open_to[links.of(place), column] = 0
        open_to[place, column] = 0
    return open_to


def familiarity(links: Links, closeness: Matrix) -> Matrix:
    """float32 (ids, asked) in [0, 1]: how usual a suspect is by its number of partners, and how close already."""
    many = np.log1p(links.degree) / max(float(np.log1p(links.degree.max(initial=0))), 1e-9)
    return np.asarray(USUAL_SHARE * many[:, None] + (1 - USUAL_SHARE) * closeness, np.float32)


def _refuse(limit: int, novelty: float, described: Sequence[PartnerBody]) -> None:
    if limit < 1:
        raise EngineError(f"A limit of {limit} asks for nothing.", "Give 1 or more.")
    if not 0 <= novelty <= 1:
        raise EngineError(f"Novelty {novelty} is not between 0 and 1.", "0 is the likeliest, 1 the least usual.")
    seen: set[str] = set()
    for body in described:
        if body.id in seen:
            raise EngineError(f"Body {body.id} is described twice.", "Keep one row of it.")
        seen.add(body.id)


def _at_once(links: Links, described: bool) -> int:
    """How many are asked together, so that a batch stays in some tens of MB."""
    wide = max(links.ends, len(links) * (16 if described else 4), 1)
    return int(min(max(_CELLS // wide, 4), _MOST_AT_ONCE))


def _relative(part: Matrix, open_to: Matrix) -> Matrix:
    left = part * open_to
    return np.asarray(left / np.maximum(left.max(axis=0, initial=0), np.float32(1e-30)), np.float32)


@dataclass(frozen=True)
class _Judge:
    """Scores everybody for a batch of asked ids and keeps the best, with their reasons."""

    links: Links
    bodies: BodyComparison | None
    limit: int
    novelty: float
    allowed: Mask
    multipliers: Mapping[str, float]
    reasons: bool

    def best(self, asked: Numbers) -> Iterator[PartnerSuggestion]:
        """The suggestions for each asked one in turn."""
        parts, weights = link_parts(self.links, asked), dict(LINK_WEIGHTS)
        if self.bodies is not None:
            parts, weights = parts | self.bodies.parts(asked), dict(WEIGHTS)
        scores = self._scores(asked, parts, weighed(weights, self.multipliers) if self.multipliers else weights)
        for column, place in enumerate(asked.tolist()):
            for other in _first(scores[:, column] * self.allowed, self.limit).tolist():
                score = float(scores[other, column])
                if score <= 0:
                    break
                told = {name: round(float(parts[name][other, column]), 4) for name in weights if self.reasons}
                features = tuple(
                    self._feature(name, part, place, other) for name, part in told.items() if part >= _WORTH_SAYING
                )
                yield PartnerSuggestion(self.links.ids[place], self.links.ids[other], score, features)

    def _scores(self, asked: Numbers, parts: Mapping[str, Matrix], weights: Mapping[str, float]) -> Matrix:
        """(ids, asked): rounded, so that equal scores are equal however many are asked together."""
        total = np.zeros((len(self.links), len(asked)))
        for name, weight in weights.items():
            total += weight * parts[name]
        total *= 1 - NOVELTY_TAKES * self.novelty * familiarity(self.links, parts["common-partners"])
        return np.round(total * open_candidates(self.links, asked), 6)

    def _feature(self, name: str, score: float, place: int, other: int) -> Feature:
        if name == "common-partners":
            return Feature(name, score, "partners-in-common", _in_common(self.links, place, other))
        if name == "chains":
            return Feature(name, score, "partners-chosen-alike", _chains(self.links, place, other))
        values = {} if self.bodies is None else self.bodies.values(name, place, other)
        return Feature(name, score, "wider-circle" if name == "circle" else name, values)


def _first(scores: Matrix, limit: int) -> Numbers:
    """The best places, equal ones in order, without sorting everybody."""
    chosen = np.flatnonzero(scores > 0)
    if limit < len(chosen):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        chosen = np.flatnonzero(scores >= least)
    return np.asarray(chosen[np.argsort(-scores[chosen], kind="stable")][:limit], np.int64)


def _in_common(links: Links, place: int, other: int) -> dict[str, object]:
    """Who the partners in common are: those with the fewest partners say most and come first."""
    common = np.intersect1d(links.of(place), links.of(other), assume_unique=True)
    common = common[np.argsort(links.degree[common], kind="stable")]
    return {"partners": [links.ids[at] for at in common[:_NAMED].tolist()], "count": len(common)}


def _chains(links: Links, place: int, other: int) -> dict[str, object]:
    """A partner of the asked one and a partner of the other that are partners: those with the fewest first."""
    theirs = links.of(other)
    pairs = [
        (int(links.degree[mine] * links.degree[far]), mine, far)
        for mine in links.of(place).tolist()
        for far in np.intersect1d(links.of(mine), theirs, assume_unique=True).tolist()
        if far not in (place, mine)
    ]
    pairs.sort()
    return {"chains": [[links.ids[mine], links.ids[far]] for _, mine, far in pairs[:_NAMED]], "count": len(pairs)}
