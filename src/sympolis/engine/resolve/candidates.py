"""Which pairs of bodies are worth comparing: those that share a key (blocking, after Christen 2012).

A body has a key for each identifier, its web site, each place it may be named after, each name as a whole, its
beginning, its rarest words and two of them together; a name of one word is looked for among the initials of others. A
key that many share is worth little: of such only those next to each other by name are compared. Of all that is found
each body keeps the few that share most with it (cardinality node pruning, after Papadakis et al. 2014), and of those by
parts of names alone the ones that share enough of all there is to share: a larger world has more bodies with a word in
common and no more that are the same. Records that are written alike are compared with the first of them alone, which is
compared for all: dozens of records of one body would only keep each other.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from .columns import listed, numbers, words_of_names
from .hashes import Hashes, Places, hash_of, mixed

_MOST_IN_BLOCK = 16
_NEIGHBOURS = 4
_MOST_ACROSS = 10  # pairs for each body of a block with two sides
_KEPT = 5  # pairs of a body
_RAREST, _RARE_TOGETHER = 2, 3
_LETTERS = 10.0  # what names written alike say, beside keys: one that a body in ten thousand has says that much
_ENOUGH = 0.8  # share of a name's keys and of its letters, together
_COMPARED_AT_ONCE = 100_000
_HALF = 32  # bits
_LOWER = (1 << _HALF) - 1

type Pairs = npt.NDArray[np.int64]
type Shares = npt.NDArray[np.float64]
type Found = tuple[Pairs, Shares]
"""Pairs of places, each as one number, in order, and how much sharing keys with so few says of them."""


def candidates(told: pa.Table) -> Pairs:
    """int64 (n, 2): places of the bodies to be compared, each pair once, the smaller place first, in order.

    ``told`` are the sketches of the bodies.
    """
    count = len(told)
    first = _first_of_like(told)
    likes = np.flatnonzero(first != np.arange(count))
    standing = first == np.arange(count)
    ranks = _ranks(told)
    always = [_within(_Keys(*listed(told, "identifiers")), ranks), _as_one(first[likes], likes)]
    strong = _only(standing, *listed(told, "strong"))
    parts = [strong, _only(standing, *listed(told, "weak")), _only(standing, *_rare_words(told))]
    likely = _Keys(*(np.concatenate(side) for side in zip(*parts, strict=True)))
    asking, answering = (_Keys(*_only(standing, *listed(told, side))) for side in ("asking", "answering"))
    across, says = _across(asking, answering, count)
    pairs = np.union1d(_within(likely, ranks), across)
    shared, own = _shared(pairs, likely, count)
    is_strong = np.isin(pairs, np.union1d(_within(_Keys(*strong), ranks), across))
    letters = _letters(pairs, told)
    share = shared / np.maximum(_least_of_a_name(pairs, own, told), 1.0)
    shared[np.searchsorted(pairs, across)] += says
    kept = _nearest(pairs, shared + _LETTERS * letters, count) & (is_strong | (share + letters >= _ENOUGH))
    return np.stack(_apart(np.unique(np.concatenate([*always, pairs[kept]]))), axis=1)


def _first_of_like(told: pa.Table) -> Places:
    """For each body the place of the first that nothing but its identifiers tells it from, maybe its own."""
    _, firsts, which = np.unique(numbers(told, "told"), return_index=True, return_inverse=True)
    return firsts[which].astype(np.int64)


def _only(standing: npt.NDArray[np.bool_], owners: Places, keys: Hashes) -> tuple[Places, Hashes]:
    kept = standing[owners]
    return owners[kept], keys[kept]


def _ranks(told: pa.Table) -> Places:
    """Where each body stands by country and name."""
    columns = {"country": told["country"], "joined": told["joined"], "at": pa.array(np.arange(len(told)))}
    order = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    ranks = np.empty(len(told), np.int64)
    ranks[np.asarray(order)] = np.arange(len(told))
    return ranks


def _rare_words(told: pa.Table) -> tuple[Places, Hashes]:
    """Keys of the rarest words of each name, one by one and two by two, with the bodies that have them."""
    of_names, names, words = words_of_names(told)
    _, which, seen = np.unique(words, return_inverse=True, return_counts=True)
    order = np.lexsort((words, seen[which], names))
    words, names = words[order], names[order]
    place = np.arange(len(names)) - np.searchsorted(names, names)
    rarest = np.zeros((len(of_names), _RARE_TOGETHER), np.uint64)
    is_there = np.zeros(rarest.shape, bool)
    some = place < _RARE_TOGETHER
    rarest[names[some], place[some]] = words[some]
    is_there[names[some], place[some]] = True
    lands = _countries(told)[of_names]
    owners, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for at in range(_RAREST):
        there = is_there[:, at]
        owners.append(of_names[there])
        keys.append(mixed(rarest[there, at], lands[there]))
    for at, to in combinations(range(_RARE_TOGETHER), 2):
        there = is_there[:, at] & is_there[:, to]
        one, other = rarest[there, at], rarest[there, to]
        owners.append(of_names[there])
        keys.append(mixed(mixed(np.minimum(one, other), np.maximum(one, other)), lands[there]))
    return np.concatenate(owners), np.concatenate(keys)


def _countries(told: pa.Table) -> Hashes:
    coded = told["country"].combine_chunks().dictionary_encode()
    hashes = np.array([hash_of(f"country {country}") for country in coded.dictionary.to_pylist()], np.uint64)
    return hashes[np.asarray(coded.indices)] if len(hashes) else np.zeros(0, np.uint64)


class _Keys:
    """Keys and the places of the bodies that have them."""

    def __init__(self, owners: Places, hashes: Hashes) -> None:
        self.keys, which = np.unique(hashes, return_inverse=True)
        self._own = np.unique(owners << _HALF | which)
        self.sizes = np.bincount(self._own & _LOWER, minlength=len(self.keys))

    def blocks(self) -> tuple[Pairs, Pairs]:
        """Where the owners of each key begin, and the owners of one key after those of another, ascending."""
        order = np.argsort(self._own & _LOWER, kind="stable")
        return np.cumsum(self.sizes) - self.sizes, self._own[order] >> _HALF

    def by_owner(self, count: int) -> tuple[Pairs, Pairs]:
        """Keys as numbers, those of one body after those of another, ascending; where those of each of so many bodies
        begin, and where the last end."""
        return self._own & _LOWER, np.searchsorted(self._own, np.arange(count + 1) << _HALF)


def _within(held: _Keys, ranks: Places) -> Pairs:
    """The pairs of bodies that share a key; of those that many share only the next to each other."""
    starts, owners = held.blocks()
    found = [np.zeros(0, np.int64)]
    for size in np.unique(held.sizes[held.sizes > 1]).tolist():
        blocks = owners[starts[held.sizes == size][:, None] + np.arange(size)]
        if size <= _MOST_IN_BLOCK:
            found.append(_as_one(*(blocks[:, side] for side in np.triu_indices(size, 1))))
        else:
            found += [_as_one(*_neighbours(block, ranks).T) for block in blocks]
    return np.unique(np.concatenate(found))


def _across(asking: _Keys, answering: _Keys, count: int) -> Found:
    """The pairs of a body that asks for a key and one that answers to it; where too many do, it says nothing."""
    (starts, owners), (other_starts, other_owners) = asking.blocks(), answering.blocks()
    found: list[Found] = [(np.zeros(0, np.int64), np.zeros(0))]
    _, here, there = np.intersect1d(asking.keys, answering.keys, assume_unique=True, return_indices=True)
    for at, to in zip(here.tolist(), there.tolist(), strict=True):
        size, other_size = asking.sizes[at], answering.sizes[to]
        if size * other_size <= _MOST_ACROSS * (size + other_size):
            one = owners[starts[at] : starts[at] + size, None]
            other = other_owners[None, other_starts[to] : other_starts[to] + other_size]
            pairs = _as_one(np.minimum(one, other), np.maximum(one, other))[(one != other).ravel()]
            found.append((pairs, np.full(len(pairs), _says(np.array(size + other_size), count))))
    every, places = np.unique(np.concatenate([pairs for pairs, _ in found]), return_inverse=True)
    return every, np.bincount(places, np.concatenate([says for _, says in found]), len(every))


def _says(size: Pairs, count: int) -> Shares:
    """What a key says that so many of all share: its information."""
    return 1.0 + np.log(np.maximum(count, size) / size)


def _shared(pairs: Pairs, held: _Keys, count: int) -> tuple[Shares, Shares]:
    """How much the keys say that two share, those too by which they were not found; how much all say of each body."""
    keys, starts = held.by_owner(count)
    says, own = _says(held.sizes, count), np.repeat(np.arange(count), np.diff(starts)) << _HALF | keys
    found = np.empty(len(pairs))
    for first in range(0, len(pairs), _COMPARED_AT_ONCE):
        left, right = _apart(pairs[first : first + _COMPARED_AT_ONCE])
        each = starts[left + 1] - starts[left]
        pair = np.repeat(np.arange(len(left)), each)
        key = keys[np.arange(len(pair)) + np.repeat(starts[left] - (np.cumsum(each) - each), each)]
        wanted = right[pair] << _HALF | key
        is_there = own[np.minimum(np.searchsorted(own, wanted), len(own) - 1)] == wanted
        found[first : first + len(left)] = np.bincount(pair, says[key] * is_there, len(left))
    return found, np.bincount(own >> _HALF, says[keys], count)


def _least_of_a_name(pairs: Pairs, own: Shares, told: pa.Table) -> Shares:
    """How much the keys of one name say, of the body of a pair whose names say less."""
    names = np.maximum(np.asarray(told["names"].combine_chunks().value_lengths(), np.int64), 1)
    left, right = _apart(pairs)
    return np.minimum((own / names)[left], (own / names)[right])


def _letters(pairs: Pairs, told: pa.Table) -> Shares:
    """How much of their letters the first names of two have in common, in [0, 1]: without words, but in no time."""
    written = told["joined"].to_pylist()
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


def _neighbours(held: Pairs, ranks: Places) -> Pairs:
    """Each with the next few by name (sorted neighbourhood, after Hernández and Stolfo 1995)."""
    ordered = held[np.argsort(ranks[held])]
    pairs = [np.stack([ordered[:-step], ordered[step:]], axis=1) for step in range(1, _NEIGHBOURS + 1)]
    return np.sort(np.concatenate(pairs), axis=1)
