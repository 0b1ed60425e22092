"""Phrases of several languages in running text."""

import pytest

from sympolis.engine.texts.phrases import PhraseBook
from sympolis.engine.texts.words import telling_stems, telling_words

BOOK = PhraseBook(
    [
        ("door", "fr", "porte"),
        ("drinking", "en", "drinking water"),
        ("supply", "en", "drinking water supply"),
        ("water", "en", "water"),
    ]
)


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("", [(0, "supply"), (0, "drinking"), (1, "water"), (3, "door")]),
        ("en", [(0, "supply"), (0, "drinking"), (1, "water")]),
        ("fr", [(0, "supply"), (0, "drinking"), (3, "door")]),
        ("xx", [(0, "supply"), (0, "drinking")]),
    ],
)
def test_single_words_count_in_their_own_languages_and_short_ones_as_written(
    language: str, found: list[tuple[int, str]]
) -> None:
    text = "The drinking water supply at the porte, porter, drinking"
    phrases = BOOK.within(telling_words(text), telling_stems(text), language)
    assert [(place, phrase.code) for place, phrase in phrases] == found
