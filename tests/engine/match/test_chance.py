"""Nothing is called strong that stands no further above the rest than the best of strangers would."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sympolis.engine.match import FAIR, STRONG, beyond_chance, strength_among


def shares(*logits: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (1 / (1 + np.exp(-np.array(logits)))).astype(np.float32)


def test_standard_deviations_above_all_less_what_the_best_of_as_many_reach_by_chance() -> None:
    # Nine logits of mean 0 and spread 2: the largest stands 2.5 above, the best of nine strangers 2.0963.
    logits = (5.0, *[-math.sqrt(11 / 8) - 0.625, math.sqrt(11 / 8) - 0.625] * 4)
    assert np.std(logits) == pytest.approx(math.sqrt((25 + 8 * (0.625**2 + 11 / 8)) / 9))
    spread = float(np.std(logits))
    found = beyond_chance(shares(*logits))
    assert found.dtype == np.float32
    expected = [logit / spread - math.sqrt(2 * math.log(9)) for logit in logits]
    assert found.tolist() == pytest.approx(expected, abs=1e-4)


def test_one_that_stands_alone_is_clear_and_one_of_many_alike_is_not() -> None:
    strangers = [-3.0, -2.0] * 20
    alone = beyond_chance(shares(3.0, *strangers))
    among = beyond_chance(shares(*[3.0] * 12, *strangers))
    assert alone[0] == pytest.approx(5.4662 - math.sqrt(2 * math.log(41)), abs=1e-3)
    assert among[:12].tolist() == pytest.approx([1.7942 - math.sqrt(2 * math.log(52))] * 12, abs=1e-3)
    assert strength_among(0.8, float(alone[0])) == "strong"
    assert strength_among(0.8, float(among[0])) == "fair"


@pytest.mark.parametrize("count", [0, 1, 7])
def test_few_say_nothing_of_what_is_usual(count: int) -> None:
    assert beyond_chance(shares(*range(count))).tolist() == [0.0] * count


def test_texts_that_are_all_as_near_do_not_stand_out() -> None:
    chance = math.sqrt(2 * math.log(10))
    assert beyond_chance(np.full(10, 0.5, np.float32)).tolist() == pytest.approx([-chance] * 10)
    assert np.isfinite(beyond_chance(np.array([0.0, 1.0] * 5, np.float32))).all()


@pytest.mark.parametrize(
    ("score", "beyond", "word"),
    [
        (STRONG, 0.5, "strong"),
        (STRONG, 0.49, "fair"),
        (1.0, -9.0, "fair"),
        (FAIR, -0.5, "fair"),
        (FAIR, 9.0, "fair"),
        (FAIR, -0.51, "weak"),
        (0.39, 9.0, "weak"),
    ],
)
def test_a_word_is_never_stronger_than_its_score_nor_than_how_far_it_stands_out(
    score: float, beyond: float, word: str
) -> None:
    assert strength_among(score, beyond) == word
