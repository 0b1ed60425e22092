"""Small numbers in figures and in words."""

from __future__ import annotations

from .vocabulary import pattern

_WORDS = (
    ("one", "a single", "un", "una", "uno", "une", "واحد", "واحدة"),
    ("two", "dos", "dues", "deux", "اثنان", "اثنين", "اثنتين"),
    ("three", "tres", "trois", "ثلاث", "ثلاثة"),
    ("four", "cuatro", "quatre", "أربع", "أربعة"),
    ("five", "cinco", "cinc", "cinq", "خمس", "خمسة"),
    ("six", "seis", "sis", "ست", "ستة"),
    ("seven", "siete", "set", "sept", "سبع", "سبعة"),
    ("eight", "ocho", "vuit", "huit", "ثماني", "ثمانية"),
    ("nine", "nueve", "nou", "neuf", "تسع", "تسعة"),
    ("ten", "diez", "deu", "dix", "عشر", "عشرة"),
)
_VALUES = {word: value for value, written in enumerate(_WORDS, start=1) for word in written}
NUMBER = pattern(r"\d{1,2}", *(word for written in _WORDS for word in written))
"""A number up to 99 in figures, up to ten in words."""


def number(written: str) -> int:
    """What a text that ``NUMBER`` matched counts."""
    word = " ".join(written.casefold().split())
    return int(word) if word.isdigit() else _VALUES[word]
