"""What officers teach who agree with the judged cases keeps their order, on feature values kept beside them."""

from __future__ import annotations

from statistics import mean

import pytest

from sympolis.engine.match.learning import LEAST, MOST, Answer
from tests.quality.test_judged import loaded

learning = loaded("learning")


def test_partners_of_other_towns_stand_as_well_as_shipped() -> None:
    rows, _, _ = learning.read_stored()
    taught = learning.by_officers(rows, officers=4, towns=15, shown=12)
    assert [learnt.answers for learnt, _, _ in taught] == [180] * 4
    for learnt, _, _ in taught:
        assert all(LEAST <= one <= MOST for one in learnt.multipliers.values())
    shipped, now = mean(before for _, before, _ in taught), mean(after for _, _, after in taught)
    assert now >= shipped - 0.005  # the noise of sixty towns


def test_pairs_that_work_stand_before_others_as_often_as_shipped() -> None:
    _, pairs, _ = learning.read_stored()
    assert len(pairs) == 30
    assert sum(pair.answer is Answer.YES for pair in pairs) == 15
    before, after = learning.left_out(pairs)
    assert before == pytest.approx(0.791, abs=0.001)
    assert after >= before


def test_calls_that_fit_other_needs_stand_as_well_as_shipped() -> None:
    _, _, needs = learning.read_stored()
    assert len(needs) == 46
    taught = learning.by_officers_of_needs(needs, officers=10, asked=20)
    assert [learnt.answers for learnt, _, _ in taught] == [200] * 10
    for learnt, _, _ in taught:
        assert all(LEAST <= one <= MOST for one in learnt.multipliers.values())
    shipped, now = mean(before for _, before, _ in taught), mean(after for _, _, after in taught)
    assert shipped == pytest.approx(0.6205, abs=0.001)
    assert now >= shipped - learning.NEEDS_MAY_FALL


def test_feature_values_of_other_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "WEIGHTS", {"circle": 1.0})
    with pytest.raises(ValueError, match=r"learning.json holds other features .* run quality/learning.py --store"):
        learning.read_stored()
