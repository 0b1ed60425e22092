"""How many bodies a call takes."""

from __future__ import annotations

import pytest

from sympolis.engine.match.conditions.consortium import consortium_answer
from sympolis.engine.model import Basis, Verdict
from tests.engine.match.conditions.asked import ANNEX_B, HORIZON, bodies, call

THREE_OF_THREE = {
    "en": "Consortia must include at least three independent legal entities, each established in a different country.",
    "es": "El consorcio debe incluir al menos tres entidades independientes, cada una de un país distinto.",
    "ca": "El consorci ha d'incloure com a mínim tres entitats de tres països diferents.",
    "fr": "Le consortium doit réunir au moins trois partenaires de trois pays différents.",
    "ar": "يجب أن يضم الائتلاف ثلاثة شركاء على الأقل من ثلاث دول مختلفة.",
}
ALONE, THREE = bodies("ES/city"), bodies("ES/city", "FR/city", "IT/city")


@pytest.mark.parametrize("language", THREE_OF_THREE)
def test_the_same_sentence_in_five_languages(language: str) -> None:
    asked = call(THREE_OF_THREE[language], language)
    alone = consortium_answer(asked, ALONE)
    assert (alone.verdict, alone.detail) == (Verdict.NEEDS, "at-least")
    assert alone.values == {"least": 3, "countries": 3, "most": 0}
    assert (alone.passage, alone.language) == (THREE_OF_THREE[language], language)
    assert consortium_answer(asked, THREE).verdict is Verdict.YES
    assert consortium_answer(asked, bodies("ES/city", "ES/city", "IT/city")).verdict is Verdict.NEEDS


@pytest.mark.parametrize(
    ("sentence", "detail", "least", "countries", "most"),
    [
        (
            "Proposals must be submitted by minimum 2 applicants from 2 different participating countries.",
            "at-least",
            2,
            2,
            0,
        ),
        ("At least three cities, each from a different Member State, must participate.", "at-least-of", 3, 3, 0),
        (
            "The consortium needs at least three entities from three different low-income countries.",
            "at-least-of",
            3,
            3,
            0,
        ),
        ("The consortium needs at least three security practitioner organisations.", "at-least-of", 3, 0, 0),
        ("Consortia may include a maximum of 6 independent eligible entities as participants.", "at-most", 1, 0, 6),
        ("Se exige al proyecto un mínimo de 4 socios.", "at-least", 4, 0, 0),
        ("At least three partners from three different countries.", "at-least", 3, 3, 0),
        ("Partnership: minimum 3 organisations from 2 EU Member States", "at-least", 3, 2, 0),
        ("Al menos tres socios de tres países diferentes.", "at-least", 3, 3, 0),
        ("Almenys tres socis de tres països diferents.", "at-least", 3, 3, 0),
        ("Au moins trois partenaires établis dans trois pays différents.", "at-least", 3, 3, 0),
        ("ثلاثة شركاء على الأقل من ثلاث دول مختلفة.", "at-least", 3, 3, 0),
    ],
)
def test_what_is_needed(sentence: str, detail: str, least: int, countries: int, most: int) -> None:
    answer = consortium_answer(call(sentence), ALONE)
    assert (answer.verdict, answer.detail) == (Verdict.NEEDS, detail)
    assert answer.values == {"least": least, "countries": countries, "most": most}


def test_certain_bodies_are_never_taken_for_met() -> None:
    cities = call("At least three cities, each from a different Member State, must participate as beneficiaries.")
    assert consortium_answer(cities, THREE).verdict is Verdict.NEEDS


@pytest.mark.parametrize(
    "sentence",
    [
        "Operating grants are mono-beneficiary grants.",
        "Solicitante único: la propuesta la presenta una entidad.",
        "Bénéficiaire unique.",
        "La convocatòria és per a un únic sol·licitant.",
        "متقدم واحد فقط.",
    ],
)
def test_one_body_alone(sentence: str) -> None:
    assert consortium_answer(call(sentence), ALONE).detail == "alone-only"
    two = consortium_answer(call(sentence), bodies("ES/city", "FR/city"))
    assert (two.verdict, two.detail) == (Verdict.NO, "alone-only")


def test_alone_or_together() -> None:
    either = call("Apply as a single entity (mono-beneficiary) or as a consortium of two to five independent entities.")
    assert consortium_answer(either, ALONE).detail == "alone"
    assert consortium_answer(either, bodies("ES/city", "FR/city")).detail == "alone"


def test_a_type_of_action_has_a_standard_rule() -> None:
    innovation = call(ANNEX_B.format(more=""), programme=HORIZON, action_type="HORIZON Innovation Actions")
    answer = consortium_answer(innovation, ALONE)
    assert (answer.verdict, answer.detail, answer.basis) == (Verdict.NEEDS, "at-least-by-rule", Basis.RULE)
    assert consortium_answer(innovation, THREE).verdict is Verdict.YES
    assert consortium_answer(innovation, bodies("NO/city", "TR/city", "TN/city")).verdict is Verdict.NEEDS
    support = call("", programme=HORIZON, action_type="HORIZON Coordination and Support Actions")
    assert consortium_answer(support, ALONE).detail == "alone-by-rule"
    joint = call("", programme=HORIZON, action_type="HORIZON JU Innovation Actions")
    assert consortium_answer(joint, ALONE).detail == "consortium-not-told"


def test_an_upper_bound_leaves_the_rule_s_lower_one() -> None:
    words = ANNEX_B.format(more="Consortia may include a maximum of 6 independent eligible entities as participants.")
    answer = consortium_answer(call(words, programme=HORIZON, action_type="HORIZON Innovation Actions"), ALONE)
    assert (answer.detail, answer.values) == ("between", {"least": 3, "countries": 3, "most": 6})


def test_more_than_the_rule_is_not_hidden_by_it() -> None:
    words = ANNEX_B.format(
        more="Proposals must involve at least two R&I ecosystems from two different Widening countries."
    )
    asked = call(words, programme=HORIZON, action_type="HORIZON Coordination and Support Actions")
    answer = consortium_answer(asked, ALONE)
    assert (answer.verdict, answer.detail) == (Verdict.NEEDS, "more-asked")
    assert answer.passage.endswith("from two different Widening countries.")


@pytest.mark.parametrize(
    "sentence",
    [
        "Projects are expected to engage at least 4 regions.",
        "The panel has at least three members, experts of different countries.",
        "Proposals should involve at least three partners.",
        "Grants of at least 3 years.",
        "At least five participants from three countries attended the last workshop.",
        "Training of at least 20 participants from 5 countries.",
        "At least three partners from three different low-income countries.",
        # of LIFE-2026-PLP-ENER-COMPLIANCE and HORIZON-MISS-2026-04-CIT-NEB-B4P-CCRI-03
        "European organisations representing relevant actors in the public or non-profit sector, with a minimum of 3 "
        "partners representing consumer associations, covering together at least 2/3 of the EU Member States.",
        "Demonstrate the proposed tools in at least three cities, each from a different Member State.",
        "Multi & Mono Grant Agreement for Lump Sum Grants",
    ],
)
def test_what_counts_no_applicants_says_nothing(sentence: str) -> None:
    assert consortium_answer(call(sentence), ALONE).detail == "consortium-not-told"
