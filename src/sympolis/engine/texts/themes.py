"""The controlled lists (themes, goals, kinds, relation types) and what a text is about in their terms.

The lists are data, in ``vocabulary/*.yaml``. A text is tagged by the synonyms it holds, in any language, and by how
near its vector is to those of the concept's own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import yaml

from ..model import LANGUAGES
from .encoders import FAST, Matrix
from .languages import detect_language
from .similarity import background, centred
from .vectors import Vectors
from .words import passages, terms

type Scheme = Literal["theme", "sdg"]

_WORDS_OF_A_CONCEPT = 4
_ACCEPTED = 0.55
_SHARE_OF_BEST = 0.75
_MOST_ACCEPTED = 3
_TELLING = 3
_VECTOR_WEIGHT = 0.75
_MIDDLE, _SPREAD = 0.19, 0.04


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a controlled list: labels and synonyms by language."""

    code: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    icon: str = ""
    sdgs: tuple[int, ...] = ()
    generic: bool = False

    def phrases(self, most: int | None = None) -> list[str]:
        """Label and synonyms, language by language; ``most`` synonyms of each."""
        return [
            phrase
            for language in LANGUAGES
            for phrase in (self.labels.get(language, ""), *self.synonyms.get(language, ())[:most])
            if phrase
        ]


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept considered for a text: how sure in [0, 1], and whether it is taken."""

    code: str
    score: float
    accepted: bool


class Vocabulary:
    """The four lists, each read at its first use, in its own order."""

    @property
    def themes(self) -> tuple[Concept, ...]:
        """The subjects of urban action."""
        return _read("themes")

    @property
    def sdgs(self) -> tuple[Concept, ...]:
        """The seventeen goals."""
        return _read("sdgs")

    @property
    def kinds(self) -> tuple[Concept, ...]:
        """What an organisation can be."""
        return _read("kinds")

    @property
    def relation_types(self) -> tuple[Concept, ...]:
        """What one organisation can be to another."""
        return _read("relation_types")

    def theme_labels(self, language: str) -> dict[str, str]:
        """Theme code -> label in a language, in English where that one is missing."""
        return _labels(self.themes, language)

    def sdg_labels(self, language: str) -> dict[str, str]:
        """Goal ("1" to "17") -> its short name."""
        return _labels(self.sdgs, language)

    def kind_labels(self, language: str) -> dict[str, str]:
        """Kind of organisation -> label."""
        return _labels(self.kinds, language)

    def relation_labels(self, language: str) -> dict[str, str]:
        """Type of relation -> label."""
        return _labels(self.relation_types, language)

    def concepts(self, scheme: Scheme) -> tuple[Concept, ...]:
        """The list a text can be tagged with."""
        return self.themes if scheme == "theme" else self.sdgs

    def sdgs_of(self, themes: Sequence[str]) -> tuple[int, ...]:
        """The goals that go with themes, ascending."""
        wanted = set(themes)
        return tuple(sorted({goal for concept in self.themes if concept.code in wanted for goal in concept.sdgs}))


@cache
def vocabulary() -> Vocabulary:
    """The controlled lists that come with the package."""
    return Vocabulary()


def tag(texts: Sequence[str], scheme: Scheme, vectors: Vectors | None = None) -> list[list[Tag]]:
    """What each text is about, best first; every concept that scored is listed, at most three are accepted.

    Without ``vectors`` only synonyms count, and nothing is encoded.
    """
    by_words = [_by_words(text, scheme) for text in texts]
    nearness = _by_vectors(texts, scheme, vectors) if vectors is not None and texts else None
    codes = [concept.code for concept in vocabulary().concepts(scheme)]
    tagged = []
    for at, found in enumerate(by_words):
        near = dict(zip(codes, nearness[at], strict=True)) if nearness is not None else {}
        scores = {
            code: float(1 - (1 - found.get(code, 0.0)) * (1 - _VECTOR_WEIGHT * near.get(code, 0.0))) for code in codes
        }
        tagged.append(_accept(scores))
    return tagged


def concepts_in(text: str, scheme: Scheme = "theme", language: str = "") -> Counter[str]:
    """Concept code -> how many different phrases of it the text holds; languages don't matter.

    A single word counts in the text's own language only: French *porte* is no port.
    """
    stems = terms(text)
    own = language or (detect_language(text[:300]) if len(stems) > _TELLING else "")
    book = _phrase_book(scheme)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for at, stem in enumerate(stems):
        for phrase, code, languages in book.get(stem, ()):
            alone = len(phrase) == 1 and own and own not in languages
            if not alone and tuple(stems[at : at + len(phrase)]) == phrase:
                seen.add((code, phrase))
    return Counter(code for code, _ in seen)


def _by_words(text: str, scheme: Scheme) -> dict[str, float]:
    return {code: count / (count + 0.8) for code, count in concepts_in(text, scheme).items()}


def _by_vectors(texts: Sequence[str], scheme: Scheme, vectors: Vectors) -> Matrix:
    """float32 (n, concepts): nearness of the text's first passage to the concept's own words.

    What a concept is near to in general (some are near to everything) is taken off.
    """
    firsts = [next(passages(text), "") for text in texts]
    general = background(FAST, vectors)
    concepts = centred(_concept_rows(scheme, vectors), general.mean)
    near = centred(vectors.encode(firsts, FAST), general.mean) @ concepts.T
    near -= (general.rows @ concepts.T).mean(axis=0)[None, :]
    return np.asarray(1 / (1 + np.exp(-(near - _MIDDLE) / _SPREAD)), np.float32)


_rows: dict[str, Matrix] = {}


def _concept_rows(scheme: Scheme, vectors: Vectors) -> Matrix:
    if scheme not in _rows:
        means = [
            vectors.encode(concept.phrases(_WORDS_OF_A_CONCEPT), FAST).mean(axis=0)
            for concept in vocabulary().concepts(scheme)
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
def _phrase_book(scheme: Scheme) -> dict[str, list[tuple[tuple[str, ...], str, frozenset[str]]]]:
    """First stem -> (stems of a phrase, concept, languages it is said in)."""
    said: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for concept in vocabulary().concepts(scheme):
        for language in LANGUAGES:
            for phrase in (concept.labels.get(language, ""), *concept.synonyms.get(language, ())):
                said.setdefault((tuple(terms(phrase)), concept.code), set()).add(language)
    book: dict[str, list[tuple[tuple[str, ...], str, frozenset[str]]]] = {}
    for (phrase, code), languages in said.items():
        if phrase:
            book.setdefault(phrase[0], []).append((phrase, code, frozenset(languages)))
    return book


def _labels(concepts: Sequence[Concept], language: str) -> dict[str, str]:
    return {concept.code: concept.labels.get(language) or concept.labels.get("en", concept.code) for concept in concepts}


@cache
def _read(name: str) -> tuple[Concept, ...]:
    raw = yaml.safe_load(files(__package__).joinpath("vocabulary", f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(_concept(entry) for entry in raw)


def _concept(entry: Mapping[str, Any]) -> Concept:
    return Concept(
        code=str(entry["code"]),
        labels=dict(entry["labels"]),
        synonyms={language: tuple(listed) for language, listed in (entry.get("synonyms") or {}).items()},
        icon=str(entry.get("icon", "")),
        sdgs=tuple(int(goal) for goal in entry.get("sdgs") or ()),
        generic=bool(entry.get("generic", False)),
    )
