"""Which kinds of bodies may apply."""

from __future__ import annotations

import pytest

from sympolis.engine.match.conditions.bodies import kind_answer
from sympolis.engine.model import Basis, Verdict
from tests.engine.match.conditions.asked import ANNEX_B, CALL_DOCUMENT, HORIZON, bodies, call

CITIES_AND_UNIVERSITIES = {
    "en": "The call is open only to municipalities and universities.",
    "es": "Solo podrán participar municipios y universidades.",
    "ca": "Només podran participar ajuntaments i universitats.",
    "fr": "L’appel est ouvert uniquement aux communes et aux universités.",
    "ar": "تقتصر المشاركة على البلديات والجامعات.",
}


@pytest.mark.parametrize("language", CITIES_AND_UNIVERSITIES)
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("city", Verdict.YES),
        ("metropolitan-authority", Verdict.YES),
        ("research", Verdict.YES),
        ("company", Verdict.NO),
        ("ngo", Verdict.NO),
        ("other", Verdict.CANT_TELL),
    ],
)
def test_the_same_sentence_in_five_languages(language: str, kind: str, verdict: Verdict) -> None:
    words = CITIES_AND_UNIVERSITIES[language]
    answer = kind_answer(call(words, language), bodies(f"ES/{kind}"))
    assert (answer.verdict, answer.passage, answer.language) == (verdict, words, language)


@pytest.mark.parametrize(
    ("sentence", "detail"),
    [
        (
            "Participation is limited to SMEs, including start-ups, and small mid-caps established in the Union.",
            "kinds-out",
        ),
        ("Beneficiaries must be a small and medium enterprise (SME) established in a Member State.", "kinds-out"),
        ("Applicants: natural persons only.", "people-only"),
        ("Only natural persons may apply.", "people-only"),
        ("This is a grant for an identified beneficiary.", "named-bodies-only"),
        ("La subvención es para el beneficiario identificado en el programa.", "named-bodies-only"),
        ("Bénéficiaire identifié : l’agence.", "named-bodies-only"),
        (
            "The proposal must be submitted by the coordinator of the consortium funded under topic X.",
            "named-bodies-only",
        ),
    ],
)
def test_what_excludes_a_city(sentence: str, detail: str) -> None:
    answer = kind_answer(call(sentence), bodies("ES/city"))
    assert (answer.verdict, answer.detail, answer.passage) == (Verdict.NO, detail, sentence)


@pytest.mark.parametrize(
    ("sentence", "detail"),
    [
        ("Any type of legal entity, public or private, can apply.", "any-body"),
        ("Pueden presentarse entidades públicas o privadas.", "any-body"),
        ("At least three cities, each from a different Member State, must participate as beneficiaries.", "kinds-in"),
    ],
)
def test_what_takes_a_city(sentence: str, detail: str) -> None:
    answer = kind_answer(call(sentence), bodies("ES/city"))
    assert (answer.verdict, answer.detail, answer.passage) == (Verdict.YES, detail, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Participation is limited to municipalities and their friends.",
        "Applicants must be on the list of competent organisations designated by the Member States.",
        "The call is open to public authorities, except municipalities.",
    ],
)
def test_what_is_not_understood_to_the_end_refuses_nobody(sentence: str) -> None:
    answer = kind_answer(call(ANNEX_B.format(more=sentence), programme=HORIZON), bodies("ES/company"))
    assert (answer.verdict, answer.detail) == (Verdict.CANT_TELL, "kinds-unclear")
    assert answer.passage in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Financial support to third parties may only be awarded to local authorities.",
        "Support to farmers and SMEs can be provided without a call for proposals.",
        "Not only public authorities but also citizens are addressed by the call.",
        "Proposals should involve SMEs only.",
        "Any legal entity established in the United States of America is eligible to receive Union funding.",
    ],
)
def test_what_binds_others_or_nobody_says_nothing(sentence: str) -> None:
    assert kind_answer(call(sentence), bodies("ES/city")).detail == "kinds-not-told"


def test_the_standard_rule_is_for_any_body_but_international_ones() -> None:
    plain = call(ANNEX_B.format(more=""), programme=HORIZON)
    answer = kind_answer(plain, bodies("ES/city", "FR/company"))
    assert (answer.verdict, answer.detail, answer.basis) == (Verdict.YES, "any-body-by-rule", Basis.RULE)
    assert kind_answer(plain, bodies("ES/intergovernmental")).verdict is Verdict.CANT_TELL
    assert kind_answer(call(CALL_DOCUMENT), bodies("ES/city")).detail == "told-elsewhere"


def test_a_field_goes_before_words() -> None:
    filled = call(CITIES_AND_UNIVERSITIES["en"], eligible_kinds=("city", "ngo"))
    assert kind_answer(filled, bodies("ES/metropolitan-authority")).verdict is Verdict.YES
    refused = kind_answer(filled, bodies("ES/research"))
    assert (refused.verdict, refused.where, refused.values) == (Verdict.NO, "eligible_kinds", {"kinds": ["research"]})
