"""What makes a proposal one an expert would sign: main matters, agreement, whom a call is for, the first three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sympolis.engine.match import fitting_calls, synergies
from sympolis.engine.match.choice import choose
from sympolis.engine.match.conditions.bodies import named_kinds
from sympolis.engine.match.eligibility import is_for
from sympolis.engine.match.features import TOPIC_THEMES, Comparison, compare_items
from sympolis.engine.match.items import DECLARED, NOT_DECLARED, PROMINENCE, about
from sympolis.engine.model import (
    Call,
    Item,
    ItemKind,
    PartialDate,
    Portfolio,
    Provenance,
    Stage,
    Strength,
    Synergy,
    SynergyKind,
)
from sympolis.engine.texts.themes import concepts, tag
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

ON = date(2026, 11, 23)
PLACES = {concept.code: at for at, concept in enumerate(concepts("theme"))}
NEED = ItemKind.NEED
PROJECT = ItemKind.PROJECT


def sides(left: Item, right: Item) -> tuple[Portfolio, Portfolio]:
    return Portfolio("a", "city", "FR", (left,)), Portfolio("b", "metropolitan-authority", "ES", (right,))


def test_themes_written_first_count_most_and_those_only_read_least(vectors: Vectors) -> None:
    one = item("x", NEED, "Shared bicycles", themes=("water", "climate", "health", "culture", "sport"))
    [read] = tag(["Shared bicycles"], "theme", vectors)
    scores = {found.code: 0.9 * found.score for found in read}
    [sure] = about([one], vectors)
    for order, code in enumerate(one.themes):
        far = PROMINENCE[min(order, 3)]
        expected = far * (1 - (1 - scores.get(code, 0.0)) * (1 - DECLARED))
        assert sure[PLACES[code]] == pytest.approx(expected, abs=1e-5)
    assert sure[PLACES["mobility"]] == pytest.approx(NOT_DECLARED * scores["mobility"], abs=1e-5)


def made(text: float, themes: float, declared: int) -> Comparison:
    """A comparison of one pair with what is said of it."""
    lefts = [item("l", NEED, "l", themes=("water",) if declared > 0 else ())]
    rights = [item("r", NEED, "r", themes=("water",) if declared > 1 else ())]
    matrix = np.array([[text]], np.float32)
    nothing = np.zeros((1, len(PLACES)), np.float32)
    parts = {"themes": np.array([[themes]], np.float32)}
    return Comparison(lefts, rights, matrix, {}, None, nothing, nothing, parts)


@pytest.mark.parametrize(("declared", "topic"), [(0, 0.8), (1, 0.8 * 0.8 + 0.2 * 0.4), (2, 0.55 * 0.8 + 0.45 * 0.4)])
def test_themes_count_as_far_as_somebody_declared_them(declared: int, topic: float) -> None:
    assert TOPIC_THEMES == (0.0, 0.2, 0.45)
    assert made(0.8, 0.4, declared).topic[0, 0] == pytest.approx(topic, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "themes", "left"),
    [(0.5, 0.65, 1.0), (0.9, 0.9, 1.0), (0.0, 0.9, 0.4), (0.25, 0.9, 0.7), (0.9, 0.0, 0.4), (0.25, 0.325, 0.49)],
)
def test_a_proposal_takes_a_main_theme_and_like_texts(text: float, themes: float, left: float) -> None:
    compared = made(text, themes, 2)
    assert compared.agreed[0, 0] == pytest.approx(float(compared.topic[0, 0]) * left, abs=1e-6)


def test_the_coast_does_not_answer_who_looks_for_water(vectors: Vectors) -> None:
    need = item("w", NEED, "Garantir l'aigua a trenta anys vista", language="ca", themes=("water", "climate"))
    coast = item("c", PROJECT, "Coastal protection strategy", themes=("coast", "climate"), stage=Stage.FINISHED)
    reuse = item("r", PROJECT, "Reclaimed water for the aquifer", themes=("water", "climate"), stage=Stage.FINISHED)
    pairs = compare_items([need], [coast, reuse], vectors).agreed[0]
    assert pairs[0] < 0.35 < pairs[1]
    assert synergies(*sides(need, coast), [], [], ON, vectors=vectors) == []
    [found] = synergies(*sides(need, reuse), [], [], ON, vectors=vectors)
    assert (found.kind, [one.id for one in found.items]) == (SynergyKind.EXCHANGE, ["r", "w"])


def test_work_of_both_sides_is_not_proposed_with_further_work(vectors: Vectors) -> None:
    ours = item("ours", PROJECT, "Bicycle lanes between towns", themes=("mobility",), stage=Stage.ONGOING)
    both = item("both", PROJECT, "Bicycle lanes of the metropolis", themes=("mobility",), stage=Stage.ONGOING)
    apart = synergies(*sides(ours, both), [], [], ON, vectors=vectors)
    assert SynergyKind.JOINT_PROJECT in {one.kind for one in apart}
    left, right = Portfolio("a", "city", "FR", (ours, both)), Portfolio("b", "city", "ES", (both,))
    together = synergies(left, right, [], [], ON, vectors=vectors)
    # Ours may still be of use to what both do; it is no second joint project.
    assert [(one.kind, one.items[0].id) for one in together] == [(SynergyKind.EXCHANGE, "ours")]


def call(key: str = "c", title: str = "Bicycles in cities", **rest: object) -> Call:
    known = {"themes": ("mobility",), "closes": PartialDate.parse("2027-06-30")} | rest
    return Call(key, {"en": title}, Provenance("portal", "1"), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stages", "themes", "applied"),
    [
        ((Stage.ONGOING, Stage.FINISHED), ("mobility",), True),
        ((Stage.FINISHED, Stage.ONGOING), ("mobility",), True),
        ((Stage.FINISHED, Stage.FINISHED), ("mobility",), False),
        ((Stage.ONGOING, Stage.ONGOING), ("tourism",), False),
    ],
)
def test_who_has_done_it_can_apply_with_who_is_at_it(
    vectors: Vectors, stages: tuple[Stage, Stage], themes: tuple[str, ...], applied: bool
) -> None:
    left = item("l", PROJECT, "Shared bicycles in the city", themes=("mobility",), stage=stages[0])
    right = item("r", PROJECT, "Bicycles for commuters in the city", themes=("mobility",), stage=stages[1])
    found = synergies(*sides(left, right), [call(themes=themes)], [], ON, vectors=vectors)
    assert (SynergyKind.JOINT_APPLICATION in {one.kind for one in found}) is applied


def test_a_call_must_fit_both_sides(vectors: Vectors) -> None:
    ours = [item("l", PROJECT, "Shared bicycles in the city", themes=("mobility",), stage=Stage.ONGOING)]
    theirs = [item("r", PROJECT, "Bicycles for commuters", themes=("mobility",), stage=Stage.ONGOING)]
    others = [item("o", PROJECT, "A museum of the sea", themes=("culture",), stage=Stage.ONGOING)]
    calls = [call()]
    [alone] = fitting_calls(ours, calls, [], [], ON, vectors=vectors)
    [second] = fitting_calls(theirs, calls, [], [], ON, vectors=vectors)
    [both] = fitting_calls(ours, calls, [], [], ON, vectors=vectors, with_them=theirs)
    # What speaks against the call is counted once: (a * w * b * w) ** .5 == both.
    assert both.score == pytest.approx((alone.score * second.score) ** 0.5, abs=1e-5)
    lonely = fitting_calls(ours, calls, [], [], ON, vectors=vectors, with_them=others)
    assert all(fit.score < alone.score / 2 for fit in lonely)


def test_a_call_for_cities_is_one_for_what_cities_make_up_together(vectors: Vectors) -> None:
    named = call(eligible_kinds=("city", "ngo"))
    assert named_kinds(named) == {"city", "ngo", "metropolitan-authority"}
    assert named_kinds(call(eligible_kinds=("region",))) == {"region"}
    bikes = [item("l", PROJECT, "Bicycles in the city", themes=("mobility",), stage=Stage.ONGOING)]
    [fit] = fitting_calls(bikes, [named], [], ["metropolitan-authority"], ON, vectors=vectors)
    assert "kind-not-named" not in {feature.detail for feature in fit.against}
    assert {"kinds": ["metropolitan-authority"]} in [dict(feature.values) for feature in fit.features]


@pytest.mark.parametrize(
    ("changed", "kinds", "left"),
    [
        ({}, ["city"], 1.0),
        ({"title": {"en": "Photonic chips"}}, ["city"], 0.65),
        ({"title": {"en": "Photonic chips"}}, ["company"], 1.0),
        ({"title": {"en": "Photonic chips"}, "eligible_kinds": ("research",)}, ["city"], 1.0),
        ({"title": {"en": "Photonic chips"}, "summary": {"en": "A city, cities, urban."}}, ["region"], 0.9),
        ({"title": {"en": "Photonic chips"}, "summary": {"en": "A city and a chip."}}, ["city"], 0.65),
        ({"title": {"ar": "حلول من أجل المدن"}}, ["city"], 1.0),
        ({"programme": "European Defence Fund"}, ["metropolitan-authority"], 0.3),
        ({"id": "an-officer-s-own", "title": {"en": "Photonic chips"}}, ["city"], 1.0),
    ],
)
def test_whom_a_call_of_the_world_is_for(changed: dict[str, object], kinds: list[str], left: float) -> None:
    assert is_for(replace(call("portal:1"), **changed), kinds) == left  # type: ignore[arg-type]


def proposal(kind: SynergyKind, theme: str, score: float, *ids: str, example: bool = False) -> Synergy:
    items = tuple(replace(item(key, NEED, key), illustrative=example) for key in ids)
    return Synergy(f"{kind}-{theme}", kind, score, Strength.FAIR, "a", "b", items, theme)


def test_the_first_three_are_the_best_and_what_adds_most_to_it() -> None:
    exchange, joint, apply = SynergyKind.EXCHANGE, SynergyKind.JOINT_PROJECT, SynergyKind.JOINT_APPLICATION
    ranked = [
        proposal(exchange, "water", 0.8, "a", "b"),
        proposal(joint, "water", 0.75, "c", "d"),
        proposal(joint, "energy", 0.7, "a", "e"),
        proposal(joint, "mobility", 0.65, "f", "g"),
        proposal(apply, "agri-food", 0.6, "h", "i", example=True),
        proposal(apply, "climate", 0.5, "j", "k"),
        proposal(SynergyKind.ADVOCACY, "housing", 0.49, "l", "m"),
    ]
    chosen = choose(ranked, 5)
    assert [one.id for one in chosen[:3]] == ["exchange-water", "joint-project-mobility", "joint-application-climate"]
    assert len(chosen) == 5
    assert len({one.id for one in chosen}) == 5


def test_a_weak_third_does_not_push_out_a_strong_second() -> None:
    exchange, give = SynergyKind.EXCHANGE, SynergyKind.ASSISTANCE
    ranked = [
        proposal(exchange, "water", 0.8, "a", "b"),
        proposal(exchange, "energy", 0.7, "c", "d"),
        proposal(give, "economy", 0.3, "e", "f"),
    ]
    assert [one.id for one in choose(ranked, 3)] == ["exchange-water", "exchange-energy", "assistance-economy"]
    assert choose([], 3) == []
