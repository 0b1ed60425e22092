"""Which language a text is in: script for Arabic, then function words and letter sequences.

Naive Bayes over sequences of one to four letters, learnt at first use from the short parallel texts in
``seeds.yaml`` (Cavnar and Trenkle, *N-gram-based text categorization*, 1994), with function words counted on top.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import yaml

from .words import FUNCTION_WORDS, arabic_letters

DETECTED = ("en", "ca", "es", "fr", "ar", "pt", "it", "tr", "de")
_LONGEST = 4
_READ_LETTERS = 1_000
_TOKENS = re.compile(r"[^\W\d_]+", re.UNICODE)
_LATIN = re.compile("[A-Za-z]")
_LONGEST_KEPT = 40  # letters
_ARABIC_SHARE = 0.4
_WORD_WEIGHT = 2.0
_UNSEEN = 0.2  # times that a sequence is taken to have been seen which was not
# Names of towns and acronyms read like these; texts in them are rare here.
_FAR = {"pt": -1.5, "it": -1.5, "tr": -1.5, "de": -1.5}
_GLYPHS = {
    "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "l·l": "ca", "œ": "fr", "ê": "fr pt", "î": "fr", "û": "fr",
    "ù": "fr it", "ò": "ca it", "ì": "it", "à": "ca fr it pt", "è": "ca fr it", "ï": "ca fr", "ç": "ca fr pt tr",
    "ş": "tr", "ğ": "tr", "ı": "tr", "ß": "de", "ä": "de", "ö": "de tr",
    "â": "fr pt", "ô": "fr pt", "ú": "ca es pt", "ó": "ca es pt", "í": "ca es pt", "á": "es pt",
}  # fmt: skip


def detect_language(text: str, among: Sequence[str] = DETECTED) -> str:
    """The ISO 639-1 code of a text's language out of ``among``; empty when nothing speaks for any of them."""
    text = text[:_READ_LETTERS]
    letters = sum(map(str.isalpha, text))
    if not letters:
        return ""
    if "ar" in among and arabic_letters(text) / letters >= _ARABIC_SHARE:
        return "ar"
    if not _LATIN.search(text):
        return ""
    scores = _scores(text.lower(), [token.lower() for token in _TOKENS.findall(text)])
    latin = [language for language in among if language in scores]
    return max(latin, key=lambda language: scores[language], default="")


def _scores(text: str, tokens: Sequence[str]) -> dict[str, float]:
    """Latin language -> how much speaks for it."""
    said: Iterable[float] = map(sum, zip(*map(_known, tokens), strict=True))
    scores: dict[str, float] = dict(zip(_profiles().languages, said, strict=True))
    glyphs = {glyph: count for glyph in _GLYPHS if (count := text.count(glyph))} if not text.isascii() else {}
    for language in scores:
        # A letter a language does not write weighs more than one it merely writes often.
        misspelled = 4.0 * sum(n for glyph, n in glyphs.items() if language not in _GLYPHS[glyph])
        scores[language] += _FAR.get(language, 0.0) - misspelled
    return scores


def _of_token(token: str) -> tuple[float, ...]:
    """How much a word speaks for each language, by its letter sequences and as a function word."""
    profiles = _profiles()
    spelled = profiles.logs[[profiles.rows.get(gram, 0) for gram in _grams(token)]].sum(axis=0) / 4
    small = [_WORD_WEIGHT * (token in FUNCTION_WORDS[language]) for language in profiles.languages]
    return tuple((spelled + small).tolist())


_kept = lru_cache(maxsize=50_000)(_of_token)


def _known(token: str) -> tuple[float, ...]:
    """The same words come again and again; those without an end are not kept."""
    return _kept(token) if len(token) <= _LONGEST_KEPT else _of_token(token)


def _grams(token: str) -> list[str]:
    framed = f"_{token}_"
    return [framed[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(framed) - size + 1)]


@dataclass(frozen=True, slots=True)
class _Profiles:
    """Log probability of letter sequences: (sequences, languages); row 0 is that of all that were not seen."""

    languages: tuple[str, ...]
    rows: Mapping[str, int]
    logs: npt.NDArray[np.float64]


@cache
def _profiles() -> _Profiles:
    latin = tuple(language for language in seed_texts() if language != "ar")
    counted = [
        Counter(
            gram for text in seed_texts()[language] for token in _TOKENS.findall(text.lower()) for gram in _grams(token)
        )
        for language in latin
    ]
    rows = {gram: at for at, gram in enumerate(dict.fromkeys(gram for grams in counted for gram in grams), start=1)}
    logs = np.empty((len(rows) + 1, len(latin)))
    for column, grams in enumerate(counted):
        total = sum(grams.values()) + 20_000
        logs[0, column] = math.log(_UNSEEN / total)
        logs[1:, column] = [math.log((grams[gram] + _UNSEEN) / total) for gram in rows]
    return _Profiles(latin, rows, logs)


@cache
def seed_texts() -> dict[str, tuple[str, ...]]:
    """Short texts on urban subjects, the same in every language: language -> texts."""
    raw = yaml.safe_load(files(__package__).joinpath("seeds.yaml").read_text(encoding="utf-8"))
    return {language: tuple(text for entry in raw if (text := entry.get(language))) for language in DETECTED}
