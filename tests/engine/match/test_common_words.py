"""Words that mean the same in two texts, in two languages."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.match import item_words, items
from sympolis.engine.match.common_words import common_words, read_words, words_of
from sympolis.engine.match.features import compare_items
from sympolis.engine.model import ItemKind
from sympolis.engine.texts.e5.rarity import rarity
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

BATS = item("bats", ItemKind.NEED, "Els ratpenats han marxat dels fanals del poble", language="ca")
ANSWERS = [
    item("dark", ItemKind.PROJECT, "Lamps point downwards: bats return to the village"),
    item("show", ItemKind.PROJECT, "Artists project images on monuments in winter"),
]


def test_the_words_of_a_text_are_those_that_tell_each_once_as_written() -> None:
    assert words_of("La gent gran, la gent del 2024, no veu els Ratpenats!") == ["gent", "gran", "veu", "ratpenats"]
    assert words_of(" ".join(f"{'abcdefghij'[at % 10] * 3}{'abcdefghij'[at // 10] * 3}" for at in range(100)))[59:] == [
        "jjjfff"
    ]
    assert words_of("") == words_of("😀 🎉") == []


def test_rare_words_are_rarer_in_any_language() -> None:
    assert [round(rarity(word)) for word in ("the", "water", "ratpenat")] == [7, 11, 30]


def test_words_lift_an_answer_and_lower_a_stranger_once_they_were_read() -> None:
    vectors = Vectors(None, (FAST,))
    before = compare_items([BATS], ANSWERS, vectors, by_words=True).text[0]
    assert compare_items([BATS], ANSWERS, vectors).text[0].tolist() == before.tolist()
    vectors.fill(item_words([BATS, *ANSWERS]), FAST)
    after = compare_items([BATS], ANSWERS, vectors, by_words=True).text[0]
    assert (after > before).tolist() == [True, False]
    assert compare_items(ANSWERS, [BATS], vectors, by_words=True).text[:, 0] == pytest.approx(
        after, abs=1e-5
    )  # from either side
    assert compare_items([BATS], ANSWERS, vectors).text[0].tolist() == before.tolist()


def test_one_word_nobody_read_leaves_its_text_out() -> None:
    vectors = Vectors(None, (FAST,))
    vectors.fill(item_words([BATS, ANSWERS[0]]), FAST)
    by_words, without = (compare_items([BATS], ANSWERS, vectors, by_words=on).text[0] for on in (True, False))
    assert (by_words == without).tolist() == [False, True]
    assert read_words(["", "zzz unread"], vectors) is None
    assert common_words(None, read_words(["bats return"], vectors), (2, 1)).tolist() == [[0], [0]]


def test_of_very_many_pairs_the_texts_alone_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = Vectors(None, (FAST,))
    vectors.fill(item_words([BATS, *ANSWERS]), FAST)
    monkeypatch.setattr(items, "MOST_PAIRS", 1)
    by_words, without = (compare_items([BATS], ANSWERS, vectors, by_words=on).text for on in (True, False))
    assert np.array_equal(by_words, without)
