"""What share of the cost a call pays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sympolis.engine.match.conditions.cofinancing import cofinancing_answer
from sympolis.engine.model import Basis, Verdict
from tests.engine.match.conditions.asked import HORIZON, bodies, call

CITY, COMPANY = bodies("ES/city"), bodies("ES/company")


@pytest.mark.parametrize(
    ("language", "sentence", "share", "own"),
    [
        ("en", "The maximum EU co-financing rate is 80 %.", "80", "20"),
        ("en", "The funding rate is up to 30% of the eligible costs.", "30", "70"),
        ("en", "Funding rateOther Action Grants (OAGs) — 95%", "95", "5"),
        ("es", "La tasa de cofinanciación será como máximo del 85 %.", "85", "15"),
        ("ca", "La taxa de cofinançament és del 70 %.", "70", "30"),
        ("fr", "Taux de cofinancement : 62,5 %.", "62.5", "37.5"),
        ("fr", "La subvention couvre 90 % des coûts éligibles.", "90", "10"),
        ("ar", "نسبة التمويل المشترك 80٪.", "80", "20"),
    ],
)
def test_a_share_in_five_languages(language: str, sentence: str, share: str, own: str) -> None:
    answer = cofinancing_answer(call(sentence, language), CITY)
    assert (answer.verdict, answer.detail) == (Verdict.NEEDS, "share")
    assert (answer.values, answer.passage) == ({"share": share, "own": own}, sentence)


def test_a_whole_is_a_yes_and_bodies_without_profit_have_their_own_share() -> None:
    both = call(
        "The funding rate is 60% of the eligible costs, except for non-profit legal entities where it is up to 100%."
    )
    assert cofinancing_answer(both, CITY).detail == "whole"
    assert cofinancing_answer(both, COMPANY).values == {"share": "60", "own": "40"}
    mixed = cofinancing_answer(both, [*CITY, *COMPANY])
    assert (mixed.verdict, mixed.detail, mixed.values) == (
        Verdict.CANT_TELL,
        "shares-differ",
        {"shares": ["60", "100"]},
    )


def test_several_shares_are_said_and_not_chosen_from() -> None:
    two = call("For works the funding rate is 30%.\nFor studies the funding rate is 50%.")
    assert cofinancing_answer(two, CITY).values == {"shares": ["30", "50"]}


@pytest.mark.parametrize(
    "sentence",
    [
        "Beneficiaries may provide financial support to third parties up to 15% of the EU funding rate.",
        "The total costs of these synergetic elements shall not exceed 20% of the total eligible costs.",
        "For the additional activities the funding rate is 50% of the eligible costs.",
        "The growth rate is 80 %.",
        "The funding rate is 180 %.",
    ],
)
def test_other_percentages_say_nothing(sentence: str) -> None:
    assert cofinancing_answer(call(sentence), CITY).detail == "share-not-told"


def test_a_field_goes_before_words_and_words_before_a_rule() -> None:
    innovation = "HORIZON Innovation Actions"
    filled = call("The funding rate is 50 %.", cofinancing_rate=Decimal("0.8"), programme=HORIZON)
    assert cofinancing_answer(filled, CITY).values == {"share": "80", "own": "20"}
    told = call("The funding rate is 50 %.", programme=HORIZON, action_type=innovation)
    assert (cofinancing_answer(told, CITY).values["share"], cofinancing_answer(told, CITY).basis) == ("50", Basis.WORDS)
    rule = call("", programme=HORIZON, action_type=innovation)
    assert cofinancing_answer(rule, CITY).detail == "whole-by-rule"
    assert cofinancing_answer(rule, COMPANY).values == {"share": "70", "own": "30"}
    assert cofinancing_answer(rule, []).detail == "shares-differ"
    joint = call("", programme=HORIZON, action_type="HORIZON JU Innovation Actions")
    assert cofinancing_answer(joint, CITY).detail == "share-not-told"
