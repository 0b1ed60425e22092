"""What a question asks for: meanings where its words are known, words where they are not, and a text for encoders.

Two ways to say the same become one question. Known words are asked by their meanings, and where all are known the
encoders read them in English; other questions are read with every word as it is most often written in the index, so
that accents don't matter. A sentence is read as its author wrote it: without stops, capitals and the accents of words
that nobody else wrote, needs found calls with an nDCG@10 of .46 for .53 (the nearest by the fast encoder's cosine).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..texts.lexicon import Piece, english, parts_of, pieces_of, themes_of
from ..texts.themes import concepts_in
from ..texts.words import spellings
from .documents import Documents

_MOST_WORDS = 400
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = 8
"""From how many telling words on a question is a sentence, and no longer words set side by side."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood.

    ``meanings`` and ``words`` (stems whose meaning is not known) are what texts should hold; ``parts`` are meanings
    within meanings, ``themes`` what it is about. ``written`` is the question with its accents, ``told`` what encoders
    read; ``is_sentence``: words that make a whole, and not words set side by side.
    """

    meanings: tuple[str, ...]
    words: tuple[str, ...]
    parts: tuple[str, ...]
    themes: tuple[str, ...]
    written: str
    told: str
    is_sentence: bool

    @property
    def units(self) -> int:
        """How many things are asked for."""
        return len(self.meanings) + len(self.words)


def understood(text: str, documents: Documents) -> Asked:
    """A question as it is put to the index of these documents."""
    pieces = pieces_of(text)
    meanings = tuple(sorted({code for piece in pieces for code in piece.meanings}))
    words = tuple(dict.fromkeys(stem for piece in pieces if not piece.meanings for stem in piece.stems))
    parts = {part for code in meanings for part in parts_of(code)} - set(meanings)
    themes = {theme for code in meanings for theme in themes_of(code)} | set(concepts_in(text) if words else ())
    is_sentence = len(pieces) >= _SENTENCE
    written = _restored(text, documents, is_sentence=is_sentence)
    told = written if words or not meanings else _in_english(pieces)
    return Asked(meanings, words, tuple(sorted(parts)), tuple(sorted(themes)), written, told, is_sentence)


def _in_english(pieces: Sequence[Piece]) -> str:
    return " ".join(english(piece.meanings[0]) for piece in pieces)


def _restored(text: str, documents: Documents, *, is_sentence: bool) -> str:
    """A question with every word as it is most often written; of a sentence only the words that have lost accents."""
    spelled = list(spellings(text))[:_MOST_WORDS]
    known = documents.spellings({folded for folded, _ in spelled})
    if not is_sentence:
        return " ".join(known.get(folded, folded) for folded, _ in spelled)
    bare = {written: known[folded] for folded, written in spelled if written == folded and folded in known}
    return _WORD.sub(lambda found: bare.get(found[0].lower(), found[0]), " ".join(text.split()))
