"""Names as arrays that are searched where they lie: in memory, or in files that are mapped into it.

Of millions of names only a few are compared letter by letter. Which ones is told by 64 bits for each name and for each
word: a bit for every pair of letters that stand together, so that counting common bits says how much two have in
common (Dice 1945, on a Bloom filter after Schnell, Bachteler and Reiher 2009).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from ..texts.words import fold, words

_LONGEST = 120
_LIKE_ONE = 60  # names like the whole, words like a word
_LIKE_WORDS = 240
_COMPARED, _COMPARED_WORDS = 2_000, 500  # names, words of which the letters are compared
_MOST_PARTS = 6
_LIKE_A_WORD = 0.8
_MOST_BEARERS = 30_000  # of a word
EMPTY_WORDS = frozenset(
    words(
        "of the de del la el les los las le du des d l da do di i y e et and al area city ciudad ciutat ville comune "
        "metropolitan metropolitana metropolitaine ajuntament ayuntamiento mairie municipality municipi"
    )
)

type Integers = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int32]
type Bits = npt.NDArray[np.uint64]
type Bytes = npt.NDArray[np.uint8]
type WrittenName = tuple[str, str, tuple[int, ...]]
"""A name as it is written, in Latin letters, and the hashes it is known by."""


@lru_cache(maxsize=100_000)
def latin(text: str) -> str:
    """A name folded and written in Latin letters, its words separated by one space: ``مونبلييه`` -> ``mwnblyyh``."""
    return " ".join(word for part in words(text[:_LONGEST]) for word in words(anyascii(part)))


def written_names(
    names: Iterable[str], also: Callable[[str], Iterable[str]] = lambda name: ()
) -> Iterator[WrittenName]:
    """Different names with what they are found by, and ``also`` by; those that say nothing are left out."""
    for name in dict.fromkeys(name for name in names if name.strip()):
        key = latin(name)
        yield name, key, tuple({_hash(form) for form in (fold(name).strip(), key, *also(name))})


def _hash(form: str) -> int:
    return int.from_bytes(hashlib.blake2b(form.encode("utf-8", "replace"), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Strings:
    """Many strings as one run of bytes; string ``at`` lies between two of the (n + 1) ``ends``."""

    letters: Bytes
    ends: Integers

    @classmethod
    def of(cls, strings: Sequence[str]) -> Self:
        """Strings in order."""
        encoded = [string.encode("utf-8", "replace") for string in strings]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: int) -> str:
        return self.some([at])[0]

    def some(self, places: Sequence[int]) -> list[str]:
        """The strings at some places."""
        letters = memoryview(self.letters)
        chosen = np.array(places, np.int64)
        ends = zip(self.ends[chosen].tolist(), self.ends[chosen + 1].tolist(), strict=True)
        return [str(letters[first:last], "utf-8", "replace") for first, last in ends]

    def pairs(self) -> Bits:
        """uint64 (n,): a bit for each pair of letters of a string, the space before it counting as one."""
        if not len(self):
            return np.zeros(0, np.uint64)
        before = np.concatenate([np.full(1, 32, np.uint8), self.letters[:-1]])
        starts = self.ends[:-1][np.diff(self.ends) > 0]
        before[starts] = 32
        mixed = (before.astype(np.uint32) * 31 + self.letters) * np.uint32(0x9E3779B1)
        bits = np.uint64(1) << (mixed >> np.uint32(26)).astype(np.uint64)
        found = np.zeros(len(self), np.uint64)
        found[np.diff(self.ends) > 0] = np.bitwise_or.reduceat(bits, starts) if len(starts) else 0
        return found


@dataclass(frozen=True, slots=True)
class NameTable:
    """Names with their owners (places of them, n), in order of owner, and what finds them.

    ``hashes`` (ascending) and ``hashed`` are exact forms and the names they belong to; ``bearers`` are the names that
    hold word ``at``, between two of ``word_ends``.
    """

    owners: Small
    written: Strings
    keys: Strings
    pairs: Bits
    hashes: Bits
    hashed: Small
    words: Strings
    word_pairs: Bits
    bearers: Small
    word_ends: Integers

    @classmethod
    def of(cls, owners: Sequence[int] | Small, names: Sequence[WrittenName]) -> Self:
        """Names, each with the place of its owner; the owners ascending."""
        keys = Strings.of([key for _, key, _ in names])
        hashes = np.array([one for _, _, forms in names for one in forms], np.uint64)
        hashed = np.repeat(np.arange(len(names), dtype=np.int32), [len(forms) for _, _, forms in names])
        order = np.argsort(hashes, kind="stable")
        vocabulary, bearers, word_ends = _words_of(names)
        return cls(
            np.asarray(owners, np.int32),
            Strings.of([name for name, _, _ in names]),
            keys,
            keys.pairs(),
            hashes[order],
            hashed[order],
            vocabulary,
            vocabulary.pairs(),
            bearers,
            word_ends,
        )

    def __len__(self) -> int:
        return len(self.owners)

    def names(self) -> Iterator[WrittenName]:
        """All names in order, as they were given."""
        forms: list[list[int]] = [[] for _ in range(len(self))]
        for at, value in zip(self.hashed.tolist(), self.hashes.tolist(), strict=True):
            forms[at].append(value)
        every = range(len(self))
        for written, key, held in zip(self.written.some(every), self.keys.some(every), forms, strict=True):
            yield written, key, tuple(held)

    def same(self, query: str, key: str) -> set[int]:
        """The names that are written just so, or would be in Latin letters."""
        found: set[int] = set()
        for form in {fold(query).strip(), key}:
            value = np.uint64(_hash(form))
            first, last = np.searchsorted(self.hashes, value, "left"), np.searchsorted(self.hashes, value, "right")
            found.update(self.hashed[first:last].tolist())
        return found

    def candidates(self, key: str) -> set[int]:
        """Names like the whole of a key, and names that hold words like its words."""
        found = {at for at, _ in _likest(key, self.keys, self.pairs, _COMPARED)}
        parts = [part for part in key.split() if part not in EMPTY_WORDS and len(part) > 2] or [key]
        names, weights = [np.zeros(0, np.int32)], [np.zeros(0)]
        for part in parts[:_MOST_PARTS]:
            likest = _likest(part, self.words, self.word_pairs, _COMPARED_WORDS)
            held = [self._bearing(at, near) for at, near in likest]
            names += [some for some, _ in held]
            weights += [weight for _, weight in held]
        return found | set(_heaviest(np.concatenate(names), np.concatenate(weights)))

    def _bearing(self, word: int, near: float) -> tuple[Small, npt.NDArray[np.float64]]:
        """The names that hold a word, and what that says: more where few do."""
        if near < _LIKE_A_WORD:
            return np.zeros(0, np.int32), np.zeros(0)
        first, last = int(self.word_ends[word]), int(self.word_ends[word + 1])
        held = self.bearers[first : min(last, first + _MOST_BEARERS)]
        return held, np.full(len(held), near * (1 + np.log(len(self) / (last - first))))

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder, a file for each."""
        for name, array in self._arrays():
            np.save(folder / f"{name}.npy", array)

    def _arrays(self) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
        for one in fields(self):
            held = getattr(self, one.name)
            if isinstance(held, Strings):
                yield f"{one.name}.letters", held.letters
                yield f"{one.name}.ends", held.ends
            else:
                yield one.name, held

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The arrays of a folder, mapped into memory. Raises FileNotFoundError where one is missing."""

        def load(name: str) -> npt.NDArray[np.generic]:
            return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))  # slices of a bare array are cheaper

        strings = {"written", "keys", "words"}
        return cls(
            **{
                one.name: Strings(load(f"{one.name}.letters"), load(f"{one.name}.ends"))  # type: ignore[arg-type]  # as saved
                if one.name in strings
                else load(one.name)
                for one in fields(cls)
            }
        )


def _words_of(names: Sequence[WrittenName]) -> tuple[Strings, Small, Integers]:
    """The telling words of names in order of the alphabet, the names that hold each, and where these end."""
    places: dict[str, int] = {}
    pairs = [
        (places.setdefault(word, len(places)), at)
        for at, (_, key, _) in enumerate(names)
        for word in dict.fromkeys(key.split())
        if word not in EMPTY_WORDS
    ]
    listed = sorted(places)
    ranks = np.empty(len(places), np.int64)
    ranks[[places[word] for word in listed]] = np.arange(len(places))
    both = np.array(pairs, np.int64).reshape(-1, 2)
    held = ranks[both[:, 0]]
    order = np.argsort(held, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(held, minlength=len(places)))]).astype(np.int64)
    return Strings.of(listed), both[order, 1].astype(np.int32), ends


def _likest(asked: str, among: Strings, pairs: Bits, compared: int) -> list[tuple[int, float]]:
    """Places of the strings most like one, with how like they are; only so many are compared letter by letter."""
    places = _sharing(asked, pairs, compared)
    scores = process.cdist([asked], among.some(places), scorer=JaroWinkler.similarity, dtype=np.float32)[0]
    best = np.argsort(-scores, kind="stable")[:_LIKE_ONE]
    return [(places[at], float(scores[at])) for at in best.tolist()]


def _sharing(asked: str, pairs: Bits, most: int) -> list[int]:
    """Places of those that share most pairs of letters with a string, ascending."""
    if len(pairs) <= most:
        return list(range(len(pairs)))
    own = Strings.of([asked]).pairs()[0]
    common = np.bitwise_count(pairs & own).astype(np.float32)
    common /= np.bitwise_count(pairs) + np.float32(np.bitwise_count(own))
    best: list[int] = np.sort(np.argpartition(-common, most)[:most]).tolist()
    return best


def _heaviest(names: Small, weights: npt.NDArray[np.float64]) -> list[int]:
    """The names with the most weight."""
    if not len(names):
        return []
    held, at = np.unique(names, return_inverse=True)
    total = np.bincount(at, weights)
    best: list[int] = held[np.argsort(-total, kind="stable")[:_LIKE_WORDS]].tolist()
    return best
