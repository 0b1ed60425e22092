"""How far something is: exact sums, and nothing unknown counted as nothing done."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.office.planning.progress import Part, action_progress, indicator_progress, roll_up

WEIGHTS = st.fractions(min_value=0, max_value=1000, max_denominator=100)
PROGRESS = st.one_of(st.none(), st.fractions(min_value=0, max_value=1, max_denominator=1000))
PARTS = st.lists(st.builds(Part, st.sampled_from("abc"), WEIGHTS, PROGRESS), max_size=12)
NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=3)


@given(PARTS)
def test_shares_sum_to_one_and_the_sum_is_of_the_products(parts: list[Part]) -> None:
    found = roll_up(parts)
    shares = [row.share for row in found.rows if row.share is not None]
    if sum(part.weight for part in parts if part.progress is not None):
        assert sum(shares) == 1
        assert found.progress == sum(row.product for row in found.rows if row.product is not None)
        known = [part.progress for part in parts if part.progress is not None and part.weight]
        assert min(known) <= found.progress <= max(known)
    else:
        assert (shares, found.progress) == ([], None)
    assert found.unknown + found.known == len(parts)


@given(PARTS, st.fractions(min_value=Fraction(1, 100), max_value=100))
def test_only_weights_beside_each_other_matter(parts: list[Part], times: Fraction) -> None:
    heavier = [Part(part.what, part.weight * times, part.progress) for part in parts]
    assert roll_up(heavier).progress == roll_up(parts).progress


@given(PARTS)
def test_what_is_unknown_changes_nothing(parts: list[Part]) -> None:
    known = [part for part in parts if part.progress is not None]
    assert roll_up(parts).progress == roll_up(known).progress


def test_the_arithmetic_of_a_line() -> None:
    found = roll_up(
        [Part("a", Fraction(3), Fraction(1)), Part("b", Fraction(1), Fraction(1, 2)), Part("c", Fraction(9), None)]
    )
    assert [(row.share, row.product) for row in found.rows] == [
        (Fraction(3, 4), Fraction(3, 4)), (Fraction(1, 4), Fraction(1, 8)), (None, None),
    ]  # fmt: skip
    assert (found.progress, found.unknown, found.weight) == (Fraction(7, 8), 1, 4)


@pytest.mark.parametrize(
    ("baseline", "values", "progress"),
    [
        ("10", [(2024, "20", "15")], Fraction(1, 2)),
        ("20", [(2024, "10", "15")], Fraction(1, 2)),  # downwards
        ("10", [(2023, "12", "11"), (2025, "20", None)], Fraction(1, 10)),  # the last target, the last measure
        ("10", [(2024, "20", "30")], Fraction(1)),
        ("10", [(2024, "20", "5")], Fraction(0)),
        (None, [(2024, "20", "15")], None),
        ("10", [(2024, "20", None)], None),
        ("10", [(2024, None, "15")], None),
        ("10", [(2024, "10", "10")], Fraction(1)),
        ("10", [(2024, "10", "9")], None),
        ("10", [], None),
    ],
)
def test_indicators(baseline: str | None, values: list[tuple[int, str | None, str | None]], progress: object) -> None:
    plain = [(year, target and Decimal(target), actual and Decimal(actual)) for year, target, actual in values]
    assert indicator_progress(baseline and Decimal(baseline), plain) == progress  # type: ignore[arg-type]


@given(NUMBERS, st.lists(st.tuples(st.integers(1990, 2100), NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_an_indicator_is_between_nothing_and_all(baseline: Decimal, values: list[tuple[int, Decimal, Decimal]]) -> None:
    progress = indicator_progress(baseline, values)
    assert progress is None or 0 <= progress <= 1


def test_what_says_how_far_an_action_is() -> None:
    half = [Part("a", Fraction(1), Fraction(1)), Part("b", Fraction(1), Fraction(0))]
    assert (action_progress(30, "done", half).progress, action_progress(30, "done", half).basis) == (
        Fraction(3, 10), "stated",
    )  # fmt: skip
    assert (action_progress(None, "done", half).progress, action_progress(None, "done", half).basis) == (
        Fraction(1, 2), "measured",
    )  # fmt: skip
    assert (action_progress(None, "done", []).progress, action_progress(None, "done", []).basis) == (1, "status")
    assert (action_progress(None, "ongoing", []).progress, action_progress(None, "ongoing", []).basis) == (None, "")
    assert action_progress(0, "", []).progress == 0
