"""Whom to work with next."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolis.engine.errors import EngineError
from sympolis.engine.match.links import Links
from sympolis.engine.match.partner_bodies import PartnerBody
from sympolis.engine.match.partners import LINK_WEIGHTS, WEIGHTS, PartnerSuggestion, partners
from sympolis.engine.model import Feature

# b and c are partners of a; d is a partner of both, e of c alone, f only of e; g and h stand apart.
GRAPH = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("c", "e"), ("e", "f"), ("g", "h")]
NAMES = st.sampled_from("abcdefghij")
GRAPHS = st.lists(st.tuples(NAMES, NAMES), max_size=25)


def suggested(found: list[PartnerSuggestion]) -> list[str]:
    return [one.partner for one in found]


def features(one: PartnerSuggestion) -> dict[str, tuple[str, object]]:
    return {feature.name: (feature.detail, feature.values) for feature in one.features}


def test_who_shares_most_partners_comes_first_and_who_is_out_of_reach_never() -> None:
    assert suggested(partners(GRAPH, ["a"])) == ["d", "f", "e"]  # f is the end of the only chain


def test_the_best_of_an_asked_one_by_every_comparison_of_links_has_all_their_weight() -> None:
    first = partners([("a", "b"), ("b", "c")], ["a"])
    assert [(one.partner, one.score) for one in first] == [("c", 0.73)]  # no chain of three links is there


def test_reasons_name_who_the_partners_in_common_and_the_chains_are() -> None:
    best, last, second = partners(GRAPH, ["a"])
    assert features(best)["common-partners"] == ("partners-in-common", {"partners": ["b", "c"], "count": 2})
    assert features(second)["common-partners"] == ("partners-in-common", {"partners": ["c"], "count": 1})
    assert "chains" not in features(best)
    assert features(last)["chains"] == ("partners-chosen-alike", {"chains": [["c", "e"]], "count": 1})
    assert "common-partners" not in features(last)
    assert partners(GRAPH, ["a"], reasons=False)[0].features == ()


def test_partners_in_common_weigh_by_the_root_of_their_number_of_partners() -> None:
    best, _, second = partners(GRAPH, ["a"])
    told = [{feature.name: feature.score for feature in one.features}["common-partners"] for one in (best, second)]
    assert told == [1.0, 0.4495]  # 1/√3 of 1/√2 + 1/√3


def test_who_has_many_partners_is_found_a_little_less_easily() -> None:
    hub = [("busy", f"h{number}") for number in range(7)]
    found = partners([("a", "b"), ("b", "quiet"), ("b", "busy"), ("b", "c"), ("c", "end"), *hub], ["a"])
    told = {one.partner: {feature.name: feature.score for feature in one.features} for one in found}
    assert [told[name]["common-partners"] for name in ("quiet", "c", "busy")] == [1.0, 0.933, 0.8123]  # 2^-.1, 8^-.1
    assert told["end"]["chains"] == 1.0
    assert told["h0"]["chains"] == 0.3789  # its chain goes on from eight partners, the other from two: 4^-.7


def test_sizes_are_compared_by_their_ratio() -> None:
    bodies = [PartnerBody("a", population=50_000), PartnerBody("b", population=60_000), PartnerBody("c")]
    found = partners([], ["a"], bodies=bodies)
    assert [(one.partner, one.features) for one in found] == [
        ("b", (Feature("similar-size", 0.8333, "similar-size", {"populations": [50_000, 60_000]}),))
    ]


def test_partners_with_few_partners_say_more() -> None:
    hub = [("hub", f"h{number}") for number in range(20)]
    found = partners([("a", "few"), ("few", "z"), ("a", "hub"), *hub], ["a"], 1)
    assert suggested(found) == ["z"]


def test_each_asked_one_is_answered_once_in_turn_and_a_stranger_not() -> None:
    found = partners(GRAPH, ["g", "nobody", "f", "a", "f"], 1)
    assert [(one.asked, one.partner) for one in found] == [("f", "c"), ("a", "d")]


def test_equal_scores_come_in_the_order_of_the_ids() -> None:
    star = [("m", name) for name in ("x", "c", "b", "a")]
    found = partners(star, ["x"], 2)
    assert suggested(found) == ["a", "b"]
    assert len({one.score for one in partners(star, ["x"])}) == 1


@pytest.mark.parametrize("relations", [[], [("a", "a")]])
def test_without_links_nothing_speaks_for_anybody(relations: list[tuple[str, str]]) -> None:
    assert partners(relations, ["a"]) == []


@settings(max_examples=60)
@given(GRAPHS, st.randoms(use_true_random=False), st.floats(0, 1))
def test_known_partners_are_never_suggested_and_order_changes_nothing(graph: list, shuffle: object, new: float) -> None:
    found = partners(graph, "abcdefghij", novelty=new)
    linked = {frozenset(pair) for pair in graph}
    assert all(frozenset((one.asked, one.partner)) not in linked and one.asked != one.partner for one in found)
    assert all(0 < one.score <= 1 for one in found)
    turned = [(b, a) for a, b in graph]
    shuffle.shuffle(turned)  # type: ignore[attr-defined]
    assert partners([*turned, *graph], "abcdefghij", novelty=new) == found


@settings(max_examples=40)
@given(GRAPHS)
def test_asked_alone_or_together_is_the_same(graph: list[tuple[str, str]]) -> None:
    assert [one for name in "abcdefghij" for one in partners(graph, [name])] == partners(graph, "abcdefghij")


@settings(max_examples=40)
@given(GRAPHS)
def test_links_spread_as_a_matrix_would(graph: list[tuple[str, str]]) -> None:
    links = Links(graph, ["z"])
    matrix = np.zeros((len(links), len(links)), np.float32)
    for a, b in graph:
        if a != b:
            matrix[links.at[a], links.at[b]] = matrix[links.at[b], links.at[a]] = 1
    held = np.arange(len(links) * 2, dtype=np.float32).reshape(-1, 2)
    assert links.spread(held).tolist() == (matrix @ held).tolist()


@settings(max_examples=60)
@given(GRAPHS, st.floats(0, 1), st.floats(0, 1))
def test_more_novelty_never_moves_the_more_familiar_ahead(graph: list, one: float, other: float) -> None:
    less, more = sorted((one, other))
    plain = {(each.asked, each.partner): each.score for each in partners(graph, "abc", 50)}
    most = {(each.asked, each.partner): each.score for each in partners(graph, "abc", 50, novelty=1.0)}
    before, after = (
        {(each.asked, each.partner): each.score for each in partners(graph, "abc", 50, novelty=novelty)}
        for novelty in (less, more)
    )
    strange = {pair: most.get(pair, 0.0) / score for pair, score in plain.items()}
    for left in plain:
        for right in plain:
            if left[0] == right[0] and strange[left] >= strange[right] and before[left] >= before[right] + 1e-5:
                assert after.get(left, 0.0) >= after.get(right, 0.0) - 1e-5


def test_full_novelty_leads_past_the_usual_suspect() -> None:
    hub = [("hub", f"h{number}") for number in range(30)]
    graph = [*hub, ("a", "b"), ("a", "c"), ("b", "hub"), ("c", "hub"), ("c", "quiet")]
    assert suggested(partners(graph, ["a"], 1)) == ["hub"]
    order = suggested(partners(graph, ["a"], 50, novelty=1.0))
    assert order.index("quiet") < order.index("hub")


def test_a_newcomer_without_links_is_found_and_answered_by_what_it_is() -> None:
    bodies = [
        PartnerBody("a", country="FR", population=50_000, languages=("fr",), themes=("water",)),
        PartnerBody("b", country="DE", population=60_000),
        PartnerBody("new", country="DE", population=50_000, languages=("fr",), themes=("water",)),
        PartnerBody("far", country="JP", population=9_000_000, languages=("ja",), themes=("culture",)),
    ]
    relations = [("a", "b")]
    assert suggested(partners(relations, ["a"], bodies=bodies))[0] == "new"
    found = partners(relations, ["new"], bodies=bodies)
    assert suggested(found)[0] == "a"
    told = features(found[0])
    assert told["shared-language"] == ("shared-language", {"languages": ["fr"]})
    assert told["shared-themes"] == ("shared-themes", {"themes": ["water"]})
    assert told["countries-tied"] == ("countries-tied", {"countries": ["DE", "FR"]})


def test_neighbours_of_partners_are_found_with_who_they_are() -> None:
    bodies = [
        PartnerBody("a", latitude=48.0, longitude=2.0),
        PartnerBody("beside-a", latitude=48.1, longitude=2.1),
        PartnerBody("partner", latitude=52.0, longitude=13.0),
        PartnerBody("beside-it", latitude=52.1, longitude=13.1),
        *(PartnerBody(f"far{number}", latitude=-30.0 - number, longitude=100.0) for number in range(12)),
    ]
    found = partners([("a", "partner")], ["beside-a"], bodies=bodies)
    assert suggested(found)[:3] == ["a", "partner", "beside-it"]
    assert features(found[1])["neighbours-ties"] == ("neighbours-ties", {"pairs": [["a", "partner"], ["partner", "a"]]})
    near = next(one for one in partners([("a", "partner")], ["a"], bodies=bodies) if one.partner == "beside-a")
    assert features(near)["near"] == ("near", {"km": 13})


def test_who_is_beside_a_partner_in_a_new_country_that_bodies_around_know_is_told_so() -> None:
    bodies = [
        PartnerBody("a", country="FR", latitude=48.0, longitude=2.0),
        PartnerBody("beside-a", country="FR", latitude=48.1, longitude=2.1),
        PartnerBody("far", country="FR", latitude=43.0, longitude=5.0),
        PartnerBody("b", country="DE", latitude=52.0, longitude=13.0),
        PartnerBody("beside-b", country="DE", latitude=52.1, longitude=13.1),
    ]
    found = partners([("a", "b"), ("a", "far")], ["beside-a", "a"], bodies=bodies)
    told = {(one.asked, one.partner): features(one) for one in found}
    new = {"countries": ["FR", "DE"], "new": ["beside-a", "beside-b"]}
    assert told["beside-a", "beside-b"]["first-there"] == ("first-there", new)
    assert told["beside-a", "beside-b"]["around-tied"] == ("around-tied", {"countries": ["DE", "FR"]})
    assert told["a", "beside-b"]["partner-beside"] == ("partner-beside", {"partners": ["b"]})
    half = {"countries": ["FR", "DE"], "new": ["beside-b"]}
    assert told["a", "beside-b"]["first-there"] == ("first-there", half)
    assert "first-there" not in told["a", "beside-a"]
    assert told["beside-a", "far"]["partner-beside"] == ("partner-beside", {"partners": ["a"]})


def test_who_is_near_counts_as_far_as_partners_are_found_in_that_country() -> None:
    here, there = PartnerBody("a", country="FR", latitude=48.0, longitude=2.0), PartnerBody("b", country="DE")
    home = PartnerBody("home", country="FR", latitude=48.1, longitude=2.1)
    near = []
    for links in ([], [("a", "b")]):
        found = partners(links, ["a"], bodies=[here, there, home])
        near += [each.score for one in found for each in one.features if each.name == "near"]
    assert near == [0.9353, 0.6927]  # one link to DE: FR with itself a sixth of that, .74 on the scale of ties


def test_what_is_not_known_says_nothing() -> None:
    assert partners([], ["a"], bodies=[PartnerBody("a"), PartnerBody("b")]) == []


def test_weights_are_shares_of_one() -> None:
    for weights in (LINK_WEIGHTS, WEIGHTS):
        assert sum(weights.values()) == pytest.approx(1)


@given(GRAPHS, st.frozensets(NAMES))
def test_only_some_are_suggested_with_the_scores_they_have_among_all(graph: list, only: frozenset[str]) -> None:
    among_all = [one for one in partners(graph, ["a"]) if one.partner in only]
    assert partners(graph, ["a"], only=only) == among_all
    assert partners(graph, ["a"], 1, only=only) == among_all[:1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": 0}, "A limit of 0 asks for nothing. Give 1 or more."),
        ({"novelty": 1.5}, "Novelty 1.5 is not between 0 and 1. 0 is the likeliest, 1 the least usual."),
        ({"novelty": float("nan")}, "Novelty nan is not between 0 and 1. 0 is the likeliest, 1 the least usual."),
        ({"bodies": [PartnerBody("a"), PartnerBody("a")]}, "Body a is described twice. Keep one row of it."),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict, said: str) -> None:
    with pytest.raises(EngineError) as refused:
        partners(GRAPH, ["a"], **asked)
    assert str(refused.value) == said


@pytest.mark.parametrize("name", ["🙂", "برشلونة", "Кировск\u200f", "x" * 100_000, ""])
def test_ids_of_any_script_and_length_are_only_ids(name: str) -> None:
    assert suggested(partners([(name, "b"), ("b", "c")], [name])) == ["c"]
