"""What a text is about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts.themes import (
    concepts,
    concepts_in,
    generic_themes,
    sdgs_of,
    tag,
    theme_labels,
    theme_scores,
)
from sympolis.engine.texts.vectors import Vectors


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Gestió de residus i compostatge als barris", "waste"),
        ("Reutilisation des eaux usées traitées", "water"),
        ("إدارة النفايات الصلبة", "waste"),
        ("Carriles bici y transporte público", "mobility"),
        ("Affordable housing for rent", "housing"),
    ],
)
def test_words_and_vectors_agree_on_plain_cases(text: str, theme: str, vectors: Vectors) -> None:
    tagged = tag([text], "theme", vectors)[0]
    assert tagged[0].code == theme
    assert tagged[0].accepted


def test_a_theme_tells_the_words_that_spoke_for_it() -> None:
    found = {one.code: one.words for one in tag(["Gestió de residus i compostatge als barris"], "theme")[0]}
    assert found["waste"] == ("Gestió de residus", "residus", "compostatge")


def test_a_goal_is_found_in_another_language() -> None:
    tagged = tag(["قضايا المساواة بين الجنسين"], "sdg")[0]
    assert "5" in [one.code for one in tagged if one.accepted]


def test_a_short_word_of_one_language_is_not_heard_in_another() -> None:
    assert "ports" not in concepts_in("La politique porte sur les quartiers de la ville et ses habitants")


def test_nothing_is_accepted_of_a_text_about_nothing() -> None:
    assert [one for one in tag(["lorem ipsum"], "theme")[0] if one.accepted] == []


@given(st.text(max_size=200))
def test_scores_stay_between_nought_and_one(text: str) -> None:
    assert all(0 < one.score <= 1 for one in tag([text], "theme")[0])


def test_labels_and_goals_of_themes() -> None:
    assert theme_labels("ca")["water"] == "Aigua i sanejament"
    assert "cooperation" in generic_themes()
    assert sdgs_of(["water", "waste"]) == (6, 12)


def test_scores_without_words_are_those_of_the_tags(vectors: Vectors) -> None:
    texts = ["Reuse of waste water for parks", "Xarxa de carrils bici", "--- ???", "", "中文", "Cooperation " * 300]
    places = {concept.code: at for at, concept in enumerate(concepts("theme"))}
    for memory in (vectors, None):
        expected = np.zeros((len(texts), len(places)))
        for row, tags in enumerate(tag(texts, "theme", memory)):
            for one in tags:
                expected[row, places[one.code]] = one.score
        assert expected.any()
        np.testing.assert_array_equal(theme_scores(texts, memory), expected)
    assert theme_scores([], vectors).shape == (0, len(places))


def test_of_digits_and_signs_nothing_is_said(vectors: Vectors) -> None:
    for text in ("123456 2030 €5", "😀🚰💧", "a 1 2", "--- ??? ///"):
        assert [[one for one in found if one.accepted] for found in tag([text], "theme", vectors)] == [[]], text
