"""Places like a place, and how far they lie from the sea."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.errors import EngineError
from sympolis.engine.match.coast import Coast
from sympolis.engine.match.peers import COAST_KM, WEIGHTS, Peer, PlaceProfile, compare_places, peers
from sympolis.engine.texts.vocabulary import figure_code

LYRA = PlaceProfile(
    id="lyra", kind="city", country="ES", latitude=41.0, coast_km=0.0, population=1_000_000, density=1_000,
    income=40_000, income_unit="EUR", temperature=16, rainfall=600, themes=frozenset({"water", "mobility"}),
)  # fmt: skip
CETUS = PlaceProfile(
    id="cetus", kind="metropolitan-authority", country="FR", latitude=-44.0, coast_km=COAST_KM, population=100_000,
    density=10_000, income=20_000, income_unit="EUR", temperature=11, rainfall=600,
    themes=frozenset({"water", "housing"}),
)  # fmt: skip

KNOWN = st.none() | st.floats(0.001, 1e8)
PLACES = st.builds(
    PlaceProfile,
    id=st.sampled_from(["a", "b"]),
    kind=st.sampled_from(["", "city", "region"]),
    country=st.sampled_from(["", "ES", "FR", "TN", "MX"]),
    latitude=st.none() | st.floats(-90, 90),
    coast_km=st.none() | st.floats(0, 3_000),
    population=KNOWN,
    density=KNOWN,
    income=KNOWN,
    income_unit=st.sampled_from(["", "EUR", "USD"]),
    temperature=st.none() | st.floats(-40, 40),
    rainfall=KNOWN,
    themes=st.frozensets(st.sampled_from(["water", "mobility", "housing"])),
)


def scores(peer: Peer) -> dict[str, float]:
    return {feature.name: feature.score for feature in peer.features}


def test_each_feature_of_two_made_up_places_is_what_its_scale_says() -> None:
    expected = {
        "size": 0.333333,  # ten times as many, where nothing is left at 10 ** 1.5 times
        "themes": 0.5,  # one in common of two and two
        "coast": round(1 - (1 - math.exp(-1)), 6),
        "density": 0.333333,
        "income": round(1 - math.log10(2), 6),
        "climate": 0.875,  # the mean of three quarters for five degrees of twenty, and of the same rain
        "latitude": 0.9,  # three degrees of thirty, on whichever side of the equator
        "kind": 0.0,
        "countries": 0.5,  # both in the Union
    }
    found = compare_places(LYRA, CETUS)
    assert scores(found) == expected
    assert found.score == pytest.approx(sum(WEIGHTS[name] * score for name, score in expected.items()), abs=1e-6)
    assert (found.certainty, found.unknown) == (1.0, ())
    values = {feature.name: feature.values for feature in found.features}
    assert values["size"] == {"left": 1_000_000, "right": 100_000}
    assert values["themes"] == {"themes": ["water"], "left": 2, "right": 2}
    assert values["countries"] == {"left": "ES", "right": "FR", "group": "eu"}


def test_the_weights_come_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_what_is_not_known_lowers_the_certainty_and_not_the_score() -> None:
    whole = PlaceProfile(id="b", kind="city", country="ES", population=1_000_000)
    part = PlaceProfile(id="c", kind="city", country="ES")
    found, less = compare_places(LYRA, whole), compare_places(LYRA, part)
    assert found.score == less.score == 1.0
    assert found.certainty == pytest.approx(WEIGHTS["size"] + WEIGHTS["kind"] + WEIGHTS["countries"])
    assert less.certainty == pytest.approx(WEIGHTS["kind"] + WEIGHTS["countries"])
    assert "size" in less.unknown
    assert "size" not in found.unknown


def test_who_is_like_it_in_the_little_that_is_known_does_not_come_first() -> None:
    near = PlaceProfile(id="near", kind="city", country="ES", latitude=42.0, coast_km=1.0, population=900_000)
    bare = PlaceProfile(id="bare", kind="city")
    far = PlaceProfile(id="far", kind="region", country="MX", latitude=10.0, coast_km=500.0, population=3_000)
    found = peers(LYRA, [far, bare, near, LYRA])
    assert [peer.id for peer in found] == ["near", "bare", "far"]
    assert found[1].score == 1.0


def test_nothing_known_is_no_peer_and_equal_ones_come_in_order_of_id() -> None:
    twins = [PlaceProfile(id=name, kind="city") for name in ("b", "a")]
    assert [peer.id for peer in peers(LYRA, [PlaceProfile(id="x"), *twins])] == ["a", "b"]
    assert compare_places(LYRA, PlaceProfile(id="x")) == Peer("x", 0.0, 0.0, (), tuple(WEIGHTS))


def test_only_what_was_chosen_counts() -> None:
    found = compare_places(LYRA, CETUS, ["latitude", "kind"])
    assert scores(found) == {"latitude": 0.9, "kind": 0.0}
    assert found.score == pytest.approx(0.9 * WEIGHTS["latitude"] / (WEIGHTS["latitude"] + WEIGHTS["kind"]), abs=1e-6)
    assert found.certainty == 1.0


def test_amounts_in_two_units_are_not_compared() -> None:
    dollars = PlaceProfile(id="d", income=40_000, income_unit="USD")
    assert compare_places(LYRA, dollars, ["income"]).unknown == ("income",)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(EngineError, match="There is no feature 'mood'"):
        compare_places(LYRA, CETUS, ["mood"])
    with pytest.raises(EngineError, match="asks for nothing"):
        peers(LYRA, [CETUS], limit=0)


@given(PLACES, PLACES)
def test_a_score_is_a_share_and_the_same_from_either_side(left: PlaceProfile, right: PlaceProfile) -> None:
    one, other = compare_places(left, right), compare_places(right, left)
    assert (one.score, one.certainty, one.unknown) == (other.score, other.certainty, other.unknown)
    assert scores(one) == scores(other)
    assert all(0 <= value <= 1 for value in (one.score, one.certainty, *scores(one).values()))
    assert {*one.unknown} | scores(one).keys() == WEIGHTS.keys()


@given(PLACES)
def test_a_place_is_all_like_itself(place: PlaceProfile) -> None:
    assert set(scores(compare_places(place, place)).values()) <= {1.0}


@pytest.fixture
def island(tmp_path: Path) -> Path:
    """A square of ten degrees from the equator and the first meridian, in tenths of a degree."""
    file = tmp_path / "land.json"
    arc = [[0, 0], [100, 0], [0, 100], [-100, 0], [0, -100]]
    file.write_text(json.dumps({"transform": {"scale": [0.1, 0.1], "translate": [0, 0]}, "arcs": [arc]}))
    return file


def test_the_way_to_the_sea_is_a_great_circle_to_the_nearest_coast(island: Path) -> None:
    degree = math.radians(1) * 6371
    latitudes, longitudes = np.array([0.0, 1.0, 5.0, -3.0]), np.array([5.0, 5.0, 9.0, 5.0])
    expected = [0.0, degree, degree * math.cos(math.radians(5)), 3 * degree]
    assert Coast(island).distances_km(latitudes, longitudes) == pytest.approx(expected, abs=2.1)


def test_what_is_no_coast_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"arcs": 3}')
    with pytest.raises(ValueError, match=r"x\.json is no quantised TopoJSON"):
        Coast(tmp_path / "x.json")


def test_figures_are_known_by_the_words_of_five_languages() -> None:
    said = ["Population", "superfície", "PIB per càpita", "densité de population", "المساحة", "Pluja  anual", "parks"]
    assert [figure_code(one) for one in said] == [
        "population", "area", "income", "density", "area", "rainfall", "",
    ]  # fmt: skip
