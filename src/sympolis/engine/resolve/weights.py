"""How much a word says about which body is meant: the rarer it is among the names at hand, the more.

Weights go in steps (inverse document frequency, by half powers of two), so that a few records more leave nearly all
words as they were, and what was judged with them stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import log2
from types import MappingProxyType
from typing import Self

import numpy as np
import pyarrow as pa

from .columns import listed, words_of_names
from .hashes import Hashes, Places, hash_of, mixed
from .parts import common_words

_ENOUGH_NAMES = 200
_COMMON_WEIGHT = 0.45
_LEAST = 0.15
_NONE: Mapping[int, int] = MappingProxyType({})


class Weights:
    """The weight of a word in (0, 1]; ``seen`` is how many of all the names hold the word of a hash."""

    def __init__(self, seen: Mapping[int, int] = _NONE, names: int = 0) -> None:
        self._seen = seen
        self._most = _steps(names) if names >= _ENOUGH_NAMES else 0
        self._known: dict[str, float] = {}

    @classmethod
    def among(cls, told: pa.Table) -> Self:
        """Of the names in sketches of bodies."""
        of_names, _, words = words_of_names(told)
        each, seen = np.unique(words, return_counts=True)
        return cls(dict(zip(each.tolist(), seen.tolist(), strict=True)), len(of_names))

    def of(self, word: str) -> float:
        """The weight of a word."""
        if word not in self._known:
            self._known[word] = self._weigh(word)
        return self._known[word]

    def _weigh(self, word: str) -> float:
        usual = _COMMON_WEIGHT if word in common_words() else 1.0
        if not self._most:
            return usual
        return usual * max(_LEAST, 1.0 - _steps(self._seen.get(hash_of(word), 0)) / self._most)

    def of_bodies(self, told: pa.Table) -> Hashes:
        """For each body of the sketches what stands for the weights of all its words."""
        of_names, names, words = words_of_names(told)
        parts = [(of_names[names], words), listed(told, "spelled")]
        steps = [self._summed(owners, hashes, len(told)) for owners, hashes in parts]
        return mixed(mixed(*steps), np.full(len(told), self._most, np.uint64))

    def _summed(self, owners: Places, words: Hashes, count: int) -> Hashes:
        if not self._most:
            return np.zeros(count, np.uint64)
        each, which = np.unique(words, return_inverse=True)
        steps = [_steps(self._seen.get(word, 0)) for word in each.tolist()]
        summed = np.cumsum(np.append(np.uint64(0), mixed(words, np.array(steps, np.uint64)[which])), dtype=np.uint64)
        ends = np.searchsorted(owners, np.arange(count + 1))
        return summed[ends[1:]] - summed[ends[:-1]]


@cache
def _steps(count: int) -> int:
    return round(2 * log2(count + 1))
