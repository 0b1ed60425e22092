"""Which pairs of bodies are worth comparing: those that share a key (blocking, after Christen 2012).

A body has a key for each identifier, its web site, each place it may be named after, each name as a whole, its
beginning, its rarest words and two of them together; a name of one word is looked for among the initials of others. A
key that many share is worth little: of such only those next to each other by name are compared. Of all that is found
each body keeps the few that share most with it (cardinality node pruning, after Papadakis et al. 2014), so that there
are never more than five pairs a body, however many there are.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from .alike import consonants
from .bodies import Prepared
from .parts import Name

_MOST_IN_BLOCK = 16
_NEIGHBOURS = 4
_MOST_ACROSS = 10  # pairs for each body of a block with two sides
_KEPT = 5  # pairs of a body
_RAREST, _RARE_TOGETHER = 2, 3
_BEGINNING = 6
_LEAST_INITIALS = 3
_LETTERS = 10.0  # what names written alike say, beside keys: one that a body in ten thousand has says that much
_COMPARED_AT_ONCE = 100_000
_HALF = 32  # bits

type Pairs = npt.NDArray[np.int64]
type Shares = npt.NDArray[np.float32]
type Found = tuple[Pairs, Shares]
"""Pairs of places, each as one number, and how much sharing a key with so few says of them."""


def candidates(bodies: Sequence[Prepared]) -> Pairs:
    """int64 (n, 2): places of the bodies to be compared, each pair once, the smaller place first, in order."""
    seen = Counter(word for body in bodies for name in body.names for word in set(name.core))
    sure, likely, asking, answering = _Keys(), _Keys(), _Keys(), _Keys()
    for at, body in enumerate(bodies):
        sure.add(at, (f"id {identifier.casefold()}" for identifier in body.body.identifiers))
        likely.add(at, keys_of(body, seen))
        asking.add(at, _asking(body))
        answering.add(at, _answering(body))
    always, _ = _within(sure, bodies)
    pairs, shared = _summed([_within(likely, bodies), _across(asking, answering, len(bodies))])
    kept = np.union1d(always, pairs[_nearest(pairs, shared + _LETTERS * _letters(pairs, bodies), len(bodies))])
    return np.stack(_apart(kept), axis=1)


def keys_of(body: Prepared, seen: Mapping[str, int]) -> Iterator[str]:
    """What a body may share with another; ``seen`` is how many names hold each word.

    Two of different countries are not one body, unless an identifier or a web site says so.
    """
    if body.host:
        yield f"host {body.host}"
    for place in body.places if body.is_territorial else ():
        yield f"place {place} {' '.join(sorted(body.levels))}"
    for name in body.names:
        yield from (f"{key} {body.country}" for key in _name_keys(name, seen))
        if body.is_territorial:
            yield f"sound {consonants(name)} {body.country}"


def _name_keys(name: Name, seen: Mapping[str, int]) -> Iterator[str]:
    yield from _whole(name)
    yield f"beginning {name.joined[:_BEGINNING]}"
    rarest = sorted(set(name.core), key=lambda one: (seen[one], one))
    for word in rarest[:_RAREST]:
        yield f"word {word}"
    for word, other in combinations(sorted(rarest[:_RARE_TOGETHER]), 2):
        yield f"words {word} {other}"
    yield from _shortened(name)


def _whole(name: Name) -> Iterator[str]:
    yield f"name {' '.join(sorted(name.core))}"
    yield f"joined {name.joined}"


def _asking(body: Prepared) -> Iterator[str]:
    """What may stand for a name that is said at length, or with its country."""
    for name in body.names:
        if not body.country:
            yield from _whole(name)
        if len(name.core) == 1 and len(name.core[0]) >= _LEAST_INITIALS:
            yield f"initials {name.core[0]} {body.country}"


def _answering(body: Prepared) -> Iterator[str]:
    for name in body.names:
        if body.country:
            yield from _whole(name)
        yield from (f"{key} {body.country}" for key in _shortened(name))


def _shortened(name: Name) -> Iterator[str]:
    """Initials: what a name is called in short, and what translations and errors of typing seldom change."""
    return (f"initials {initials}" for initials in name.initials if len(initials) >= _LEAST_INITIALS)


def hash_of(key: str) -> int:
    """64 bits of a key, the same in every process."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


