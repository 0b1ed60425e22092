"""How far an answer stands out among all that were looked at for one question, chance taken off.

Of many texts that have nothing to say to a question some are nearest to it, and the more there are the nearer: of n
values that differ by chance alone the largest lies about sqrt(2 ln n) standard deviations above their mean (Cramér,
*Mathematical methods of statistics*, 1946, on the extremes of samples). What is no further is as near as the best of
strangers would be, whatever its score; a word in common, or a subject that half the records share, is no evidence then.
"""

from __future__ import annotations

import numpy as np

from ..model import Strength
from ..texts.encoders import Matrix
from .features import strength_of

CLEAR, HARDLY = 0.5, -0.5
"""How many standard deviations beyond chance a strong answer stands at least, and a fair one. Of what was called strong
by its score alone 31 of 91 calls that 40 needs in five languages found were judged to fit and 45 to have nothing to do
with them, now 21 of 30 and 7; of 384 needs in eight languages 240 of 361 were the answer, now 166 of 174."""

_FEWEST = 8
"""Fewer say nothing of what is usual; the best of so many cannot stand out clearly either."""


def beyond_chance(alike: Matrix) -> Matrix:
    """float32 (n,): by how many standard deviations each of n answers to one question stands above what the best of n
    strangers would reach, from how alike the texts are, (n,) in [0, 1]; 0 for all of fewer than eight."""
    count = len(alike)
    if count < _FEWEST:
        return np.zeros(count, np.float32)
    share = np.clip(alike.astype(np.float64), 1e-6, 1 - 1e-6)
    logit = np.log(share / (1 - share))
    spread = max(float(logit.std()), 1e-9)
    return np.asarray((logit - logit.mean()) / spread - np.sqrt(2 * np.log(count)), np.float32)


def strength_among(score: float, beyond: float) -> Strength:
    """A score in [0, 1] as a word: strong takes that it stands out clearly, fair that it does or is as high as strong.

    Where many records answer alike none stands out, and they are not weak for it.
    """
    strength = strength_of(score)
    if strength is Strength.STRONG and beyond < CLEAR:
        return Strength.FAIR
    return Strength.WEAK if strength is Strength.FAIR and beyond < HARDLY else strength
