"""The words of a document that answer a question: the right language, then the best sentence or two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from ..model import Document
from ..texts.lexicon import meanings_in
from ..texts.themes import concepts_in
from ..texts.words import sentences, terms
from .documents import Passage

_LONGEST = 320
_CONCEPT_WEIGHT = 0.5


def answering_passage(
    document: Document, parts: Sequence[Passage], near: Collection[int], text: str, languages: Sequence[str]
) -> tuple[str, str]:
    """(language, passage): a window of at most some 320 letters of the text that answers best.

    ``near`` are the passages whose vectors are nearest to the question; ``languages`` those the reader wants, best
    first. A document without text answers with its title.
    """
    language = _language(document, parts, near, languages)
    said = sentences(document.text.get(language, ""))
    if not said:
        return language, document.title.get(language) or next(iter(document.title.values()), "")
    chosen = " ".join(part.text for part in parts if part.number in near and part.language == language)
    wanted, concepts = {*terms(text), *meanings_in(text)}, set(concepts_in(text))
    scores = [_score(sentence, wanted, concepts, language) + 0.25 * (sentence in chosen) for sentence in said]
    best = max(range(len(said)), key=lambda at: (scores[at], -at))
    return language, _window(said, best)


def _language(document: Document, parts: Sequence[Passage], near: Collection[int], languages: Sequence[str]) -> str:
    """A wanted language the document has text in, else the nearest passage's, else the first there is."""
    held = [language for language, said in document.text.items() if said] or list(document.title)
    for language in languages:
        if language in held:
            return language
    for part in parts:
        if part.number in near and part.language in held:
            return part.language
    return held[0] if held else ""


def _score(sentence: str, wanted: set[str], concepts: set[str], language: str) -> float:
    shared = len(wanted & _words(sentence, language)) / (len(wanted) or 1)
    return shared + (_CONCEPT_WEIGHT if concepts and concepts & _concepts(sentence, language) else 0.0)


@lru_cache(maxsize=16_384)
def _words(sentence: str, language: str) -> frozenset[str]:
    """Stems and meanings; the same sentences answer again and again."""
    return frozenset([*terms(sentence), *meanings_in(sentence, language)])


@lru_cache(maxsize=16_384)
def _concepts(sentence: str, language: str) -> frozenset[str]:
    return frozenset(concepts_in(sentence, "theme", language))


def _window(said: Sequence[str], best: int) -> str:
    window = said[best]
    if len(window) < _LONGEST // 2 and best + 1 < len(said):
        window = f"{window} {said[best + 1]}"
    if len(window) <= _LONGEST:
        return window
    return window[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + "…"
