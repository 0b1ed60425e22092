"""What answers teach: little from few, within bounds, the same from the same, never a worse order of the answers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolis.engine.errors import EngineError
from sympolis.engine.match.learning import (
    CALL_WEIGHTS,
    LEAST,
    MOST,
    SYNERGY_WEIGHTS,
    Answer,
    Answered,
    calls_as_learnt,
    learn,
    lift,
    scores_by_name,
    synergies_as_learnt,
    weighed,
)
from sympolis.engine.match.partners import WEIGHTS, partners
from sympolis.engine.model import (
    Call,
    CallFit,
    Feature,
    Item,
    ItemKind,
    Provenance,
    Strength,
    Synergy,
    SynergyKind,
)

SHIPPED = {"near": 0.5, "circle": 0.3, "size": 0.2}
SCORES = st.floats(0, 1).map(lambda score: round(score, 3))
ROWS = st.fixed_dictionaries(dict.fromkeys(SHIPPED, SCORES))
ANSWERS = st.lists(st.builds(Answered, ROWS, st.sampled_from(Answer)), max_size=25)


def said(answer: str, score: float | None = None, **features: float) -> Answered:
    return Answered(features, Answer(answer), score)


def against_near(times: int) -> list[Answered]:
    """No to what is near, yes to what is in the circle; near was ranked first."""
    return [said("no", near=0.8, circle=0.2), said("yes", near=0.4, circle=0.7)] * times


def test_nothing_is_learnt_from_nothing() -> None:
    learnt = learn([], SHIPPED)
    assert (learnt.answers, learnt.is_used, learnt.now) == (0, False, SHIPPED)
    assert set(learnt.multipliers.values()) == {1.0}


def test_three_answers_change_little_and_a_hundred_much() -> None:
    few = learn(against_near(2)[:3], SHIPPED)
    assert (few.answers, few.is_used) == (3, True)
    assert all(abs(one - 1) < 0.025 for one in few.multipliers.values())
    many = learn(against_near(120), SHIPPED)
    assert many.multipliers["near"] == LEAST
    assert 1.2 < many.multipliers["circle"] <= MOST
    assert many.multipliers["size"] == 1


def test_answers_against_a_feature_lower_it_step_by_step_and_never_turn_it() -> None:
    steps = [learn(against_near(times), SHIPPED).multipliers["near"] for times in (1, 2, 4, 8, 16, 200)]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] < 1
    assert steps[-1] == LEAST > 0


def test_what_speaks_for_and_against_is_counted_where_it_spoke() -> None:
    learnt = learn([*against_near(2), said("yes", near=0.29, size=0.3)], SHIPPED)
    assert learnt.spoke_for == {"near": 2, "circle": 2, "size": 1}
    assert learnt.spoke_against == {"near": 2, "circle": 0, "size": 0}


def test_later_counts_as_neither() -> None:
    answers = against_near(10)
    later = [said("later", near=1.0), said("later", circle=1.0, size=0.5)]
    assert learn([*later, *answers, *later], SHIPPED) == learn(answers, SHIPPED)
    assert learn(later, SHIPPED).answers == 0


def test_two_who_disagree_on_everything_cancel_out() -> None:
    rows = [{"near": 0.9, "circle": 0.1}, {"near": 0.2, "circle": 0.7}, {"size": 1.0}]
    both = [Answered(row, answer) for row in rows for answer in (Answer.YES, Answer.NO)]
    learnt = learn(both, SHIPPED)
    assert (learnt.answers, learnt.is_used) == (6, False)
    assert set(learnt.multipliers.values()) == {1.0}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_answer_to_everything_says_nothing_of_any_feature(answer: str) -> None:
    learnt = learn([said(answer, near=0.1 * number, size=0.5) for number in range(1, 11)], SHIPPED)
    assert set(learnt.multipliers.values()) == {1.0}
    assert (learnt.answers, learnt.shipped_order, learnt.learnt_order, learnt.is_used) == (10, None, None, False)


def test_multipliers_that_order_the_answers_worse_are_not_used() -> None:
    answers = [
        said("no", near=0.1, circle=0.8, size=0.8),
        said("no", near=0.1, circle=0.8, size=0.5),
        said("no", near=0.8, circle=0.1),
        said("no", near=0.4, circle=0.8),
        said("yes", near=0.3, circle=0.8, size=0.6),
        said("yes", near=0.9),
    ]
    learnt = learn(answers, SHIPPED)
    assert (learnt.shipped_order, learnt.learnt_order) == (0.9375, 0.875)
    assert (learnt.is_used, learnt.now) == (False, SHIPPED)


def test_what_has_no_weight_or_says_nothing_teaches_nothing() -> None:
    strange = [said("no", other=1.0), said("no"), said("no", near=0.0)]
    assert learn([*strange, *against_near(5)], SHIPPED) == learn(against_near(5), SHIPPED)
    with pytest.raises(EngineError, match=r"The weight of far is not above 0\. Leave out what has no weight\."):
        learn([], {"near": 1.0, "far": 0.0})


def test_the_newest_thousand_count() -> None:
    old = [said("yes", near=0.8, circle=0.2), said("no", near=0.4, circle=0.7)] * 20
    assert learn([*old, *against_near(500)], SHIPPED) == learn(against_near(500), SHIPPED)


@settings(max_examples=60)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_bounds_hold_and_the_order_of_the_answers_is_never_worse(answers: list[Answered], shuffle: object) -> None:
    learnt = learn(answers, SHIPPED)
    assert all(LEAST <= one <= MOST for one in learnt.multipliers.values())
    assert sum(learnt.now.values()) == pytest.approx(1)
    if learnt.is_used:
        assert learnt.learnt_order >= learnt.shipped_order  # type: ignore[operator]
    assert learn(answers, SHIPPED) == learnt
    mixed = list(answers)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    again = learn(mixed, SHIPPED)
    assert again.multipliers == pytest.approx(learnt.multipliers, abs=1e-5)


@settings(max_examples=60)
@given(ROWS, ROWS)
def test_a_lift_is_the_mean_of_the_multipliers_that_speak(features: dict[str, float], steps: dict[str, float]) -> None:
    multipliers = {name: 0.5 + 1.5 * step for name, step in steps.items()}
    assert 0.5 - 1e-9 <= lift(features, SHIPPED, multipliers) <= 2 + 1e-9
    assert lift(features, SHIPPED, {}) == pytest.approx(1)
    assert lift({"near": 1.0}, SHIPPED, multipliers) == pytest.approx(multipliers["near"])
    assert lift({"strange": 1.0}, SHIPPED, multipliers) == 1


def test_weights_share_the_same_sum() -> None:
    assert weighed(SHIPPED, {"near": 0.5}) == pytest.approx({"near": 1 / 3, "circle": 0.4, "size": 0.2 / 0.75})
    for weights in (CALL_WEIGHTS, SYNERGY_WEIGHTS):
        assert sum(weights.values()) == pytest.approx(1)


def test_texts_compared_in_several_ways_are_one_feature() -> None:
    told = [Feature("text-fast", 0.4), Feature("text-careful", 0.61234), Feature("themes", 0.5), Feature("themes", 0.2)]
    assert scores_by_name(told) == {"text": 0.6123, "themes": 0.5}


def test_partners_are_ranked_by_the_weights_as_learnt() -> None:
    graph = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("c", "e"), ("e", "f")]
    plain, stretched = (partners(graph, ["a"], multipliers=one) for one in ({}, {"chains": 0.5, "circle": 1.0}))
    assert [one.partner for one in plain] == ["d", "f", "e"]
    scores = {one.partner: one.score for one in plain}, {one.partner: one.score for one in stretched}
    assert scores[1]["f"] < scores[0]["f"]
    assert scores[1]["d"] > scores[0]["d"]
    assert [one.features for one in plain] == [
        next(one.features for one in stretched if one.partner == each.partner) for each in plain
    ]
    assert partners(graph, ["a"], multipliers=dict.fromkeys(WEIGHTS, 1.0)) == plain


def synergy(number: int, score: float, **features: float) -> Synergy:
    kinds = (SynergyKind.EXCHANGE, SynergyKind.JOINT_PROJECT)
    item = Item(id=f"i{number}", kind=ItemKind.NEED, title={"en": "x"}, owner_id="o")
    told = tuple(Feature(name, part) for name, part in features.items())
    return Synergy(
        f"s{number}", kinds[number % 2], score, Strength.FAIR, "a", "b", (item,), ("water", "noise")[number % 2],
        features=told,
    )  # fmt: skip


def test_ways_and_calls_stand_in_the_order_learnt_and_are_as_they_were() -> None:
    ways = [synergy(0, 0.6, themes=0.9), synergy(1, 0.55, text=0.9), synergy(2, 0.3, text=0.5)]
    assert synergies_as_learnt(ways, {}) == synergies_as_learnt(ways, dict.fromkeys(SYNERGY_WEIGHTS, 1.0)) == ways
    assert synergies_as_learnt(ways, {"text": 1.5}) == [ways[1], ways[0], ways[2]]
    about = Provenance("s", "1", "", date(2026, 1, 1), True, False)
    calls = [
        CallFit(Call(f"c{at}", {"en": "x"}, about), score, Strength.FAIR, (Feature(name, 0.8),), ())
        for at, (score, name) in enumerate([(0.6, "themes"), (0.5, "text")])
    ]
    assert calls_as_learnt(calls, {}) == calls
    assert calls_as_learnt(calls, {"themes": 0.6}) == calls[::-1]
