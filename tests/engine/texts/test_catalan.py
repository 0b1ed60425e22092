"""Catalan, read in Spanish by the encoder that never learnt it."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.catalan import in_spanish, is_catalan
from sympolis.engine.texts.encoders import FAST, load_encoder
from sympolis.engine.texts.languages import seed_texts
from sympolis.engine.texts.words import words

EVERYDAY = "ciutat barri aigua habitatge treballar millorem residus participació dilluns amb dels fent quaranta"


@pytest.mark.parametrize(
    ("catalan", "spanish"),
    [
        ("Xarxa de camins escolars", "Red de caminos escolares"),
        ("Garantir l'aigua a trenta anys vista", "Garantizar el agua a treinta años vista"),
        ("Garantir l’energia de l’escola", "Garantizar la energía de la escuela"),
        ("Pla d'acció de l'habitatge", "Plan de acción de la vivienda"),
        ("Els veïns s'organitzen per tal de millorar-la", "Los vecinos se organizan para mejorarla"),
        ("Ens calen diners per rehabilitar pisos", "Necesitamos dinero para rehabilitar pisos"),
        ("Dur a terme obres a prop de la platja", "Llevar a cabo obras cerca de la playa"),
        ("No hi ha prou places a les escoles bressol", "No hay bastante plazas en las guarderías"),
        ("Cal formar-los en col·legis i col.lectius", "Hace falta formarlos en colegios y colectivos"),
        ("AJUNTAMENT DE VIC: EMERGÈNCIA", "AYUNTAMIENTO DE VIC: EMERGENCIA"),
        ("Gestio de residus i poblacio", "Gestión de residuos y población"),
        ("Visita a Gaziantep i Cornellà el 3 de març", "Visita a Gaziantep y Cornellà el 3 de marzo"),
    ],
)
def test_it_is_read_as_a_reader_of_spanish_would_say_it(catalan: str, spanish: str) -> None:
    assert in_spanish(catalan) == spanish
    assert is_catalan(catalan)


@pytest.mark.parametrize(
    ("catalan", "spanish"),
    [
        ("hipercentralització", "hipercentralización"),  # endings
        ("escalabilitat", "escalabilidad"),
        ("muntatges", "muntajes"),
        ("gamificant", "gamificando"),
        ("oftalmologies", "oftalmologías"),
        ("municipalment", "municipalmente"),  # made of known words
        ("microbiblioteques", "microbibliotecas"),
        ("reciclarien", "reciclarían"),
        ("plantaven", "plantaban"),
        ("Xifroll", "Xifroll"),  # a name
    ],
)
def test_words_that_are_not_in_the_list(catalan: str, spanish: str) -> None:
    assert in_spanish(catalan) == spanish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "2021-2025 / 14",
        "🌳🌳",
        "Red de caminos escolares seguros",
        "La ciudad de Barcelona y los municipios del área metropolitana",
        "Le port et la ville: les habitants et les quais",
        "I want a plan for the city and a local port",
        "Il piano della città per la mobilità sostenibile",
        "Gestão da água na cidade de Lisboa",
        "مشروع MedCities لإدارة النفايات",
        "Sant Cugat del Vallès",
        "amb habitatge housing benefit scheme report",  # most of it unknown
        "el habitatge social para los barris y las entitats con amb gestió",  # as many words of another language
        "An exchange between Ajuntament de Barcelona and the Generalitat",
    ],
)
def test_what_is_not_surely_catalan(text: str) -> None:
    assert not is_catalan(text)


def test_among_seven_languages_only_catalan_is_taken_for_it() -> None:
    taken = {language: [is_catalan(text) for text in texts] for language, texts in seed_texts().items()}
    assert all(taken.pop("ca"))
    assert not any(any(listed) for listed in taken.values())


def test_of_parallel_texts_nearly_all_catalan_ones_are_taken_and_no_others(shared: Path) -> None:
    with (shared / "sdg/goals_targets.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    taken = {language: sum(is_catalan(row[language]) for row in rows) for language in ("ca", "en", "es", "fr", "ar")}
    assert taken.pop("ca") >= 0.97 * len(rows)
    assert taken == {"en": 0, "es": 0, "fr": 0, "ar": 0}


def test_comments_in_spanish_are_not_taken_for_catalan(shared: Path) -> None:
    with (shared / "madrid/data_raw_data_comments.csv").open(encoding="utf-8") as lines:
        texts = [value for row in csv.DictReader(lines) for value in row.values() if value and len(value) > 25]
    assert len(texts) > 5_000
    assert [text for text in texts if is_catalan(text)] == []


def test_arabic_numbers_and_marks_stay_as_they_are() -> None:
    text = "إدارة النفايات في المدينة، 2026: 3,5 % (…) — 🌳\n\t«?»"
    assert in_spanish(text) == text


@given(
    st.text(max_size=200) | st.lists(st.sampled_from(["l'", "-se", "d’", "·", "l.l", *EVERYDAY.split()])).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(is_catalan(text), bool)
    assert isinstance(in_spanish(text), str)


@given(st.lists(st.sampled_from(EVERYDAY.split()), min_size=1).map(" ".join))
def test_catalan_words_are_catalan_and_read_once_for_all(text: str) -> None:
    assert is_catalan(text)
    assert len(in_spanish(text).split()) >= len(text.split())


def test_long_texts_are_read_whole() -> None:
    assert in_spanish("aigua " * 20_000) == "agua " * 20_000


def test_the_list_is_sound() -> None:
    listed = vocabulary.catalan()
    assert len(listed.words) > 12_000
    assert len(listed.phrases) > 400
    for form, said in (listed.words | listed.phrases).items():
        assert form == form.lower().strip()
        assert said == said.lower().strip()
        assert not set("=,*#") & set(form + said)
    assert listed.shared <= listed.words.keys()
    assert all(len(words(form.replace("'", " "))) > 1 for form in listed.phrases)


def test_the_fast_encoder_reads_spanish_for_catalan_and_the_careful_one_does_not() -> None:
    catalan, spanish = "Fuites a la xarxa d'aigua potable", "Fugas en la red de agua potable"
    assert in_spanish(catalan) == spanish
    rows = load_encoder(FAST).encode([catalan, spanish])
    assert np.allclose(rows[0], rows[1], atol=1e-6)
    assert load_encoder(FAST).edition == "fast-2"
