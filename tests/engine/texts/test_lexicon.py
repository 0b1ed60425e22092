"""What words mean, whatever language they are in."""

from __future__ import annotations

from collections import Counter

import pytest

from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.lexicon import english, meanings_in, parts_of, pieces_of, themes_of


def codes(text: str) -> list[tuple[str, ...]]:
    return [piece.meanings for piece in pieces_of(text)]


@pytest.mark.parametrize(
    ("said", "meanings"),
    [
        (["water", "aigua", "agua", "eau", "مياه", "الماء", "Aigües"], ["water"]),
        (
            ["cooperation", "cooperació", "cooperacio", "cooperación", "coopération", "التعاون", "تعاون"],
            ["cooperation"],
        ),
        (["waste management", "gestio de residus", "gestión de los residuos", "تدبير النفايات"], ["waste-management"]),
        (["الطاقة", "طاقه", "énergie", "ENERGIA"], ["energy"]),
        (["beaches", "platges", "plages", "الشواطئ"], ["beach"]),
        (["Tunisia", "Tunísia", "Túnez", "Tunisie", "تونس"], ["TN"]),
        (
            ["migrants in Morocco", "migrants al Marroc", "migrantes en Marruecos", "migrants au Maroc"],
            ["migrants", "MA"],
        ),
    ],
)
def test_a_word_means_the_same_in_every_language(said: list[str], meanings: list[str]) -> None:
    for text in said:
        assert codes(text) == [(meaning,) for meaning in meanings], text


def test_the_longest_phrase_is_meant_and_unknown_words_stay() -> None:
    assert codes("Reutilització d'aigües residuals a Fatick") == [("water-reuse",), ()]
    assert pieces_of("Reutilització d'aigües residuals a Fatick")[1].stems == ("fatick",)
    assert pieces_of("") == ()


def test_a_text_speaks_of_its_phrases_and_of_those_within_them() -> None:
    assert Counter(meanings_in("L'aigua potable i l'aigua de pluja", "ca")) == Counter(
        {"water": 2, "drinking-water": 1, "rainwater": 1, "rain": 1}
    )


def test_a_word_of_one_language_is_not_heard_in_another() -> None:
    assert meanings_in("La calle", "es") == ["street"]
    assert "street" not in meanings_in("A call", "en")
    assert meanings_in("la red", "es") == ["network"]
    assert meanings_in("the red book", "en") == ["book"]


def test_meanings_are_made_of_others_and_belong_to_themes() -> None:
    assert parts_of("drinking-water") == ("water",)
    assert parts_of("water") == ()
    assert themes_of("drinking-water") == ("water",)
    assert themes_of("women") == ("gender",)
    assert themes_of("city") == ()
    assert (english("drinking-water"), english("TN")) == ("drinking water", "Tunisia")


def test_every_entry_speaks_five_languages_under_a_code_of_its_own() -> None:
    entries = vocabulary.lexicon()
    assert [one.code for one in entries if set(one.forms) != set(LANGUAGES) or not all(one.forms.values())] == []
    assert [code for code, times in Counter(one.code for one in entries).items() if times > 1] == []


def test_every_form_is_read_as_what_it_means() -> None:
    misread = [
        (one.code, written, codes(written))
        for one in vocabulary.lexicon()
        for forms in one.forms.values()
        for written in forms
        if codes(written) != [(one.code,)]
    ]
    assert misread == []
