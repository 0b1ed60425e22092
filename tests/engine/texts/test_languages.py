"""Which language a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts.languages import DETECTED, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Xarxa de camins escolars", "ca"),
        ("Garantir l'aigua a trenta anys vista", "ca"),
        ("Participació ciutadana en línia", "ca"),
        ("Red de caminos escolares seguros", "es"),
        ("Gestión de residuos en la medina", "es"),
        ("Eaux usées traitées pour les parcs", "fr"),
        ("Politique agroécologique et alimentaire", "fr"),
        ("Waste management in the old town", "en"),
        ("School streets without cars", "en"),
        ("دورة النفايات بعد زيادة السكان", "ar"),
        ("Gestão da água na cidade", "pt"),
        ("Mobilità sostenibile per la città", "it"),
        ("مشروع MedCities لإدارة النفايات", "ar"),
        ("", ""),
        ("2021-2025 / 14", ""),
    ],
)
def test_short_titles(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_only_languages_asked_for_are_answered() -> None:
    assert detect_language("Gestão da água na cidade", ("en", "es", "fr")) == "es"


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text) in (*DETECTED, "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("مياه " + "wastewater reuse", "en"),  # four letters of twenty
        ("مياه المدينة wastewater", "ar"),
        ("wastewater reuse " + "ً" * 40, "en"),  # vowel signs are no letters
        ("wastewater reuse " + "٤" * 40, "en"),  # nor are digits
        ("x" * 2_000, "fr"),
    ],
)
def test_letters_are_counted_and_long_words_read(text: str, language: str) -> None:
    assert detect_language(text) == language
