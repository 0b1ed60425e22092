"""Which language a text is in: script for Arabic, then function words and letter sequences.

Naive Bayes over sequences of one to four letters, learnt at first use from the short parallel texts in
``seeds.yaml`` (Cavnar and Trenkle, *N-gram-based text categorization*, 1994), with function words counted on top.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from .words import FUNCTION_WORDS, is_arabic

DETECTED = ("en", "ca", "es", "fr", "ar", "pt", "it")
_LONGEST = 4
_READ_LETTERS = 1_000
_TOKENS = re.compile(r"[^\W\d_]+", re.UNICODE)
_ARABIC_SHARE = 0.4
_WORD_WEIGHT = 2.0
_FAR = {"pt": -1.5, "it": -1.5}  # names of towns and acronyms read like these; texts in them are rare here
_GLYPHS = {
    "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "l·l": "ca", "œ": "fr", "ê": "fr pt", "î": "fr", "û": "fr",
    "ù": "fr it", "ò": "ca it", "ì": "it", "à": "ca fr it pt", "è": "ca fr it", "ï": "ca fr", "ç": "ca fr pt",
    "â": "fr pt", "ô": "fr pt", "ú": "ca es pt", "ó": "ca es pt", "í": "ca es pt", "á": "es pt",
}  # fmt: skip


def detect_language(text: str, among: Sequence[str] = DETECTED) -> str:
    """The ISO 639-1 code of a text's language out of ``among``; empty when nothing speaks for any of them."""
    text = text[:_READ_LETTERS]
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return ""
    if "ar" in among and sum(is_arabic(letter) for letter in letters) / len(letters) >= _ARABIC_SHARE:
        return "ar"
    latin = [language for language in among if language in _profiles()]
    tokens = [token.lower() for token in _TOKENS.findall(text)]
    if not latin or not any(letter.isascii() for letter in letters):
        return ""
    grams = Counter(gram for token in tokens for gram in _grams(token))
    scores = {language: _score(grams, tokens, text.lower(), language) for language in latin}
    return max(latin, key=lambda language: scores[language])


def _score(grams: Mapping[str, int], tokens: Sequence[str], text: str, language: str) -> float:
    profile = _profiles()[language]
    unseen = profile[""]
    score = sum(count * profile.get(gram, unseen) for gram, count in grams.items()) / 4
    score += _WORD_WEIGHT * sum(token in FUNCTION_WORDS[language] for token in tokens) + _FAR.get(language, 0.0)
    # A letter a language does not write weighs more than one it merely writes often.
    return score - 4.0 * sum(text.count(glyph) for glyph, where in _GLYPHS.items() if language not in where)


def _grams(token: str) -> list[str]:
    framed = f"_{token}_"
    return [framed[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(framed) - size + 1)]


@cache
def _profiles() -> dict[str, dict[str, float]]:
    """Per language: letter sequence -> log probability; the empty one stands for all that were not seen."""
    learnt: dict[str, dict[str, float]] = {}
    for language, listed in seed_texts().items():
        if language == "ar":
            continue
        grams = Counter(gram for text in listed for token in _TOKENS.findall(text.lower()) for gram in _grams(token))
        total = sum(grams.values()) + 20_000
        learnt[language] = {gram: math.log((count + 0.2) / total) for gram, count in grams.items()}
        learnt[language][""] = math.log(0.2 / total)
    return learnt


@cache
def seed_texts() -> dict[str, tuple[str, ...]]:
    """Short texts on urban subjects, the same in every language: language -> texts."""
    raw = yaml.safe_load(files(__package__).joinpath("seeds.yaml").read_text(encoding="utf-8"))
    return {language: tuple(text for entry in raw if (text := entry.get(language))) for language in DETECTED}
