"""Items with items, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sympolis.engine.match import DETAILS, match, rank, strength_of
from sympolis.engine.match.features import WEIGHTS, compare_items
from sympolis.engine.match.items import passages_of
from sympolis.engine.model import ItemKind, Stage, Strength
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

WATER = item("water", ItemKind.NEED, "Regar parcs amb aigua regenerada", language="ca", themes=("water",))
READ = item("read", ItemKind.NEED, "Clubs de lectura a les biblioteques", language="ca", themes=("culture",))
RIGHT = [
    item(
        "reuse",
        ItemKind.PROJECT,
        "Réutilisation des eaux usées pour l'arrosage",
        language="fr",
        themes=("water",),
        stage=Stage.FINISHED,
    ),
    item("books", ItemKind.PROJECT, "Books and reading in libraries", stage=Stage.FINISHED),
    item("bikes", ItemKind.PROJECT, "Red de carriles bici", language="es", themes=("mobility",), stage=Stage.ONGOING),
]


def test_each_left_item_in_turn_gets_its_best_right_ones(vectors: Vectors) -> None:
    found = list(match([WATER, READ], RIGHT, 2, vectors=vectors))
    assert [one.left_id for one in found] == ["water", "water", "read", "read"]
    assert found[0].right_id == "reuse"
    assert found[2].right_id == "books"
    assert found[0].score > found[1].score


def test_of_many_the_nearest_are_compared_and_come_out_the_same(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [(one.left_id, one.right_id, one.score) for one in match([WATER, READ], RIGHT, 1, vectors=vectors)]
    monkeypatch.setattr(rank, "_ALL", 1)
    monkeypatch.setattr(rank, "_SHORTLIST", 2)
    monkeypatch.setattr(rank, "_AT_ONCE", 1)
    told: list[int] = []
    near = list(match([WATER, READ], RIGHT, 1, vectors=vectors, step=told.append))
    assert [(one.left_id, one.right_id, one.score) for one in near] == every
    assert told == [1, 2]


def test_two_lists_may_count_alike(vectors: Vectors) -> None:
    same = [replace(one, id="water") for one in RIGHT[:1]]
    [found] = match([WATER], same, 1, vectors=vectors)
    [apart] = match([WATER], RIGHT[:1], 1, vectors=vectors)
    assert (found.right_id, found.score) == ("water", apart.score)


def test_reasons_quote_what_was_found_alike(vectors: Vectors) -> None:
    words = "Nobody knows what to do about this and that " * 12
    found = item("long", ItemKind.PROJECT, "A project", text=f"{words}. Treated waste water irrigates the parks.")
    [hidden] = match([WATER], [found], 1, vectors=vectors)
    passages = passages_of(found)
    assert len(passages) == 1
    vectors.fill(passages, FAST)
    [told] = match([WATER], [found], 1, vectors=vectors)
    [reason] = [feature for feature in told.features if feature.name == "text-fast"]
    assert reason.values["left_passage"] == "Regar parcs amb aigua regenerada"
    assert reason.values["right_passage"] == passages[0]
    assert "Treated waste water irrigates the parks" in passages[0]
    assert told.score > hidden.score + 0.1


def test_every_reason_is_known_and_says_what_was_compared(vectors: Vectors) -> None:
    [found] = match([WATER], RIGHT, 1, vectors=vectors)
    features = {feature.name: feature for feature in found.features}
    assert {feature.detail for feature in found.features} <= set(DETAILS)
    assert features["themes"].values["themes"] == ["water"]
    assert features["themes"].values["declared"] == ["water"]
    assert features["text-fast"].values["left"] == "Regar parcs amb aigua regenerada"
    assert features["stage"].detail == "one-has-what-the-other-wants"
    assert all(0 < feature.score <= 1 for feature in found.features)


def test_each_feature_raises_the_score_by_its_weight_and_no_more(vectors: Vectors) -> None:
    one = replace(WATER, sdgs=(6, 11), countries=("ES",), programme="Sea", partner_ids=("a", "b"))
    other = replace(RIGHT[0], sdgs=(6,), countries=("ES", "FR"), programme="Sea", partner_ids=("a", "b"))
    bare = compare_items([WATER], [RIGHT[0]], vectors).score[0, 0]
    rich = compare_items([one], [other], vectors).score[0, 0]
    more = sum(WEIGHTS[name] for name in ("sdgs", "place", "programme", "partners"))
    assert rich - bare == pytest.approx(more, abs=1e-5)
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_nothing_with_nothing_is_nothing(vectors: Vectors) -> None:
    assert list(match([], RIGHT, 3, vectors=vectors)) == []
    assert list(match([WATER], [], 3, vectors=vectors)) == []
    assert list(match([WATER], RIGHT, 0, vectors=vectors)) == []


def test_swapping_sides_changes_no_score(vectors: Vectors) -> None:
    forth = compare_items([WATER, READ], RIGHT, vectors).score
    back = compare_items(RIGHT, [WATER, READ], vectors).score
    assert np.allclose(forth, back.T, atol=1e-5)


@pytest.mark.parametrize(
    ("score", "word"), [(0.9, Strength.STRONG), (0.6, Strength.STRONG), (0.5, Strength.FAIR), (0.1, Strength.WEAK)]
)
def test_a_score_as_a_word(score: float, word: Strength) -> None:
    assert strength_of(score) is word
