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
import numpy.typing as npt

from ..model import LANGUAGES
from . import vocabulary
from .encoders import FAST, Matrix
from .goals import compared_texts as texts_of_goals
from .goals import tag_goals, tag_targets
from .languages import detect_language, seed_texts
from .phrases import PhraseBook
from .similarity import background, centred
from .tags import Heard, Tag, as_written
from .vectors import Vectors
from .words import is_said, telling_stems, telling_words

__all__ = [
    "Scheme",
    "Tag",
    "compared_texts",
    "concepts",
    "concepts_in",
    "generic_themes",
    "sdgs_of",
    "tag",
    "theme_labels",
    "theme_scores",
]

type Scheme = Literal["theme", "sdg", "target"]

_PHRASES = 5
_ACCEPTED = 0.55
_SHARE_OF_BEST = 0.75
_LISTED = 0.01
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


@cache
def concepts(scheme: Scheme) -> tuple[Concept, ...]:
    """What a text can be tagged with."""
    if scheme == "target":
        return tuple(
            Concept(one.code, {lang: (one.labels[lang], *one.phrases[lang]) for lang in LANGUAGES})
            for one in vocabulary.targets()
        )
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
    """What each text is about, best first, with the words that spoke for it; every concept that scored is listed.

    Of themes at most three are accepted, of goals and targets as many as the text is about. Without ``vectors`` only
    words count, and nothing is encoded.
    """
    if scheme == "sdg":
        return tag_goals(texts, vectors)
    if scheme == "target":
        return tag_targets(texts, vectors)
    return _tag_themes(texts, vectors)


def theme_scores(texts: Sequence[str], vectors: Vectors | None) -> npt.NDArray[np.float64]:
    """float64 (n, themes): the very scores of ``tag``, in the order of the concepts; 0 where it lists none."""
    scores = _scores(texts, vectors)
    return np.where(scores > _LISTED, np.round(scores, 4), 0)


def _tag_themes(texts: Sequence[str], vectors: Vectors | None) -> list[list[Tag]]:
    codes = [concept.code for concept in concepts("theme")]
    scores = _scores(texts, vectors).tolist()
    return [_accept(text, dict(zip(codes, row, strict=True))) for text, row in zip(texts, scores, strict=True)]


def _scores(texts: Sequence[str], vectors: Vectors | None) -> npt.NDArray[np.float64]:
    places = {concept.code: at for at, concept in enumerate(concepts("theme"))}
    silent = np.ones((len(texts), len(places)))  # how much is left unsaid by words
    for at, text in enumerate(texts):
        for code, count in concepts_in(text).items():
            silent[at, places[code]] = 1 - count / (count + 0.8)
    if vectors is None or not texts:
        return 1 - silent
    near = _by_vectors(texts, vectors)
    near[[not (is_said(text) and telling_words(text)) for text in texts]] = 0
    return (1 - silent.astype(np.float32) * (1 - _VECTOR_WEIGHT * near)).astype(np.float64)


def concepts_in(text: str, scheme: Scheme = "theme", language: str = "") -> Counter[str]:
    """Concept code -> how many different phrases of it the text holds; languages don't matter."""
    return Counter(code for code, _ in {(code, one.stems) for code, one in _phrases_in(text, scheme, language)})


def themes_in(text: str, language: str) -> set[str]:
    """The codes of ``concepts_in`` alone, without keeping them: of texts that are read once."""
    if not language:
        return set(concepts_in(text))
    found = _phrase_book("theme").within(telling_words(text), telling_stems(text), language)
    return {phrase.code for _, phrase in found}


@lru_cache(maxsize=8_192)
def _phrases_in(text: str, scheme: Scheme, language: str) -> tuple[tuple[str, Heard], ...]:
    held, stems = telling_words(text), telling_stems(text)
    own = language or (detect_language(text[:_HEARD_LETTERS]) if len(stems) > _TELLING else "")
    book = _phrase_book(scheme)
    return tuple(
        (phrase.code, Heard(phrase.stems, place, place + len(phrase.stems)))
        for place, phrase in book.within(held, stems, own)
    )


def _by_vectors(texts: Sequence[str], vectors: Vectors) -> Matrix:
    """float32 (n, concepts): nearness of the text's first words to the concept's own words.

    What a concept is near to in general (some are near to everything) is taken off.
    """
    firsts = [" ".join(text.split()[:_READ_WORDS]) for text in texts]
    general = background(FAST, vectors)
    concepts = centred(_concept_rows(vectors), general)
    near = centred(vectors.encode(firsts, FAST), general) @ concepts.T
    near -= (general.rows @ concepts.T).mean(axis=0)[None, :]
    return np.asarray(1 / (1 + np.exp(-(near - _MIDDLE) / _SPREAD)), np.float32)


_rows: list[Matrix] = []


def _concept_rows(vectors: Vectors) -> Matrix:
    if not _rows:
        means = [vectors.encode(phrases, FAST).mean(axis=0) for phrases in _compared_phrases()]
        _rows.append(np.array([mean / np.linalg.norm(mean) for mean in means], np.float32))
    return _rows[0]


def _compared_phrases() -> list[list[str]]:
    """A list for each theme."""
    return [[p for said in concept.phrases.values() for p in said[:_PHRASES]] for concept in concepts("theme")]


@cache
def compared_texts() -> tuple[str, ...]:
    """All that tagging compares texts with, by the fast encoder: some 2,000, for a background job to read once."""
    phrases = (phrase for phrases in _compared_phrases() for phrase in phrases)
    seeds = (text for listed in seed_texts().values() for text in listed)
    return tuple(dict.fromkeys([*seeds, *phrases, *texts_of_goals()]))


def _accept(text: str, scores: Mapping[str, float]) -> list[Tag]:
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    floor = max(_ACCEPTED, ranked[0][1] * _SHARE_OF_BEST) if ranked else 1.0
    heard: dict[str, list[Heard]] = {}
    for code, one in _phrases_in(text, "theme", ""):
        heard.setdefault(code, []).append(one)
    return [
        Tag(code, round(score, 4), score >= floor and at < _MOST_ACCEPTED, as_written(text, heard.get(code, ())))
        for at, (code, score) in enumerate(ranked)
        if score > _LISTED
    ]


@cache
def _phrase_book(scheme: Scheme) -> PhraseBook:
    return PhraseBook(
        (concept.code, language, written)
        for concept in concepts(scheme)
        for language, phrases in concept.phrases.items()
        for written in phrases
    )
