"""The best partners of each item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..model import Item, Match
from ..texts.encoders import Matrix
from ..texts.similarity import corrected
from ..texts.vectors import Vectors
from .features import compare
from .items import ItemTable, Places, Rows, facing, read_items

_AT_ONCE = 256
_ALL = 2_000
_SHORTLIST = 200


def match(
    left: Sequence[Item],
    right: Sequence[Item],
    limit: int = 20,
    *,
    vectors: Vectors,
    step: Callable[[int], None] = lambda done: None,
) -> Iterator[Match]:
    """For each left item in turn its best ``limit`` right items, best first, with every reason.

    Equal scores come in the order of ``right``. Vectors of ``vectors.encoders[0]`` are computed where they are
    missing, other encoders' only looked up. Up to 2,000 right items are all compared by every feature; of more, each
    left item is compared with the 200 whose texts are nearest to its own by all encoders. ``step`` is told how many
    left items are done.
    """
    if not left or not right or limit < 1:
        return
    done = 0
    lefts, rights = facing(read_items(left, vectors), read_items(right, vectors), vectors, by_words=True)
    for part in blocks(lefts):
        yield from best_of(part, rights, limit)
        done += len(part)
        step(done)


def blocks(lefts: ItemTable) -> Iterator[ItemTable]:
    """The left items in parts that are compared at once, in order."""
    for start in range(0, len(lefts), _AT_ONCE):
        yield lefts.take(np.arange(start, min(start + _AT_ONCE, len(lefts))))


def best_of(part: ItemTable, rights: ItemTable, limit: int) -> Iterator[Match]:
    """For each item of a part in turn its best ``limit`` right ones; the tables face each other."""
    if len(rights) <= max(_ALL, limit):
        yield from _best(part, rights, limit)
        return
    for row, near in enumerate(shortlist(part, rights, max(_SHORTLIST, limit))):
        yield from _best(part.take([row]), rights.take(near), limit)


def _best(left: ItemTable, right: ItemTable, limit: int) -> Iterator[Match]:
    """The best matches of each left item."""
    compared = compare(left, right)
    for row, scores in enumerate(compared.score):
        for column in np.argsort(-scores, kind="stable")[:limit].tolist():
            score = round(float(scores[column]), 6)
            yield Match(left.items[row].id, right.items[column].id, score, compared.explain(row, column))


def shortlist(left: ItemTable, right: ItemTable, count: int) -> list[Places]:
    """For each left item the places of the ``count`` right ones nearest to it by their texts, ascending."""
    near = np.zeros((len(left), len(right)), np.float32)
    for encoder, rows in left.rows.items():
        near += _nearness(rows, right.rows[encoder])
    best = np.argpartition(-near, count - 1, axis=1)[:, :count]
    return [np.sort(row).astype(np.int64) for row in best]


def _nearness(left: Rows, right: Rows) -> Matrix:
    """float32 (n, m): corrected cosines of the first text of each item; 0 where one is not read."""
    lefts, rights = left.rows[left.starts], right.rows[right.starts]
    near = corrected(lefts @ rights.T, left.hubs[left.starts], right.hubs[right.starts])
    near[~left.known[left.starts]] = 0
    near[:, ~right.known[right.starts]] = 0
    return near
