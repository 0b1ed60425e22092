"""How near long texts are to a question."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.texts.nearest import by_nearest


def test_a_text_is_as_near_as_its_three_nearest_passages() -> None:
    near = np.array([0.1, 0.9, 0.6, 0.3, 0.7, np.nan])
    found = by_nearest(near, np.array([0, 0, 0, 0, 2, 3]), np.zeros(6, np.int64), 4)
    assert found[[0, 2]] == pytest.approx([0.6, 0.7])
    assert np.isnan(found[[1, 3]]).all()


def test_a_translation_neither_lifts_a_text_nor_lowers_it() -> None:
    near, languages = np.array([0.9, 0.3, 0.8, 0.1, 0.1]), np.array([0, 0, 1, 1, 1])
    assert by_nearest(near, np.zeros(5, np.int64), languages, 1) == pytest.approx([0.6])


def test_nothing_that_is_read_is_near_to_nothing() -> None:
    assert np.isnan(by_nearest(np.full(2, np.nan), np.array([0, 1]), np.zeros(2, np.int64), 2)).all()
