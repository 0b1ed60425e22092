"""A consortium for a call: exact sets on small cases, every rule met or named, and what holds for any input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolis.engine.errors import EngineError
from sympolis.engine.match.consortium import (
    LARGEST,
    MISSING,
    REASONS,
    RULES,
    USUAL_SIZE,
    Candidate,
    Consortium,
    Options,
    Outcome,
    asked_of,
    build_consortium,
)
from sympolis.engine.match.consortium.regions import region_of
from sympolis.engine.model import Call, Feature, PartialDate, Provenance

ON = date(2026, 9, 1)
LEAD = Candidate("lead", "Barcelona", "ES", "city", {"water": ("p0",)})

DEMANDING = (
    "Consortia must include at least one university and at least one civil society organisation. "
    "Proposals must be submitted by at least 3 applicants from 3 different countries. "
    "Applicants must be established in EU Member States or Tunisia."
)


def a_call(conditions: str = "", summary: str = "", **more: object) -> Call:
    fields: dict[str, object] = {
        "title": {"en": "Water for everybody"},
        "conditions": {"en": conditions} if conditions else {},
        "summary": {"en": summary} if summary else {},
        "themes": ("water", "participation"),
        "closes": PartialDate.parse("2026-12-01"),
    }
    return Call(id="call", provenance=Provenance("office", "call"), **{**fields, **more})  # type: ignore[arg-type]


def body(
    key: str,
    country: str = "FR",
    kind: str = "city",
    works: Mapping[str, Sequence[str]] | None = None,
    score: float = 0.5,
    ties: int = 0,
    partners: int = 1,
) -> Candidate:
    told = {theme: tuple(records) for theme, records in (works or {}).items()}
    return Candidate(key, key.title(), country, kind, told, score, ties, partners)


SMALL = [
    body("lyon", works={"water": ["p1", "p2"]}, score=0.6),
    body("nice", score=0.7),
    body("sfax", "TN", score=0.4),
    body("citizens", "IT", "ngo", {"participation": ["p4"]}, score=0.1),
    body("school", "GR", "research", score=0.05),
    body("boston", "US", "research", {"water": ["p5"], "participation": ["p6"]}, score=0.9),
]


def ids(found: Consortium) -> list[str]:
    return [one.id for one in found.members]


def outcomes(found: Consortium) -> dict[str, Outcome]:
    return {check.rule.code: check.outcome for check in found.checks}


def missing(found: Consortium) -> list[tuple[str, dict[str, object]]]:
    return [(one.code, dict(one.values)) for one in found.missing]


def test_the_set_covers_what_is_asked_and_meets_the_rules() -> None:
    found = build_consortium(a_call(DEMANDING), LEAD, SMALL, ON, Options(size=5))
    assert ids(found) == ["lead", "citizens", "lyon", "school", "sfax"]
    assert outcomes(found) == {
        "at-least": Outcome.MET,
        "from-countries": Outcome.MET,
        "takes-part": Outcome.MET,
        "countries": Outcome.MET,
        "kinds": Outcome.CANT_TELL,
        "deadline": Outcome.MET,
    }
    assert missing(found) == []
    assert (found.size, found.size_from) == (5, "asked")
    covered = {
        one.competence.theme: [(cover.id, cover.strength.value, cover.records) for cover in one.by]
        for one in found.competences
    }
    assert covered == {
        "water": [("lyon", "fair", ("p1", "p2")), ("lead", "weak", ("p0",))],
        "participation": [("citizens", "weak", ("p4",))],
    }
    assert [(one.asked.role, one.asked.must, one.by) for one in found.roles] == [
        ("research", True, ("school",)),
        ("civil-society", True, ("citizens",)),
    ]
    assert [(one.code, one.ids) for one in found.regions] == [
        ("039", ("lead", "citizens", "school")),
        ("015", ("sfax",)),
        ("155", ("lyon",)),
    ]


def test_who_is_surely_out_is_not_chosen_and_what_lacks_is_named() -> None:
    found = build_consortium(a_call(DEMANDING), LEAD, [SMALL[0], SMALL[5]], ON)
    assert ids(found) == ["lead", "lyon"]
    assert outcomes(found)["at-least"] is Outcome.NOT_MET
    assert missing(found) == [
        ("bodies", {"count": 1}),
        ("countries", {"count": 1, "groups": []}),
        ("role-due", {"role": "research", "kinds": ["research"], "count": 1}),
        ("role-due", {"role": "civil-society", "kinds": ["ngo"], "count": 1}),
        ("competence", {"theme": "participation"}),
    ]


def test_who_is_asked_for_by_name_is_in_and_the_rule_it_breaks_names_it() -> None:
    found = build_consortium(a_call(DEMANDING), LEAD, SMALL, ON, Options(size=4, include=("boston",)))
    assert ids(found)[:2] == ["lead", "boston"]
    check = next(one for one in found.checks if one.rule.code == "countries")
    assert (check.outcome, check.values["ids"]) == (Outcome.NOT_MET, ["boston"])
    assert check.rule.passage == "Applicants must be established in EU Member States or Tunisia."
    boston = found.members[1]
    assert [feature.detail for feature in boston.features if feature.detail == "wished"] == ["wished"]


def test_reasons_are_told_with_what_they_rest_on() -> None:
    tied = [replace(one, ties=2) if one.id == "sfax" else one for one in SMALL]
    asked: list[str] = []

    def reasons(keys: Sequence[str]) -> Mapping[str, Sequence[Feature]]:
        asked.extend(keys)
        return {"lyon": (Feature("near", 0.9, "near", {"km": 3}), Feature("circle", 0.1, "wider-circle"))}

    found = build_consortium(a_call(DEMANDING), LEAD, tied, ON, Options(size=5), reasons=reasons)
    assert asked == ["citizens", "lyon", "school", "nice"]  # not Sfax, with whom it works already
    by = {one.id: {feature.detail: feature.values for feature in one.features} for one in found.members}
    assert by["lyon"] == {
        "covers": {"theme": "water", "records": ["p1", "p2"], "count": 2},
        "near": {"km": 3},
        "new-region": {"region": "155", "country": "FR"},
    }
    assert by["sfax"] == {"already-partners": {"count": 2}, "new-region": {"region": "015", "country": "TN"}}
    assert by["school"] == {
        "fills-roles": {"roles": ["research"], "kind": "research"},
        "only-there": {"country": "GR"},
        "needed": {"rules": ["takes-part"], "count": 1},
    }


def test_a_call_that_says_nothing_gets_a_usual_size_that_is_called_so() -> None:
    many = [body(f"o{at:02}", country) for at, country in enumerate(["FR", "IT", "GR", "TN", "MA"] * 4)]
    found = build_consortium(a_call(themes=()), LEAD, many, ON)
    assert (len(found.members), found.size, found.size_from) == (USUAL_SIZE, USUAL_SIZE, "usual")
    assert outcomes(found) == {
        "size-not-told": Outcome.CANT_TELL,
        "countries": Outcome.CANT_TELL,
        "kinds": Outcome.CANT_TELL,
        "deadline": Outcome.MET,
    }
    assert [check.rule.passage for check in found.checks] == [""] * 4


def test_without_candidates_there_is_the_lead_and_everything_is_missing() -> None:
    found = build_consortium(a_call(DEMANDING), LEAD, [], ON)
    assert ids(found) == ["lead"]
    assert [code for code, _ in missing(found)] == ["bodies", "countries", "role-due", "role-due", "competence"]
    assert found.others == ()


def test_nobody_is_taken_for_whom_nothing_speaks_unless_a_rule_needs_somebody() -> None:
    strangers = [body("a", "IT", score=0), body("b", "GR", score=0)]
    assert ids(build_consortium(a_call(), LEAD, strangers, ON)) == ["lead"]
    found = build_consortium(a_call("Proposals must be submitted by at least 2 applicants."), LEAD, strangers, ON)
    assert ids(found) == ["lead", "a"]
    assert found.members[1].features[-1].detail == "needed" or found.members[1].features[-1].detail == "only-there"


def test_a_lead_that_may_not_apply_is_told_apart() -> None:
    found = build_consortium(a_call(DEMANDING), replace(LEAD, country="US"), SMALL, ON)
    assert [(one.detail, one.values) for one in found.lead_out] == [("countries-out", {"countries": ["US"]})]
    assert build_consortium(a_call(DEMANDING), LEAD, SMALL, ON).lead_out == ()


def test_whose_country_cannot_be_told_waits_for_a_rule_to_need_it() -> None:
    words = "Participation is limited to entities established in Spain, France or other participating partner lands."
    demand = f"{words} Consortia must include at least one university."
    open_one, sure = body("open", "PE", "research", score=0.9), body("sure", "FR", "research", score=0.1)
    assert ids(build_consortium(a_call(demand), LEAD, [open_one, sure], ON)) == ["lead", "sure"]
    alone = build_consortium(a_call(demand), LEAD, [open_one], ON)
    assert ids(alone) == ["lead", "open"]
    assert outcomes(alone)["countries"] is Outcome.CANT_TELL


def test_a_largest_number_holds_even_where_taking_one_after_another_would_not_fit() -> None:
    conditions = (
        "Consortia must include at least one university, at least one company and at least one NGO. "
        "Proposals must be submitted by a maximum of 4 applicants. "
        "Proposals must be submitted by at least 4 applicants from 4 different countries."
    )
    others = [
        body("u-es", "ES", "research", score=0.9),
        body("u-it", "IT", "research", score=0.1),
        body("c-it", "IT", "company", score=0.9),
        body("c-gr", "GR", "company", score=0.1),
        body("n-gr", "GR", "ngo", score=0.9),
        body("n-tn", "TN", "ngo", score=0.05),
    ]
    found = build_consortium(a_call(conditions), LEAD, others, ON)
    assert len(found.members) == 4
    assert {one.rule.code: one.outcome for one in found.checks if one.rule.code not in ("countries", "kinds")} == {
        "at-least": Outcome.MET,
        "at-most": Outcome.MET,
        "from-countries": Outcome.MET,
        "takes-part": Outcome.MET,
        "deadline": Outcome.MET,
    }


def test_where_the_best_first_choice_leaves_no_room_another_set_is_searched_for() -> None:
    conditions = (
        "Consortia must include at least one university and at least one company. "
        "Proposals must be submitted by a maximum of 3 applicants. "
        "Proposals must be submitted by at least 3 applicants from 3 different countries."
    )
    others = [
        body("u-it", "IT", "research", {"participation": ["p1", "p2", "p3"]}, score=0.9),
        body("u-gr", "GR", "research", score=0.1),
        body("c-it", "IT", "company", score=0.1),
    ]
    found = build_consortium(a_call(conditions), LEAD, others, ON)
    assert set(ids(found)) == {"lead", "u-gr", "c-it"}
    assert Outcome.NOT_MET not in outcomes(found).values()


def test_whose_country_is_not_known_may_be_what_lacks() -> None:
    conditions = "Proposals must be submitted by at least 2 applicants from 2 different countries."
    [nowhere, spanish] = [body("nowhere", ""), body("spanish", "ES")]
    assert outcomes(build_consortium(a_call(conditions), LEAD, [nowhere], ON))["from-countries"] is Outcome.CANT_TELL
    assert outcomes(build_consortium(a_call(conditions), LEAD, [spanish], ON))["from-countries"] is Outcome.NOT_MET


def test_of_two_alike_the_first_by_id_is_taken_in_whatever_order_they_come() -> None:
    twins = [body("b"), body("a")]
    for listed in (twins, twins[::-1]):
        assert ids(build_consortium(a_call(), LEAD, listed, ON, Options(size=2))) == ["lead", "a"]


def test_novelty_makes_room_for_whom_the_lead_does_not_know() -> None:
    known, new = body("known", "FR", ties=4, partners=90, score=0), body("new", "FR", score=0.5)
    assert ids(build_consortium(a_call(), LEAD, [known, new], ON, Options(size=2))) == ["lead", "known"]
    assert ids(build_consortium(a_call(), LEAD, [known, new], ON, Options(size=2, novelty=1.0))) == ["lead", "new"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(size=LARGEST + 1), "A consortium of 41"),
        (Options(size=-1), "A consortium of -1"),
        (Options(novelty=1.5), "Novelty 1.5"),
        (Options(include=("atlantis",)), "There is no body atlantis"),
        (Options(include=("lyon",), exclude=("lyon",)), "Body lyon is to be in and to stay out"),
        (Options(exclude=("lead",)), "The lead is in already"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_remedy(options: Options, said: str) -> None:
    with pytest.raises(EngineError, match=said) as refused:
        build_consortium(a_call(), LEAD, SMALL, ON, options)
    assert refused.value.remedy


def test_a_body_given_twice_is_refused() -> None:
    with pytest.raises(EngineError, match="Body lyon is given twice"):
        build_consortium(a_call(), LEAD, [SMALL[0], SMALL[0]], ON)


def test_every_part_of_the_world_has_a_name_and_every_country_a_part() -> None:
    names = Locale("en").territories
    assert region_of("ES") == region_of("PT") == "039"
    assert (region_of("UK"), region_of("EL"), region_of(""), region_of("ZZ")) == ("154", "039", "", "")
    assert {region_of(code) for code in names if len(code) == 2} - {""} <= names.keys()


LANDS = st.sampled_from(["ES", "FR", "IT", "TN", "MA", "US", "DE", ""])
KINDS = st.sampled_from(["city", "region", "ngo", "research", "company", "ministry", "city-network"])
THEMES = st.sampled_from(["water", "participation", "climate"])
CALLS = st.builds(
    a_call,
    st.lists(
        st.sampled_from(
            [
                "Consortia must include at least one university.",
                "Consortia must include at least two civil society organisations.",
                "Proposals must be submitted by at least 3 applicants from 3 different countries.",
                "At least two cities from different Member States must participate.",
                "Applicants must be established in EU Member States or Tunisia.",
                "Beneficiaries must be public authorities, universities or non-profit organisations.",
                "Projects should involve SMEs and local authorities as partners.",
            ]
        ),
        unique=True,
    ).map(" ".join),
    action_type=st.sampled_from(["", "HORIZON Innovation Actions"]),
    programme=st.just("Horizon Europe"),
)
BODIES = st.lists(
    st.builds(
        body,
        st.integers(0, 40).map("o{}".format),
        LANDS,
        KINDS,
        st.dictionaries(THEMES, st.lists(st.sampled_from(["p1", "p2", "p3"]), min_size=1, unique=True)),
        st.floats(0, 1),
        st.integers(0, 3),
        st.integers(0, 50),
    ),
    unique_by=lambda one: one.id,
    max_size=14,
)
MOST = "Proposals must be submitted by a maximum of 4 applicants."


@given(CALLS, BODIES, st.data())
@settings(max_examples=25)
def test_what_holds_for_any_input(call: Call, bodies: list[Candidate], data: st.DataObject) -> None:
    names = [one.id for one in bodies]
    include = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=3) if names else st.just([]))
    rest = [name for name in names if name not in include]
    exclude = data.draw(st.lists(st.sampled_from(rest), unique=True) if rest else st.just([]))
    options = Options(data.draw(st.integers(0, 9)), data.draw(st.floats(0, 1)), tuple(include), tuple(exclude))
    if data.draw(st.booleans()):
        call = replace(call, conditions={"en": " ".join([*call.conditions.values(), MOST])})
    found = build_consortium(call, LEAD, bodies, ON, options)
    chosen = ids(found)
    assert chosen[0] == "lead"
    assert len(chosen) == len(set(chosen))
    assert set(include) <= set(chosen)
    assert not set(exclude) & set(chosen)
    assert not {one.id for one in found.others} & {*chosen, *exclude}
    if most := asked_of(call).most:
        assert len(chosen) <= most
    assert build_consortium(call, LEAD, bodies[::-1], ON, options) == found
    backed(call, {one.id: one for one in [LEAD, *bodies]}, found)


def backed(call: Call, bodies: Mapping[str, Candidate], found: Consortium) -> None:
    """Everything that is told stands in the call or in a body."""
    texts = [*call.title.values(), *call.summary.values(), *call.conditions.values(), ""]
    for check in found.checks:
        assert check.rule.code in RULES
        assert any(check.rule.passage in text for text in texts)
    for role in found.roles:
        assert any(role.asked.passage in text for text in texts)
        assert all(bodies[key].kind in role.asked.kinds for key in role.by)
    for one in found.missing:
        assert one.code in MISSING
    for member in (*found.members, *found.others):
        for feature in member.features:
            assert feature.detail in REASONS
            match feature.detail:
                case "covers":
                    assert set(feature.values["records"]) <= set(bodies[member.id].works[feature.values["theme"]])
                case "already-partners":
                    assert feature.values["count"] == bodies[member.id].ties
                case "new-region" | "only-there":
                    assert feature.values["country"] == bodies[member.id].country


@given(CALLS, BODIES, st.builds(body, st.just("new"), LANDS, KINDS, score=st.floats(0, 1)))
@settings(max_examples=25)
def test_one_more_to_choose_from_never_breaks_a_rule(call: Call, bodies: list[Candidate], more: Candidate) -> None:
    before, after = (build_consortium(call, LEAD, listed, ON) for listed in (bodies, [*bodies, more]))
    for was, now in zip(before.checks, after.checks, strict=True):
        if was.outcome is Outcome.MET:
            assert now.outcome is not Outcome.NOT_MET, was.rule


@given(CALLS, BODIES, st.builds(body, st.just("new"), LANDS, KINDS, score=st.floats(0, 1)))
@settings(max_examples=25)
def test_nor_where_the_number_is_bound_and_all_rules_were_met(
    call: Call, bodies: list[Candidate], more: Candidate
) -> None:
    bound = replace(call, conditions={"en": " ".join([*call.conditions.values(), MOST])})
    before, after = (build_consortium(bound, LEAD, listed, ON) for listed in (bodies, [*bodies, more]))
    if all(check.outcome is Outcome.MET for check in before.checks):
        assert [check.rule for check in after.checks if check.outcome is Outcome.NOT_MET] == []
