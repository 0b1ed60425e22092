"""What a text is about, in the terms of the controlled lists (themes, goals).

A text is tagged by the synonyms it holds, in any language, and by how near its vector is to those of the concept's
own words. The lists themselves are data: see ``vocabulary``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import numpy as np

from ..model import LANGUAGES
from . import vocabulary
from .encoders import FAST, Matrix
from .languages import detect_language
from .phrases import PhraseBook
from .similarity import background, centred
from .vectors import Vectors
from .words import stem, telling_words

type Scheme = Literal["theme", "sdg"]

_PHRASES = 5
_ACCEPTED = 0.55
_SHARE_OF_BEST = 0.75
_MOST_ACCEPTED = 3
_TELLING = 3
_HEARD_LETTERS = 160
_READ_WORDS = 140  # a passage with the longest of titles before it, which an index encodes as well
_VECTOR_WEIGHT = 0.75
_MIDDLE, _SPREAD = 0.19, 0.04


@dataclass(frozen=True, slots=True)
class Concept:
    """A theme or a goal with the phrases that speak for it, by language, the label first."""

    code: str
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept considered for a text: how sure in [0, 1], and whether it is taken."""

    code: str
    score: float
    accepted: bool


@cache
def concepts(scheme: Scheme) -> tuple[Concept, ...]:
    """What a text can be tagged with."""
    listed = vocabulary.themes() if scheme == "theme" else vocabulary.sdgs()
    return tuple(
        Concept(
            str(entry.code),
            {language: (entry.labels[language], *entry.synonyms.get(language, ())) for language in LANGUAGES},
        )
        for entry in listed
    )


@cache
def generic_themes() -> frozenset[str]:
    """Themes that say little on their own: two sides that share nothing else have not found anything yet."""
    return frozenset(theme.code for theme in vocabulary.themes() if theme.generic)


def theme_labels(language: str) -> dict[str, str]:
    """Theme code -> label in a language."""
    return {theme.code: vocabulary.label("themes", theme.code, language) for theme in vocabulary.themes()}


def sdgs_of(themes: Sequence[str]) -> tuple[int, ...]:
    """The goals that themes serve first of all, ascending."""
    wanted = set(themes)
    return tuple(sorted({theme.sdgs[0] for theme in vocabulary.themes() if theme.code in wanted and theme.sdgs}))


def tag(texts: Sequence[str], scheme: Scheme, vectors: Vectors | None = None) -> list[list[Tag]]:
    """What each text is about, best first; every concept that scored is listed, at most three are accepted.

    Without ``vectors`` only synonyms count, and nothing is encoded.
    """
    by_words = [_by_words(text, scheme) for text in texts]
    nearness = _by_vectors(texts, scheme, vectors) if vectors is not None and texts else None
    codes = [concept.code for concept in concepts(scheme)]
    tagged = []
    for at, found in enumerate(by_words):
        near = dict(zip(codes, nearness[at], strict=True)) if nearness is not None else {}
        scores = {
            code: float(1 - (1 - found.get(code, 0.0)) * (1 - _VECTOR_WEIGHT * near.get(code, 0.0))) for code in codes
        }
        tagged.append(_accept(scores))
    return tagged


def concepts_in(text: str, scheme: Scheme = "theme", language: str = "") -> Counter[str]:
    """Concept code -> how many different phrases of it the text holds; languages don't matter."""
    return Counter(dict(_phrases_in(text, scheme, language)))


@lru_cache(maxsize=8_192)
def _phrases_in(text: str, scheme: Scheme, language: str) -> tuple[tuple[str, int], ...]:
    held = telling_words(text)
    stems = [stem(word) for word in held]
    own = language or (detect_language(text[:_HEARD_LETTERS]) if len(stems) > _TELLING else "")
    book = _phrase_book(scheme)
    seen = {(phrase.code, phrase.stems) for phrase in book.within(held, stems, own)}
    return tuple(Counter(code for code, _ in seen).items())


def _by_words(text: str, scheme: Scheme) -> dict[str, float]:
    return {code: count / (count + 0.8) for code, count in concepts_in(text, scheme).items()}


def _by_vectors(texts: Sequence[str], scheme: Scheme, vectors: Vectors) -> Matrix:
    """float32 (n, concepts): nearness of the text's first words to the concept's own words.

    What a concept is near to in general (some are near to everything) is taken off.
    """
    firsts = [" ".join(text.split()[:_READ_WORDS]) for text in texts]
    general = background(FAST, vectors)
    concepts = centred(_concept_rows(scheme, vectors), general)
    near = centred(vectors.encode(firsts, FAST), general) @ concepts.T
    near -= (general.rows @ concepts.T).mean(axis=0)[None, :]
    return np.asarray(1 / (1 + np.exp(-(near - _MIDDLE) / _SPREAD)), np.float32)


_rows: dict[str, Matrix] = {}


def _concept_rows(scheme: Scheme, vectors: Vectors) -> Matrix:
    if scheme not in _rows:
        means = [
            vectors.encode([p for said in concept.phrases.values() for p in said[:_PHRASES]], FAST).mean(axis=0)
            for concept in concepts(scheme)
        ]
        _rows[scheme] = np.array([mean / np.linalg.norm(mean) for mean in means], np.float32)
    return _rows[scheme]


def _accept(scores: Mapping[str, float]) -> list[Tag]:
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    floor = max(_ACCEPTED, ranked[0][1] * _SHARE_OF_BEST) if ranked else 1.0
    return [
        Tag(code, round(score, 4), score >= floor and at < _MOST_ACCEPTED)
        for at, (code, score) in enumerate(ranked)
        if score > 0.01
    ]


@cache
def _phrase_book(scheme: Scheme) -> PhraseBook:
    return PhraseBook(
        (concept.code, language, written)
        for concept in concepts(scheme)
        for language, phrases in concept.phrases.items()
        for written in phrases
    )
