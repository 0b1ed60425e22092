"""Names taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.resolve.alike import Weights, alike, likeness
from sympolis.engine.resolve.parts import take_apart


@pytest.mark.parametrize(
    ("written", "core", "forms", "bodies"),
    [
        ("Ajuntament de Barcelona", ("barcelona",), set(), {"city"}),
        ("Barcelona City Council", ("barcelona",), set(), {"city"}),
        ("بلدية برشلونة", ("brshlwnh",), set(), {"city"}),
        ("Frosinone, Provincia di", ("frosinone",), set(), {"province"}),
        ("İstanbul Büyükşehir Belediyesi", ("istanbul",), set(), {"city"}),
        ("Universitat Autònoma de Barcelona", ("autonoma", "barcelona"), set(), {"university"}),
        ("SiemensAG", ("siemens",), {"stock"}, set()),
        ("S.A.R.L. CON TRAFFIC", ("con", "traffic"), {"limited"}, set()),
        ('ООО "БАЙ"', ("bai",), {"limited"}, set()),
        ("Stripe Limited Liability Company", ("stripe",), {"limited"}, set()),
        ("AS Tallinna Vesi", ("tallinna", "vesi"), {"stock"}, set()),
        ("City Council", ("city", "council"), set(), {"city"}),
    ],
)
def test_what_says_which_is_parted_from_what_says_what_kind(
    written: str, core: tuple[str, ...], forms: set[str], bodies: set[str]
) -> None:
    name = take_apart(written)
    assert (name.core, set(name.forms), set(name.bodies)) == (core, forms, bodies)


def test_numbers_countries_and_initials_are_told() -> None:
    name = take_apart("Bowne Global Solutions II (Sweden) AB")
    assert (name.numbers, name.countries) == ({"2"}, {"SE"})
    assert "amb" in take_apart("Àrea Metropolitana de Barcelona").initials


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("Goodwill Company", "Good Will Company", 0.97),
        ("AMB", "Àrea Metropolitana de Barcelona", 0.97),
        ("The World Bank", "World Bank", 1.0),
        ("Ajuntament de Sabadell", "Sabadell City Council", 1.0),
    ],
)
def test_like_names(one: str, other: str, score: float) -> None:
    assert alike(take_apart(one), take_apart(other), Weights()).score == pytest.approx(score)


def test_names_of_places_are_another_place_with_a_further_word() -> None:
    palma, further = take_apart("Palma"), take_apart("La Palma de Cervelló")
    assert alike(palma, further, Weights(), of_places=True).score == pytest.approx(0.5)
    assert alike(take_apart("Martil"), take_apart("مرتيل"), Weights(), of_places=True).score == pytest.approx(0.93)
    assert alike(take_apart("الضنية"), take_apart("المنية"), Weights(), of_places=True).score == 0.0


def test_short_words_and_numbers_are_the_same_or_are_not() -> None:
    assert likeness("bwi", "bae") == 0.0
    assert likeness("2004", "2005") == 0.0
    assert likeness("toyota", "tayota") == pytest.approx(1 - 1 / 6)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_compare_and_likeness_has_no_sides(one: str, other: str) -> None:
    left, right = take_apart(one), take_apart(other)
    there, back = alike(left, right, Weights(), of_places=True), alike(right, left, Weights(), of_places=True)
    assert 0.0 <= there.score <= 1.0
    assert there.score == pytest.approx(back.score)
