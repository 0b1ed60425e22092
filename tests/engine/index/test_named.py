"""Whom a question names, whatever the town is called in its language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sympolis.engine.index import Index
from sympolis.engine.index.named import named
from sympolis.engine.model import Document, Query
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.resolve.names import NameBook, NameEntry
from sympolis.engine.texts.encoders import FAST

BOOK = NameBook(
    [
        NameEntry("barcelona", ("Barcelona",)),
        NameEntry("diba", ("Barcelona Provincial Council", "Diputació de Barcelona")),
        NameEntry("ub", ("Universitat de Barcelona",)),
        NameEntry("amb", ("Àrea Metropolitana de Barcelona", "AMB")),
        NameEntry("geneva", ("Genf",)),
        NameEntry("geneva-university", ("Université de Genève",)),
        NameEntry("gothenburg", ("Gothenburg",)),
        NameEntry("nice", ("Nice",)),
    ]
)
PARTNERS = Document("cordoba", "organisation", {"en": "AYUNTAMIENTO DE CORDOBA"})


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Ajuntament de Barcelona", "barcelona"),
        ("Barcelona City Council", "barcelona"),
        ("Ville de Barcelone", "barcelona"),
        ("بلدية برشلونة", "barcelona"),
        ("برشلونة", "barcelona"),
        ("Diputació de Barcelona", "diba"),
        ("Diputación de Barcelona", "diba"),
        ("University of Barcelona", "ub"),
        ("Área Metropolitana de Barcelona", "amb"),
        ("Ginebra", "geneva"),
        ("Mairie de Genève", "geneva"),
        ("Göteborgs Stad", "gothenburg"),
        ("Gotemburgo", "gothenburg"),
    ],
)
def test_a_body_is_found_by_any_name_of_its_town(question: str, first: str, gazetteer: Gazetteer) -> None:
    assert named(question, BOOK, gazetteer)[0].id == first


def test_words_that_say_what_kind_is_meant_leave_the_others_out(gazetteer: Gazetteer) -> None:
    assert {one.id for one in named("Ajuntament de Barcelona", BOOK, gazetteer)} == {"barcelona"}


def test_without_a_gazetteer_names_are_what_documents_say() -> None:
    assert named("Ginebra", BOOK, None) == []
    assert named("Ajuntament de Barcelona", BOOK, None)[0].id == "barcelona"


@pytest.mark.parametrize("question", ["", "…", "water", "aigua", "2030", "a" * 2_000, "ville de", "\u202e"])
def test_what_names_nobody_names_nobody(question: str, gazetteer: Gazetteer) -> None:
    assert named(question, BOOK, gazetteer) == []


def test_a_town_hall_is_found_by_its_town(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with Index.create(tmp_path, encoders=(FAST,)) as index:
        index.add([PARTNERS, replace(PARTNERS, id="university", title={"en": "UNIVERSIDAD DE CORDOBA"})])
    with Index.open(tmp_path, towns=gazetteer) as index:
        for question in ("Córdoba", "Cordoue", "Cordova City Council", "قرطبة"):
            assert index.search(Query(question))[0].document.id == "cordoba", question
        assert index.search(Query("University of Córdoba"))[0].document.id == "university"
