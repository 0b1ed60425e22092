"""What a sentence names: countries, parts of the world and known towns, in five languages."""

from __future__ import annotations

import pytest

from sympolis.engine.match.country_points import point_of
from sympolis.engine.match.named_places import NamedPlaces, named_places

TOWNS = {"sfax": ("Sfax", "TN"), "tunis": ("Tunis", "TN"), "brshlwnh": ("Barcelona", "ES"), "le": ("Le", "FR")}


@pytest.mark.parametrize(
    ("text", "countries", "regions", "towns"),
    [
        ("Sfax and Tunis know how to reuse water", ("TN",), (), ("Sfax", "Tunis")),
        ("Aprendre de les ciutats de la Mediterrània i del Marroc", ("MA",), ("015", "039", "145"), ()),
        ("شمال أفريقيا وتونس وبرشلونة", ("TN", "ES"), ("015",), ("Barcelona",)),
        ("South Sudan, North Africa and Latin America", ("SS",), ("015", "005", "013", "029"), ()),
        ("Afrique de l’Ouest et au Sénégal", ("SN",), ("011",), ()),
        ("llegar a Turquía o a Jordania", ("TR", "JO"), (), ()),
        ("the chilean sfax of european parks", (), (), ()),
        ("", (), (), ()),
    ],
)
def test_what_is_named(text: str, countries: tuple[str, ...], regions: tuple[str, ...], towns: tuple[str, ...]) -> None:
    found = named_places(text, TOWNS)
    assert (found.countries, found.regions, found.towns) == (countries, regions, towns)
    assert bool(found) is bool(countries or regions or towns)


def test_its_words_are_as_the_text_has_them() -> None:
    assert named_places("Vers Sfax, en AFRIQUE DU NORD", TOWNS) == NamedPlaces(
        ("TN",), ("015",), ("Sfax",), ("AFRIQUE DU NORD", "Sfax")
    )


def test_where_places_are_drawn() -> None:
    assert point_of("NO") == (59.9, 10.7)  # YAML takes it for "no"
    assert point_of("TN") == (36.8, 10.2)
    assert point_of("EL") == point_of("GR")
    assert point_of("ZZ") is None
    assert point_of("999") is None
    latitude, longitude = point_of("015") or (0, 0)
    assert 10 < latitude < 40
    assert -20 < longitude < 40
