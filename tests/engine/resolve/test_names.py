"""The nearest names to what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.resolve.names import NameBook, NameEntry, nearest_names

BOOK = [
    NameEntry("montpellier", ("Montpellier", "Montpeller", "مونبلييه"), 3),
    NameEntry("montpellier-3m", ("Montpellier Méditerranée Métropole", "3M")),
    NameEntry("montreal", ("Montréal", "Montreal")),
    NameEntry("amb", ("Àrea Metropolitana de Barcelona", "Barcelona Metropolitan Area", "AMB")),
    NameEntry("barcelona", ("Barcelona", "Barcelone", "برشلونة"), 5),
    NameEntry("medcities", ("MedCities", "MedCités")),
    NameEntry("tunis", ("Tunis", "Túnez", "تونس")),
    NameEntry("izmir", ("İzmir", "Esmirna")),
    NameEntry("durres", ("Durrës", "Durazzo")),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Montpeller", "montpellier"),
        ("montpelier", "montpellier"),
        ("مونبلييه", "montpellier"),
        ("مونبليه", "montpellier"),
        ("AMB", "amb"),
        ("amb", "amb"),
        ("Barcelone", "barcelona"),
        ("area metropolitana barcelona", "amb"),
        ("Metropole de Montpellier Méditerranée", "montpellier-3m"),
        ("Med cities", "medcities"),
        ("tunez", "tunis"),
        ("Izmir", "izmir"),
        ("Барселона", "barcelona"),
        ("durres", "durres"),
        ("barclona", "barcelona"),
    ],
)
def test_the_right_name_comes_first(typed: str, found: str) -> None:
    assert nearest_names(typed, BOOK, 1)[0].id == found


def test_the_very_name_scores_one_and_says_which_name_it_was() -> None:
    best = nearest_names("MONTPELLER", BOOK)[0]
    assert (best.score, best.name) == (1.0, "Montpeller")


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest_names("zzzz", BOOK) == []
    assert nearest_names("   ", BOOK) == []


def test_of_two_equal_ones_the_heavier_comes_first() -> None:
    twins = [NameEntry("small", ("Córdoba",), 1), NameEntry("large", ("Cordoba",), 2)]
    assert [match.id for match in nearest_names("cordoba", twins)] == ["large", "small"]


@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=4))
def test_any_typing_is_answered(typed: str, names: list[str]) -> None:
    found = NameBook([NameEntry("wild", tuple(names)), *BOOK]).nearest(typed, 3)
    assert len(found) <= 3
    scores = [round(match.score, 3) for match in found]  # what differs by less is as near, and the heavier comes first
    assert scores == sorted(scores, reverse=True)
    assert all(0.6 <= match.score <= 1 for match in found)
