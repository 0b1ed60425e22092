"""The best partners of each item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..model import Item, Match
from ..texts.vectors import Vectors
from .features import compare_items

_AT_ONCE = 512


def match(left: Sequence[Item], right: Sequence[Item], limit: int = 20, *, vectors: Vectors) -> list[Match]:
    """For each left item in turn its best ``limit`` right items, best first, with every reason.

    Equal scores come in the order of ``right``. Vectors of ``vectors.encoders[0]`` are computed where they are
    missing, other encoders' only looked up.
    """
    found: list[Match] = []
    if not left or not right or limit < 1:
        return found
    for start in range(0, len(left), _AT_ONCE):
        part = left[start : start + _AT_ONCE]
        compared = compare_items(part, right, vectors)
        scores = compared.score
        for row in range(len(part)):
            for column in np.argsort(-scores[row], kind="stable")[:limit]:
                score = round(float(scores[row, column]), 6)
                at = int(column)
                found.append(Match(part[row].id, right[at].id, score, compared.explain(row, at)))
    return found
