"""Figures of matching are held to what this processor's rounding explains, and to no more."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.quality.test_judged import QUALITY, loaded


@pytest.fixture(scope="module")
def run() -> ModuleType:
    sys.path.insert(0, str(QUALITY))
    try:
        return loaded("run")
    finally:
        sys.path.remove(str(QUALITY))


def test_the_processor_says_how_it_rounds(run: ModuleType) -> None:
    assert run.way_of_rounding() in ("exact", "saturating")
    assert [run.may_turn(cases) for cases in (40, 384)] == [2, 6]


def test_what_is_missed_by_next_to_nothing_is_close(run: ModuleType) -> None:
    assert run.Tally.of([0.3, 0.001, 0.0, -0.021, -0.023, -0.5]) == run.Tally(2, 6, 2)


def test_a_category_may_lose_a_case_and_the_close_ones_and_a_set_what_rounding_takes(run: ModuleType) -> None:
    floor = {"ca": run.Tally(4, 48, 0), "es": run.Tally(4, 48, 0)}

    def said(ca: int, close: int, es: int) -> list[str]:
        ours = {"ca": run.Tally(ca, 48, close), "es": run.Tally(es, 48, 0)}
        found: list[str] = run.verdict(ours, floor, {"ca": 34, "es": 34})
        return found

    assert run.may_turn(96) == 3
    assert said(33, 0, 34) == said(32, 1, 34) == said(33, 0, 33) == []
    assert said(32, 0, 34) == ["ca: 32 right, 0 close, frozen 34"]
    assert said(30, 3, 34) == ["all: 64 right, frozen 68"]
    assert said(3, 48, 48) == ["ca: below counting words", "all: 51 right, frozen 68"]
    assert run.verdict({"ca": run.Tally(34, 48, 0)}, floor, {}) == [
        "nothing was frozen for this way of rounding: --freeze"
    ]
