"""Two long lists matched on a cluster: texts are read and blocks of left items compared there, as here.

What depends on all items at once (how near a text is to anything on the other side) is found on the machine that asks.
Each task names the very function that this machine would use, on the same parts, so that the rows are the same.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import batched, islice
from typing import TYPE_CHECKING

import numpy as np

from ..match.items import AT_ONCE, ItemTable, about, facing, item_texts, read_items
from ..match.rank import best_of, blocks
from ..model import Item, Match
from ..texts.encoders import FAST, Matrix
from ..texts.vectors import Vectors
from .elsewhere import shared

if TYPE_CHECKING:
    from .spark import Cluster

_KEPT = 20_000


def read_far(
    cluster: Cluster,
    texts: Sequence[str],
    encoder: str,
    vectors: Vectors,
    step: Callable[[int], None] = lambda done: None,
) -> None:
    """Let the cluster encode those of different texts that nobody has read. ``step`` is told how many are done."""
    parts = [part for every in batched(texts, AT_ONCE) if (part := vectors.unread(every, encoder))]
    done = len(texts) - sum(map(len, parts))
    for part, rows in zip(parts, _answers(cluster, encode, ((part, encoder) for part in parts)), strict=True):
        vectors.learn(part, rows, encoder)
        done += len(part)
        step(done)


def encode(texts: Sequence[str], encoder: str) -> Matrix:
    """float32 (n, d). Runs on a worker."""
    return _passing().encode(texts, encoder)


def match_far(
    cluster: Cluster,
    left: Sequence[Item],
    right: Sequence[Item],
    limit: int = 20,
    *,
    vectors: Vectors,
    step: Callable[[int], None] = lambda done: None,
) -> Iterator[Match]:
    """What ``match.match`` gives, row for row. ``vectors`` know the texts of all items (``read_far``).

    The right side is brought to each worker once, and stays in its memory. Raises AtlasError where the cluster fails.
    """
    if not left or not right or limit < 1:
        return
    one, other = (read_items(items, vectors, _about(cluster, items, vectors)) for items in (left, right))
    lefts, rights = facing(one, other, vectors, by_words=True)
    name = cluster.share(pickle.dumps(rights))
    done = 0
    tasks = ((part, name, limit) for part in blocks(lefts))
    for found, compared in _answers(cluster, match_block, tasks):
        yield from found
        done += compared
        step(done)


def match_block(part: ItemTable, rights: str, limit: int) -> tuple[list[Match], int]:
    """The best partners of some left items, and how many these are; the right side lies here under its name.

    Runs on a worker.
    """
    return list(best_of(part, shared(rights), limit)), len(part)


def read_about(items: Sequence[Item], known: Mapping[str, Matrix]) -> Matrix:
    """float32 (n, themes): see ``match.items.about``; the fast rows of the texts are known. Runs on a worker."""
    vectors = _passing()
    vectors.remember(known, FAST)
    return about(items, vectors)


def _about(cluster: Cluster, items: Sequence[Item], vectors: Vectors) -> Matrix:
    return np.concatenate(list(_answers(cluster, read_about, _with_rows(items, vectors))))


def _with_rows(items: Sequence[Item], vectors: Vectors) -> Iterator[tuple[Sequence[Item], dict[str, Matrix]]]:
    for part in batched(items, AT_ONCE):
        texts = item_texts(part)
        rows, known = vectors.known(texts, FAST)
        yield part, {texts[at]: rows[at] for at in np.flatnonzero(known).tolist()}


@lru_cache
def _passing() -> Vectors:
    return Vectors(None, limit=_KEPT)


def _answers[*A, T](cluster: Cluster, work: Callable[[*A], T], tasks: Iterable[tuple[*A]]) -> Iterator[T]:
    """The answers in order; some tasks are always on their way."""
    left = iter(tasks)
    waiting = [cluster.submit(work, *task) for task in islice(left, cluster.ahead)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [cluster.submit(work, *task) for task in islice(left, 1)]
