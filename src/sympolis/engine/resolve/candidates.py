"""Which pairs of bodies are worth comparing: those that share a key (blocking, after Christen 2012).

A body has a key for each identifier, its web site, each place it may be named after, each name as a whole, its
beginning, its rarest words and two of them together; a name of one word is looked for among the initials of others. A
key that many share is worth little: of such only those next to each other by name are compared. Of all that is found
each body keeps the few that share most with it (cardinality node pruning, after Papadakis et al. 2014), so that there
are never more than five pairs a body, however many there are. Records that are written alike are compared with the
first of them alone, which is compared for all: dozens of records of one body would only keep each other.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from .alike import consonants
from .bodies import Prepared
from .judge import ONE_BODY_ONE_VALUE
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
_LOWER = (1 << _HALF) - 1

type Pairs = npt.NDArray[np.int64]
type Shares = npt.NDArray[np.float64]
type Found = tuple[Pairs, Shares]
"""Pairs of places, each as one number, in order, and how much sharing keys with so few says of them."""


def candidates(bodies: Sequence[Prepared]) -> Pairs:
    """int64 (n, 2): places of the bodies to be compared, each pair once, the smaller place first, in order."""
    first = _first_of_like(bodies)
    likes = np.flatnonzero(first != np.arange(len(bodies)))
    seen = Counter(word for body in bodies for name in body.names for word in set(name.core))
    sure, likely, asking, answering = _Keys(), _Keys(), _Keys(), _Keys()
    for at, body in enumerate(bodies):
        sure.add(at, (f"id {identifier.casefold()}" for identifier in body.body.identifiers))
        if first[at] == at:
            likely.add(at, keys_of(body, seen))
            asking.add(at, _asking(body))
            answering.add(at, _answering(body))
    always = [_within(sure, bodies), _as_one(first[likes], likes)]
    pairs, shared = _likely(likely, asking, answering, bodies)
    near = pairs[_nearest(pairs, shared + _LETTERS * _letters(pairs, bodies), len(bodies))]
    return np.stack(_apart(np.unique(np.concatenate([*always, near]))), axis=1)


def _first_of_like(bodies: Sequence[Prepared]) -> Pairs:
    """For each body the place of the first that nothing but its identifiers tells it from, maybe its own."""
    firsts: dict[Hashable, int] = {}
    return np.array([firsts.setdefault(_told(body), at) for at, body in enumerate(bodies)], np.int64)


def _told(body: Prepared) -> Hashable:
    """All that a body is compared by, but identifiers of which one body may have several."""
    own = body.body
    names = tuple((name.words, name.core, name.forms) for name in body.names)
    schemes = frozenset((scheme, body.schemes[scheme]) for scheme in body.schemes.keys() & ONE_BODY_ONE_VALUE)
    return names, body.country, own.kind, body.host, own.latitude, own.longitude, body.initials, schemes


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

    def by_owner(self, count: int) -> tuple[Pairs, Pairs, Pairs]:
        """Keys as numbers, those of one body after those of another, ascending; where those of each of so many bodies
        begin, and where the last end; of how many bodies each key is."""
        _, numbers, sizes = np.unique(np.array(self._hashes, np.uint64), return_inverse=True, return_counts=True)
        own = np.sort(np.array(self._owners, np.int64) << _HALF | numbers)
        return own & _LOWER, np.searchsorted(own, np.arange(count + 1) << _HALF), sizes


def _likely(likely: _Keys, asking: _Keys, answering: _Keys, bodies: Sequence[Prepared]) -> Found:
    """Pairs that share a key, and how much all they share says."""
    across, says = _across(asking, answering, len(bodies))
    pairs = np.union1d(_within(likely, bodies), across)
    shared = _shared(pairs, likely, len(bodies))
    shared[np.searchsorted(pairs, across)] += says
    return pairs, shared


def _within(held: _Keys, bodies: Sequence[Prepared]) -> Pairs:
    """The pairs of bodies that share a key; of those that many share only the next to each other."""
    _, starts, sizes, owners = held.blocks()
    found = [np.zeros(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        blocks = owners[starts[sizes == size][:, None] + np.arange(size)]
        if size <= _MOST_IN_BLOCK:
            found.append(_as_one(*(blocks[:, side] for side in np.triu_indices(size, 1))))
        else:
            found += [_as_one(*_neighbours(block, bodies).T) for block in blocks]
    return np.unique(np.concatenate(found))


def _across(asking: _Keys, answering: _Keys, count: int) -> Found:
    """The pairs of a body that asks for a key and one that answers to it; where too many do, it says nothing."""
    keys, starts, sizes, owners = asking.blocks()
    others, other_starts, other_sizes, other_owners = answering.blocks()
    found: list[Found] = [(np.zeros(0, np.int64), np.zeros(0))]
    _, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
    for at, to in zip(here.tolist(), there.tolist(), strict=True):
        both = int(sizes[at] + other_sizes[to])
        if sizes[at] * other_sizes[to] <= _MOST_ACROSS * both:
            one = owners[starts[at] : starts[at] + sizes[at], None]
            other = other_owners[None, other_starts[to] : other_starts[to] + other_sizes[to]]
            pairs = _as_one(np.minimum(one, other), np.maximum(one, other))[(one != other).ravel()]
            found.append((pairs, np.full(len(pairs), _says(np.array(both), count))))
    every, places = np.unique(np.concatenate([pairs for pairs, _ in found]), return_inverse=True)
    return every, np.bincount(places, np.concatenate([says for _, says in found]), len(every))


def _says(size: Pairs, count: int) -> Shares:
    """What a key says that so many of all share: its information."""
    return 1.0 + np.log(np.maximum(count, size) / size)


def _shared(pairs: Pairs, held: _Keys, count: int) -> Shares:
    """How much the keys say that two share, those too by which they were not found."""
    keys, starts, sizes = held.by_owner(count)
    says, own = _says(sizes, count), np.repeat(np.arange(count), np.diff(starts)) << _HALF | keys
    found = np.empty(len(pairs))
    for first in range(0, len(pairs), _COMPARED_AT_ONCE):
        left, right = _apart(pairs[first : first + _COMPARED_AT_ONCE])
        each = starts[left + 1] - starts[left]
        pair = np.repeat(np.arange(len(left)), each)
        key = keys[np.arange(len(pair)) + np.repeat(starts[left] - (np.cumsum(each) - each), each)]
        wanted = right[pair] << _HALF | key
        is_there = own[np.minimum(np.searchsorted(own, wanted), len(own) - 1)] == wanted
        found[first : first + len(left)] = np.bincount(pair, says[key] * is_there, len(left))
    return found


def _letters(pairs: Pairs, bodies: Sequence[Prepared]) -> Shares:
    """How much of their letters the first names of two have in common, in [0, 1]: without words, but in no time."""
    written = [body.names[0].joined if body.names else "" for body in bodies]
    found = np.empty(len(pairs))
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
    return pairs >> _HALF, pairs & _LOWER


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
