"""What words mean, whatever language they are in: *aigua*, *agua* and مياه are one meaning, with one code.

Documents are indexed by the meanings they hold, and a question whose words are all known is asked by its meanings
alone: so it finds the same in every language, with or without accents. The list is data (``vocabulary/lexicon.yaml``);
names of countries come from Unicode's own tables.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale

from ..model import LANGUAGES
from . import vocabulary
from .phrases import PhraseBook
from .themes import concepts_in
from .words import telling_stems, telling_words

_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "RE", "SS"}  # not countries, or said like other words
_AGREED = 2  # languages whose words must speak for a theme


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or phrase of a question: the meanings it may have, none where it is not known, and its stems."""

    meanings: tuple[str, ...]
    stems: tuple[str, ...]


def meanings_in(text: str, language: str = "") -> list[str]:
    """The codes of what a text speaks of, once for each time, short phrases within longer ones too."""
    held, stems = telling_words(text), telling_stems(text)
    return [phrase.code for _, phrase in _book().within(held, stems, language)]


@lru_cache(maxsize=1_024)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """A question cut into the longest phrases that are known, in order, and the words between them."""
    held, stems = telling_words(text), telling_stems(text)
    pieces = []
    place = 0
    while place < len(stems):
        found = list(_book().at(place, held, stems))
        size = len(found[0].stems) if found else 1
        longest = [phrase for phrase in found if len(phrase.stems) == size]
        likely = [phrase for phrase in longest if phrase.is_written(held[place])] or longest
        codes = tuple(dict.fromkeys(phrase.code for phrase in likely))
        pieces.append(Piece(codes, tuple(stems[place : place + size])))
        place += size
    return tuple(pieces)


@cache
def english(code: str) -> str:
    """A meaning in English, the language the encoders know best."""
    return _meanings()[code].forms["en"][0]


def said(code: str, language: str) -> str:
    """A meaning in a language, as it is read; in English where the vocabulary does not speak it."""
    forms = _meanings()[code].forms
    return forms.get(language, forms["en"])[0]


@cache
def parts_of(code: str) -> tuple[str, ...]:
    """The meanings a meaning is made of: *drinking water* is water."""
    return tuple(dict.fromkeys(part for part in meanings_in(english(code), "en") if part != code))


@cache
def themes_of(code: str) -> tuple[str, ...]:
    """The themes that a meaning's words speak for in more than one language."""
    forms = _meanings()[code].forms.items()
    found = Counter(theme for language, said in forms for theme in concepts_in(said[0], "theme", language))
    return tuple(theme for theme, count in found.items() if count >= _AGREED)


@cache
def _meanings() -> dict[str, vocabulary.Meaning]:
    return {meaning.code: meaning for meaning in (*vocabulary.lexicon(), *_countries())}


def _countries() -> list[vocabulary.Meaning]:
    """Countries by their two letters, as the records name them."""
    names = {language: Locale(language).territories for language in LANGUAGES}
    everywhere = set.intersection(*map(set, names.values())) - _NO_COUNTRIES
    codes = sorted(code for code in everywhere if len(code) == 2 and code.isalpha())
    return [vocabulary.Meaning(code, {language: (names[language][code],) for language in LANGUAGES}) for code in codes]


@cache
def _book() -> PhraseBook:
    return PhraseBook(
        (meaning.code, language, written)
        for meaning in _meanings().values()
        for language, forms in meaning.forms.items()
        for written in forms
    )
