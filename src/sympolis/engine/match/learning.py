"""What people's answers to suggestions teach about the features of a ranking: one bounded multiplier for each.

A suggestion's score is the sum of its features' shares; a multiplier stretches the share of one feature. Multipliers
are the mode of a logistic regression with a Gaussian prior around 1, which is ridge regression's penalty on every step
away from the shipped weights (Hastie, Tibshirani and Friedman, *The Elements of Statistical Learning*, 2nd edition,
sections 4.4 and 3.4.1), within fixed bounds. The bounds are positive: no feature ever changes its sign. How often
people say yes, and how far they go by the score at all, are left free: neither says anything of one feature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..errors import EngineError
from ..model import CallFit, Feature, Synergy
from .choice import choose
from .features import TOPIC_THEMES
from .features import WEIGHTS as FEATURE_WEIGHTS

LEAST, MOST = 0.5, 2.0
"""What a multiplier can be."""

STEEPNESS = 10.0
"""Logits that a difference of 1 in the score is worth."""

RELUCTANCE = 80.0
"""Precision of the prior, which is 1 / its variance: three answers move no multiplier by more than a fortieth or so.

Officers who agree with twin towns held out, as the shipped weights do, hardly worsen them for other towns: by ten of
them with a thousand answers each MRR goes from .0988 to .0986, by the worst of them by .0009; half as reluctant to
.0984 and .0016.
"""

SPOKE = 0.3
"""From this score on a feature is counted as having spoken for a suggestion."""

NEWEST = 1_000
"""Of more answers the newest count: what an office wants changes, and a page waits for what is learnt."""

CALL_WEIGHTS = MappingProxyType({"text": 1 - TOPIC_THEMES[2], "themes": TOPIC_THEMES[2]})
"""What a call that fits is ranked by: what it is about, told by its texts and by the themes of both."""

SYNERGY_WEIGHTS = MappingProxyType(
    {name: FEATURE_WEIGHTS["topic"] * share for name, share in CALL_WEIGHTS.items()}
    | {name: weight for name, weight in FEATURE_WEIGHTS.items() if name != "topic"}
)
"""The same of two entries of a way to work together, with what else is compared of them."""

_FREE = 1e-6  # precision of what is left all but free: enough to solve by
_PARTS = 60
_STEPS, _ENOUGH = 50, 1e-10

type Row = npt.NDArray[np.float64]


class Answer(StrEnum):
    """What somebody said to a suggestion. Later is neither for nor against it."""

    YES = "yes"
    NO = "no"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Answered:
    """A suggestion as it stood when somebody answered it: its features and their scores in [0, 1].

    ``score`` is what it was ranked by where that is no weighted sum of the features; None where it is.
    """

    features: Mapping[str, float]
    answer: Answer
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """Weights as shipped and as they are now, the sum of either is 1, and what that rests on.

    ``answers`` counts yes and no; ``spoke_for`` and ``spoke_against`` how many suggestions with the feature were
    answered yes and no. ``shipped_order`` and ``learnt_order`` are how often a yes stood before a no, each answered
    suggestion ranked by what the others teach; None where there is not a yes and a no. Where the learnt one is lower,
    ``is_used`` is false, the multipliers are 1 and the weights those shipped.
    """

    shipped: Mapping[str, float]
    multipliers: Mapping[str, float]
    spoke_for: Mapping[str, int]
    spoke_against: Mapping[str, int]
    answers: int = 0
    shipped_order: float | None = None
    learnt_order: float | None = None
    is_used: bool = False

    @property
    def now(self) -> dict[str, float]:
        """The weights that are ranked by."""
        return weighed(self.shipped, self.multipliers)


def learn(answered: Sequence[Answered], shipped: Mapping[str, float]) -> Learnt:
    """What answers, the newest last, teach about weights: the same answers teach the same.

    ``shipped`` are positive weights by feature; what an answer says of other features is left aside, and so are answers
    none of whose features has a weight. Multipliers are used where, each suggestion left out in turn (of more than
    sixty a sixtieth), they put answered suggestions in at least as good an order as the shipped weights do. Raises
    EngineError where a weight is not positive.
    """
    if wrong := [name for name, weight in shipped.items() if not weight > 0]:
        raise EngineError(f"The weight of {wrong[0]} is not above 0.", "Leave out what has no weight.")
    counted = [one for one in answered if one.answer is not Answer.LATER and _told(one, shipped) > 0][-NEWEST:]
    yes = np.array([one.answer is Answer.YES for one in counted], bool)
    untaught = Learnt(
        shipped=dict(shipped),
        multipliers=dict.fromkeys(shipped, 1.0),
        spoke_for=_spoken(counted, shipped, Answer.YES),
        spoke_against=_spoken(counted, shipped, Answer.NO),
        answers=len(counted),
    )
    if not yes.any() or yes.all():
        return untaught
    shares = np.array([_shares(one, shipped) for one in counted])
    before, after = ordered(shares.sum(axis=1), yes), ordered(_left_out(shares, yes), yes)
    compared = replace(untaught, shipped_order=before, learnt_order=after)
    if after < before:
        return compared
    steps = np.round(_fit(shares, yes), 6).tolist()
    multipliers = {name: 1 + step for name, step in zip(shipped, steps, strict=True)}
    return replace(compared, multipliers=multipliers, is_used=any(steps))


def weighed(shipped: Mapping[str, float], multipliers: Mapping[str, float]) -> dict[str, float]:
    """Weights times their multipliers (1 where there is none), with the sum they had."""
    told = {name: weight * multipliers.get(name, 1.0) for name, weight in shipped.items()}
    whole = sum(shipped.values()) / (sum(told.values()) or 1.0)
    return {name: weight * whole for name, weight in told.items()}


def lift(features: Mapping[str, float], shipped: Mapping[str, float], multipliers: Mapping[str, float]) -> float:
    """What a score is multiplied by, within the bounds: the mean multiplier of the features that speak for it.

    1 where no feature with a weight speaks.
    """
    told = {name: weight * features.get(name, 0.0) for name, weight in shipped.items()}
    whole = sum(told.values())
    return sum(part * multipliers.get(name, 1.0) for name, part in told.items()) / whole if whole > 0 else 1.0


def synergies_as_learnt(found: Sequence[Synergy], multipliers: Mapping[str, float]) -> list[Synergy]:
    """Ways to work together in the order of their lifted scores, chosen so that the first ones differ.

    Each is as it was, its score and strength too: they say what speaks for it, the order also what an office wants.
    """
    if not any(one != 1 for one in multipliers.values()):
        return list(found)
    lifted = [replace(one, score=_lifted(one, SYNERGY_WEIGHTS, multipliers)) for one in found]
    by_id = {one.id: one for one in found}
    return [by_id[one.id] for one in choose(sorted(lifted, key=lambda one: (-one.score, one.id)), len(lifted))]


def calls_as_learnt(found: Sequence[CallFit], multipliers: Mapping[str, float]) -> list[CallFit]:
    """Calls in the order of their lifted scores, each as it was."""
    if not any(one != 1 for one in multipliers.values()):
        return list(found)
    return sorted(found, key=lambda fit: (-_lifted(fit, CALL_WEIGHTS, multipliers), fit.call.id))


def _lifted(one: Synergy | CallFit, shipped: Mapping[str, float], multipliers: Mapping[str, float]) -> float:
    return one.score * lift(scores_by_name(one.features), shipped, multipliers)


def scores_by_name(features: Iterable[Feature]) -> dict[str, float]:
    """Features -> score by name: texts compared in several ways are one, and of several of a name the best counts."""
    found: dict[str, float] = {}
    for feature in features:
        name = "text" if feature.name.startswith("text-") else feature.name
        found[name] = max(found.get(name, 0.0), round(float(feature.score), 4))
    return found


def ordered(scores: Row, yes: npt.NDArray[np.bool_]) -> float:
    """How often what got a yes stands before what got a no (area under the ROC curve); a tie is half."""
    ahead = np.round(scores[yes][:, None] - scores[~yes][None, :], 9)
    return float(np.mean((ahead > 0) + 0.5 * (ahead == 0)))


def _spoken(answered: Iterable[Answered], names: Iterable[str], answer: Answer) -> dict[str, int]:
    """Feature -> how many suggestions of which it spoke got the answer."""
    told = [one.features for one in answered if one.answer is answer]
    return {name: sum(features.get(name, 0.0) >= SPOKE for features in told) for name in names}


def _told(one: Answered, shipped: Mapping[str, float]) -> float:
    return sum(weight * one.features.get(name, 0.0) for name, weight in shipped.items())


def _shares(one: Answered, shipped: Mapping[str, float]) -> list[float]:
    """What each feature has of the score: their sum is the score."""
    told = _told(one, shipped)
    part = 1.0 if one.score is None else one.score / told
    return [part * weight * one.features.get(name, 0.0) for name, weight in shipped.items()]


def _left_out(shares: Row, yes: npt.NDArray[np.bool_]) -> Row:
    """float64 (answers,): each one's score by what the others teach. Answers on one suggestion go together."""
    _, places = np.unique(shares, axis=0, return_inverse=True)
    part_of = places.reshape(-1) % _PARTS
    scores = np.zeros(len(yes))
    for part in np.unique(part_of):
        out = part_of == part
        scores[out] = shares[out] @ (1 + _fit(shares[~out], yes[~out]))
    return scores


