"""Words as they are indexed and asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts.words import fold, passages, spellings, stem, terms


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=2_000), st.integers(1, 40))
def test_passages_hold_every_word_once(text: str, size: int) -> None:
    parts = list(passages(text, size))
    assert all(len(part.split()) <= size for part in parts)
    if all(len(part) < 1_500 for part in parts):
        assert " ".join(parts).split() == text.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("residus", "residu"),
        ("residuos", "residuo"),
        ("ciutats", "ciutat"),
        ("cities", "city"),
        ("villes", "ville"),
        ("alimentación", "alimentacions"),
        ("réseaux", "réseau"),
        ("aigües", "aigua"),
        ("المياه", "مياه"),
        ("النفايات", "والنفايات"),
        ("إدارة", "اداره"),
        ("l'eau", "eaux"),
        ("platja", "platges"),
        ("pluja", "pluges"),
        ("biblioteca", "biblioteques"),
        ("bosque", "bosc"),
    ],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("aigua", "aire"), ("mare", "mur"), ("مياه", "نفايات")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_function_words_say_nothing() -> None:
    assert terms("la gestió de l'aigua per als barris") == [stem("gestio"), stem("aigua"), stem("barris")]


def test_words_are_counted_as_they_are_written() -> None:
    assert list(spellings("L'Énergie, col·lectiva: إدارةُ المياه")) == [
        ("l", "l"),
        ("energie", "énergie"),
        ("collectiva", "col·lectiva"),
        ("اداره", "إدارة"),
        ("المياه", "المياه"),
    ]
