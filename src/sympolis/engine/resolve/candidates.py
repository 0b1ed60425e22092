"""Which pairs of bodies are worth comparing: those that share a key (blocking, after Christen 2012).

A body has a key for each identifier, each place it may be named after, each name as a whole, its beginning, its
initials and its rarest words. A key that many share is worth little: of such only those next to each other by name are
compared.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from .alike import consonants
from .bodies import Prepared
from .parts import Name

_MOST_IN_BLOCK = 60
_NEIGHBOURS = 6
_RAREST = 2
_BEGINNING = 6
_LEAST_INITIALS = 3
_HALF = 32  # bits

type Pairs = npt.NDArray[np.int64]


def candidates(bodies: Sequence[Prepared]) -> Pairs:
    """int64 (n, 2): places of the bodies to be compared, each pair once, the smaller place first, in order."""
    seen = Counter(word for body in bodies for name in body.names for word in set(name.core))
    owners, hashes = array("q"), array("Q")
    for at, body in enumerate(bodies):
        keys = set(_keys(body, seen))
        owners.extend([at] * len(keys))
        hashes.extend(map(hash_of, keys))
    return _pairs(np.array(hashes, np.uint64), np.array(owners, np.int64), bodies)


def _keys(body: Prepared, seen: Counter[str]) -> Iterator[str]:
    for identifier in body.body.identifiers:
        yield f"id {identifier.casefold()}"
    for place in body.places if body.is_territorial else ():
        yield f"place {place} {' '.join(sorted(body.levels))}"
    for name in body.names:
        yield from _name_keys(name, body, seen)


def _name_keys(name: Name, body: Prepared, seen: Counter[str]) -> Iterator[str]:
    yield f"name {' '.join(sorted(name.core))}"
    yield f"joined {name.joined}"
    yield f"beginning {name.joined[:_BEGINNING]} {body.country}"
    for word in sorted(set(name.core), key=lambda one: (seen[one], one))[:_RAREST]:
        yield f"word {word} {body.country}"
    for initials in name.initials:
        if len(initials) >= _LEAST_INITIALS:
            yield f"initials {initials} {body.country}"
    if len(name.core) == 1:
        yield f"initials {name.core[0]} {body.country}"
    if body.is_territorial:
        yield f"sound {consonants(name)} {body.country}"


def hash_of(key: str) -> int:
    """64 bits of a key, the same in every process."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _pairs(hashes: npt.NDArray[np.uint64], owners: Pairs, bodies: Sequence[Prepared]) -> Pairs:
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(hashes) else np.zeros(0, int)
    sizes = np.diff(np.append(starts, len(hashes)))
    found = [np.zeros(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        blocks = owners[starts[sizes == size][:, None] + np.arange(size)]
        if size <= _MOST_IN_BLOCK:
            found.append(_as_one(*(blocks[:, side] for side in np.triu_indices(size, 1))))
        else:
            found += [_as_one(*_neighbours(held, bodies).T) for held in blocks]
    both = np.unique(np.concatenate(found))
    return np.stack([both >> _HALF, both & ((1 << _HALF) - 1)], axis=1)


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
