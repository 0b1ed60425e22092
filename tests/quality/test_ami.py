"""Adjusted mutual information, against values that others publish."""

from __future__ import annotations

import pytest

from quality.ami import adjusted_mutual_information

ONE = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]
OTHER = [1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3, 1, 3, 3, 3, 2, 2]


def test_the_example_of_scikit_learn_s_tests_comes_out_the_same() -> None:
    assert adjusted_mutual_information(ONE, OTHER) == pytest.approx(0.27821, abs=5e-6)
    assert adjusted_mutual_information(ONE * 110, OTHER * 110) == pytest.approx(0.38, abs=5e-3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("aabb", "yyxx", 1.0),
        ("aaaa", "xxxx", 1.0),
        ("abcd", "wxyz", 1.0),
        ("aaaa", "wxyz", 0.0),
        ("aabb", "xyxy", -0.5),
    ],
)
def test_it_is_1_for_the_same_and_0_for_chance_whatever_the_names(one: str, other: str, expected: float) -> None:
    assert adjusted_mutual_information(one, other) == pytest.approx(expected, abs=1e-9)
