"""Words that mean the same in two texts, whatever languages they are in.

An encoder reads a text as a whole, and in a need told in everyday words the one that matters (*ratpenat*, *mezarlık*)
counts for little. So each word is read by itself as well: the fast encoder puts *ratpenat* and *bat* near each other,
and a text is like another where its rare words have a near one there. That is a lexicon nobody wrote: no list of words,
and nothing learnt from texts of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched, islice

import numpy as np
import numpy.typing as npt

from ..texts.e5.rarity import rarity
from ..texts.encoders import FAST, Matrix
from ..texts.similarity import background, centred
from ..texts.vectors import Vectors
from ..texts.words import STOP_WORDS, spellings

WEIGHT = 1.0
"""How many logits of likeness a unit of common words is worth. Of 384 needs in eight languages 295 found their answer
first without and 308 with it, of 384 held out 261 and 272; of the first 60 cases 46 and 47, of 40 held out 34 and 33.
With 1.6 they were 45 and 31."""

USUAL = 0.2
"""How much strangers have in common by chance, by how many words the two have: fitted to 3,600 pairs of texts cut to
three words and more, of which it leaves no trend with length. Without it long answers are thought right."""

HALFWAY = 0.4
"""What is taken off besides, so that words lift as many pairs as they lower: answers have .8 more than strangers."""

MOST_PAIRS = 10_000
"""More items than so many pairs are told by their texts alone: words are many, and comparing them takes its time."""

_MOST_WORDS = 60
_SHORTEST = 3  # letters
_NEAR = 0.4  # a cosine of two words that says something
_COMMON, _RARE = 5.0, 14.0  # rarities: below the one a word hardly counts, beyond the other no more than there
_LEAST = 0.05
_AT_ONCE = 32  # items

type Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordRows:
    """The words of items: centred vectors (w, d) and weights (w,) of all of them, and for each item which are its own;
    of an item whose words are not all known, none."""

    rows: Matrix
    weights: Matrix
    held: Sequence[Places]

    def take(self, places: Iterable[int]) -> WordRows:
        """The words of some items, in the order of ``places``."""
        return replace(self, held=[self.held[at] for at in places])


def words_of(text: str) -> list[str]:
    """The words of a text that are compared: each once, in lower case with its accents, at most sixty."""
    found = (
        written
        for folded, written in spellings(text)
        if len(written) >= _SHORTEST and folded not in STOP_WORDS and not written.isdigit()
    )
    return list(islice(dict.fromkeys(found), _MOST_WORDS))


def words_among(texts: Iterable[str]) -> list[str]:
    """All words of some texts, each once: let a background job ``Vectors.fill`` them with the fast encoder."""
    return list(dict.fromkeys(word for text in texts for word in words_of(text)))


def read_words(texts: Sequence[str], vectors: Vectors) -> WordRows | None:
    """The words of items by one text each. They are looked up, never read for it; None where nothing is known."""
    per_item = [words_of(text) for text in texts]
    every = list(dict.fromkeys(word for listed in per_item for word in listed))
    rows, known = vectors.known(every, FAST)
    place = {word: at for at, word in enumerate(every)}
    held = [np.array([place[word] for word in listed], np.int64) for listed in per_item]
    held = [own if known[own].all() else own[:0] for own in held]
    if not any(map(len, held)):
        return None
    weights = np.array([_weight(word) for word in every], np.float32)
    return WordRows(centred(rows, background(FAST, vectors)), weights, held)


def _weight(word: str) -> float:
    return max(min(rarity(word), _RARE) - _COMMON, 4 * _LEAST) / 4


def common_words(left: WordRows | None, right: WordRows | None, shape: tuple[int, int]) -> Matrix:
    """float32 (n, m), in logits: how much more two texts have in common than is usual; 0 where one is not read."""
    found = np.zeros(shape, np.float32)
    if left is None or right is None:
        return found
    lefts, rights = ([at for at, own in enumerate(side.held) if len(own)] for side in (left, right))
    for some in _parts(lefts):
        part = left.take(some)
        own, places = np.unique(np.concatenate(part.held), return_inverse=True)
        near = np.maximum(left.rows[own] @ right.rows.T - np.float32(_NEAR), 0)
        near *= left.weights[own][:, None]
        near *= right.weights
        near = near[places]
        for others in _parts(rights):
            found[np.ix_(some, others)] = _summed(near, part.held, right.take(others).held)
    return found


def _parts(places: Sequence[int]) -> Iterator[list[int]]:
    return (list(part) for part in batched(places, _AT_ONCE))


def _summed(near: Matrix, one: Sequence[Places], other: Sequence[Places]) -> Matrix:
    """What two lists of items have in common: ``near`` has a row for each word of ``one`` in turn, a column for every
    word of the other side."""
    pairs = near[:, np.concatenate(other)]
    counts, others = np.array([[len(own)] for own in one]), np.array([len(own) for own in other])
    starts, other_starts = (np.cumsum(sizes) - sizes for sizes in (counts[:, 0], others))
    forth = np.add.reduceat(np.maximum.reduceat(pairs, other_starts, axis=1), starts, axis=0) / np.sqrt(counts + 1)
    back = np.add.reduceat(np.maximum.reduceat(pairs, starts, axis=0), other_starts, axis=1) / np.sqrt(others + 1)
    usual = USUAL * (np.sqrt(counts) * np.log1p(others) + np.sqrt(others) * np.log1p(counts))
    return np.asarray(WEIGHT * ((forth + back - usual) / 2 - HALFWAY), np.float32)
