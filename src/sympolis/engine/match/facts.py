"""What items say of themselves beside their texts, as numbers: all pairs of two lists are compared at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..model import Item, ItemKind, Stage
from ..texts.encoders import Matrix

type Numbers = npt.NDArray[np.int64]

STANDINGS = tuple((kind, stage) for kind in ItemKind for stage in Stage)
"""Kind and stage, in the order of their codes."""

_CODES = {standing: code for code, standing in enumerate(STANDINGS)}


@dataclass(frozen=True, slots=True)
class Lists:
    """The different values of each of n items, as codes where the other side has them as well.

    ``codes`` (c,) stand one item after another, from ``starts`` (n + 1,); ``sizes`` (n,) count all values.
    """

    codes: Numbers
    starts: Numbers
    sizes: Matrix

    def take(self, places: Numbers) -> Lists:
        """Those of some items, in the order of ``places``."""
        counts = np.diff(self.starts)[places]
        starts = np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(self.starts[places] - starts[:-1], counts) + np.arange(int(starts[-1]))
        return Lists(self.codes[at], starts, self.sizes[places])

    def marks(self, among: Numbers) -> Matrix:
        """float32 (n, codes): 1 where an item has one of some sorted codes."""
        marked = np.zeros((len(self.sizes), len(among)), np.float32)
        at = np.minimum(np.searchsorted(among, self.codes), len(among) - 1)
        there = among[at] == self.codes
        marked[np.repeat(np.arange(len(marked)), np.diff(self.starts))[there], at[there]] = 1
        return marked


@dataclass(frozen=True, slots=True)
class Facts:
    """Of each item the code of its kind and stage, and its lists."""

    standing: Numbers
    sdgs: Lists
    partners: Lists
    programme: Lists
    countries: Lists

    def take(self, places: Numbers) -> Facts:
        """Those of some items, in the order of ``places``."""
        lists = (held.take(places) for held in (self.sdgs, self.partners, self.programme, self.countries))
        return Facts(self.standing[places], *lists)


def facts_of(left: Sequence[Item], right: Sequence[Item]) -> tuple[Facts, Facts]:
    """The facts of two lists of items that are to be compared, in the same codes."""
    pairs = [
        _coded(left, right, values)
        for values in (
            lambda item: item.sdgs,
            lambda item: item.partner_ids,
            lambda item: (item.programme,) if item.programme else (),
            lambda item: item.countries,
        )
    ]
    lefts, rights = zip(*pairs, strict=True)
    return Facts(_standings(left), *lefts), Facts(_standings(right), *rights)


def common(left: Lists, right: Lists) -> Matrix:
    """float32 (n, m): how many values two items share."""
    if not len(left.codes) or not len(right.codes):
        return np.zeros((len(left.sizes), len(right.sizes)), np.float32)
    among = np.unique(left.codes)
    return np.asarray(left.marks(among) @ right.marks(among).T, np.float32)


def overlap(left: Lists, right: Lists) -> Matrix:
    """float32 (n, m): how much of the shorter list is shared."""
    shared = common(left, right)
    if not shared.any():
        return shared
    return np.asarray(shared / np.maximum(np.minimum.outer(left.sizes, right.sizes), 1), np.float32)


def _standings(items: Sequence[Item]) -> Numbers:
    return np.array([_CODES[item.kind, item.stage] for item in items], np.int64)


def _coded(
    left: Sequence[Item], right: Sequence[Item], values: Callable[[Item], Sequence[object]]
) -> tuple[Lists, Lists]:
    sides = [[dict.fromkeys(values(item)) for item in items] for items in (left, right)]
    held = [dict.fromkeys(value for one in side for value in one) for side in sides]
    codes = {value: code for code, value in enumerate(value for value in held[0] if value in held[1])}
    return _lists(sides[0], codes), _lists(sides[1], codes)


def _lists(side: Sequence[dict[object, None]], codes: dict[object, int]) -> Lists:
    found = [[codes[value] for value in one if value in codes] for one in side]
    starts = np.cumsum([0, *map(len, found)]).astype(np.int64)
    every = np.array([code for one in found for code in one], np.int64)
    return Lists(every, starts, np.array([len(one) for one in side], np.float32))