def _fit(shares: Row, yes: npt.NDArray[np.bool_]) -> Row:
    """float64 (features,): the steps of the multipliers away from 1, by Newton's method inside the bounds.

    The function has one minimum. Steps held at a bound are left aside while the slope presses them against it
    (Bertsekas, *Projected Newton methods for optimization problems with simple constraints*, 1982).
    """
    size = shares.shape[1]
    if not yes.any() or yes.all():
        return np.zeros(size)
    centred = shares - shares.mean(axis=0)
    given = STEEPNESS * centred.sum(axis=1)  # the shipped score; who answers by other things goes by less of it
    told = np.column_stack([STEEPNESS * centred, given, np.ones(len(yes))])
    prior = np.append(np.full(size, RELUCTANCE), [_FREE, _FREE])
    least = np.append(np.full(size, LEAST - 1), [-1.0, -np.inf])
    most = np.append(np.full(size, MOST - 1), [0.0, np.inf])

    def cost(at: Row) -> float:
        logits = given + told @ at
        return float(np.sum(np.logaddexp(0, logits)) - logits @ yes + 0.5 * prior @ at**2)

    at = np.zeros(size + 2)
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-(given + told @ at)))
        slope = told.T @ (share - yes) + prior * at
        free = ~(((at <= least) & (slope > 0)) | ((at >= most) & (slope < 0)))
        bend = (told[:, free] * (share * (1 - share))[:, None]).T @ told[:, free] + np.diag(prior[free])
        step = np.zeros(size + 2)
        step[free] = np.linalg.solve(bend, slope[free])
        held_at, far = cost(at), 1.0
        while cost(np.clip(at - far * step, least, most)) > held_at and far > 1e-6:
            far /= 2
        moved = np.clip(at - far * step, least, most)
        if np.abs(moved - at).max() < _ENOUGH or far <= 1e-6:
            break
        at = moved
    return at[:size]