class _Keys:
    """Hashes of keys and the places of the bodies that have them."""

    def __init__(self) -> None:
        self._owners, self._hashes = array("q"), array("Q")

    def add(self, at: int, keys: Iterable[str]) -> None:
        before = len(self._hashes)
        self._hashes.extend(map(hash_of, set(keys)))
        self._owners.extend([at] * (len(self._hashes) - before))

    def blocks(self) -> tuple[npt.NDArray[np.uint64], Pairs, Pairs, Pairs]:
        """Keys in order; where the owners of each begin, how many they are, and the owners one after another."""
        hashes, owners = np.array(self._hashes, np.uint64), np.array(self._owners, np.int64)
        order = np.lexsort((owners, hashes))
        keys, starts, sizes = np.unique(hashes[order], return_index=True, return_counts=True)
        return keys, starts, sizes, owners[order]


def _within(held: _Keys, bodies: Sequence[Prepared]) -> Found:
    """The pairs of bodies that share a key."""
    _, starts, sizes, owners = held.blocks()
    found: list[Found] = [_nothing()]
    for size in np.unique(sizes[sizes > 1]).tolist():
        blocks = owners[starts[sizes == size][:, None] + np.arange(size)]
        if size <= _MOST_IN_BLOCK:
            pairs = _as_one(*(blocks[:, side] for side in np.triu_indices(size, 1)))
        else:
            pairs = np.concatenate([_as_one(*_neighbours(block, bodies).T) for block in blocks])
        found.append((pairs, np.full(len(pairs), _says(size, len(bodies)))))
    return _summed(found)


def _across(asking: _Keys, answering: _Keys, count: int) -> Found:
    """The pairs of a body that asks for a key and one that answers to it; where too many do, it says nothing."""
    keys, starts, sizes, owners = asking.blocks()
    others, other_starts, other_sizes, other_owners = answering.blocks()
    found: list[Found] = [_nothing()]
    _, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
    for at, to in zip(here.tolist(), there.tolist(), strict=True):
        both = int(sizes[at] + other_sizes[to])
        if sizes[at] * other_sizes[to] <= _MOST_ACROSS * both:
            one = owners[starts[at] : starts[at] + sizes[at], None]
            other = other_owners[None, other_starts[to] : other_starts[to] + other_sizes[to]]
            pairs = _as_one(np.minimum(one, other), np.maximum(one, other))[(one != other).ravel()]
            found.append((pairs, np.full(len(pairs), _says(both, count))))
    return _summed(found)


def _nothing() -> Found:
    return np.zeros(0, np.int64), np.zeros(0, np.float32)


def _says(size: int, count: int) -> np.float32:
    """What a key says that so many of all share: its information."""
    return np.float32(1.0 + np.log(max(count, size) / size))


def _summed(found: Sequence[Found]) -> Found:
    """Each pair once, in order."""
    pairs, places = np.unique(np.concatenate([one for one, _ in found]), return_inverse=True)
    return pairs, np.bincount(places, np.concatenate([says for _, says in found]), len(pairs)).astype(np.float32)


def _letters(pairs: Pairs, bodies: Sequence[Prepared]) -> Shares:
    """How much of their letters the first names of two have in common, in [0, 1]: without words, but in no time."""
    written = [body.names[0].joined if body.names else "" for body in bodies]
    found = np.empty(len(pairs), np.float32)
    for start in range(0, len(pairs), _COMPARED_AT_ONCE):
        part = pairs[start : start + _COMPARED_AT_ONCE]
        sides = ([written[at] for at in side.tolist()] for side in _apart(part))
        found[start : start + len(part)] = cpdist(*sides, scorer=Indel.normalized_similarity, dtype=np.float32)
    return found


def _nearest(pairs: Pairs, near: Shares, count: int) -> npt.NDArray[np.bool_]:
    """Marks the pairs that are among the nearest of one of their two; of those as near, the first."""
    left, right = _apart(pairs)
    sides, partners = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((partners, -np.tile(near, 2), sides))
    starts = np.searchsorted(sides[order], np.arange(count))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - starts[sides[order]]
    return (rank.reshape(2, -1) < _KEPT).any(axis=0)


def _apart(pairs: Pairs) -> tuple[Pairs, Pairs]:
    return pairs >> _HALF, pairs & ((1 << _HALF) - 1)


def _as_one(left: Pairs, right: Pairs) -> Pairs:
    """Two places as one number, which is sorted in a fraction of the time."""
    return (left << _HALF | right).ravel()


def _neighbours(held: Pairs, bodies: Sequence[Prepared]) -> Pairs:
    """Each with the next few by name (sorted neighbourhood, after Hernández and Stolfo 1995)."""
    ordered = np.array(
        sorted(held.tolist(), key=lambda at: (bodies[at].country, bodies[at].names[0].joined, at)), np.int64
    )
    pairs = [np.stack([ordered[:-step], ordered[step:]], axis=1) for step in range(1, _NEIGHBOURS + 1)]
    return np.sort(np.concatenate(pairs), axis=1)
