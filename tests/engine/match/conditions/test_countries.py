"""From which countries one may apply."""

from __future__ import annotations

import pytest

from sympolis.engine.match.conditions.countries import country_answer
from sympolis.engine.match.conditions.places import read_places
from sympolis.engine.model import Basis, Verdict
from tests.engine.match.conditions.asked import ANNEX_B, CALL_DOCUMENT, HORIZON, bodies, call

EU_AND_TWO = {
    "en": "Applicants must be legal entities established in the EU Member States, OCTs, Tunisia or Türkiye.",
    "es": "La participación está limitada a entidades establecidas en los Estados miembros de la UE, Túnez o Turquía.",
    "ca": "Les entitats han d'estar establertes als estats membres de la Unió Europea, Tunísia o Turquia.",
    "fr": "Les demandeurs doivent être établis dans un État membre de l’Union européenne, en Tunisie ou en Turquie.",
    "ar": "يجب أن تكون المؤسسات المتقدمة منشأة في الدول الأعضاء في الاتحاد الأوروبي أو في تونس أو تركيا.",
}


@pytest.mark.parametrize("language", EU_AND_TWO)
@pytest.mark.parametrize(
    ("country", "verdict"), [("ES", Verdict.YES), ("EL", Verdict.YES), ("TN", Verdict.YES), ("MA", Verdict.NO)]
)
def test_the_same_sentence_in_five_languages(language: str, country: str, verdict: Verdict) -> None:
    answer = country_answer(call(EU_AND_TWO[language], language), bodies(f"{country}/city"))
    assert answer.verdict is verdict
    assert (answer.passage, answer.language, answer.basis) == (EU_AND_TWO[language], language, Basis.WORDS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Member States, Norway and Iceland", {"ES": "yes", "NO": "yes", "TN": "no", "TR": "no", "US": "no"}),
        ("Member States and Associated Countries", {"ES": "yes", "TN": "yes", "MA": "cant-tell", "US": "no"}),
        (
            "Member States, Iceland and Norway and the following additional associated countries : Canada, "
            "New-Zealand, United Kingdom and Switzerland",
            {"ES": "yes", "CA": "yes", "GB": "yes", "TN": "no", "TR": "no"},
        ),
        ("Member States, associated countries and EuroHPC JU Participating States", {"ES": "yes", "US": "cant-tell"}),
        ("a Widening country", {"ES": "cant-tell", "TN": "cant-tell"}),
        ("countries other than Spain", {"ES": "cant-tell", "FR": "cant-tell"}),
        ("ES, FR, EL, UK", {"GR": "yes", "GB": "yes", "IT": "no"}),
    ],
)
def test_a_limit_is_as_strict_as_its_words(words: str, told: dict[str, str]) -> None:
    limited = call(
        ANNEX_B.format(more=f"For this reason, participation is limited to legal entities established in {words}."),
        programme=HORIZON,
    )
    assert {country: str(country_answer(limited, bodies(f"{country}/city")).verdict) for country in told} == told
    passage = country_answer(limited, bodies("ES/city")).passage
    assert passage == f"For this reason, participation is limited to legal entities established in {words}."


def test_associated_countries_are_another_list_in_each_programme() -> None:
    limited = call("Participation is limited to entities established in Member States or associated countries.")
    assert country_answer(limited, bodies("ES/city")).verdict is Verdict.YES
    assert country_answer(limited, bodies("TN/city")).verdict is Verdict.CANT_TELL


def test_those_who_may_join_later_are_not_refused() -> None:
    later = call(
        "Participation is limited to legal entities established in Member States. In addition, entities established in "
        "third countries which may become associated to Horizon Europe during 2026 and 2027 may be eligible.",
        programme=HORIZON,
    )
    assert country_answer(later, bodies("TR/city")).verdict is Verdict.NO  # associated already, and not named
    assert country_answer(later, bodies("JP/city")).verdict is Verdict.CANT_TELL


def test_an_exception_opens_and_the_rule_holds_for_the_others() -> None:
    opened = call(
        ANNEX_B.format(
            more="Due to the scope of this topic, legal entities established in all African Union member states are "
            "exceptionally eligible for Union funding."
        ),
        programme=HORIZON,
    )
    by_words = country_answer(opened, bodies("LY/city"))
    assert (by_words.verdict, by_words.basis, by_words.values) == (Verdict.YES, Basis.WORDS, {"countries": ["LY"]})
    by_rule = country_answer(opened, bodies("ES/city", "LY/city"))
    assert (by_rule.verdict, by_rule.basis, by_rule.detail) == (Verdict.YES, Basis.RULE, "countries-in-by-rule")
    anywhere = "Legal entities established in non-associated third countries are exceptionally eligible for funding."
    world = call(anywhere, programme=HORIZON)
    assert country_answer(world, bodies("US/city")).verdict is Verdict.YES
    assert country_answer(world, bodies("RU/city")).verdict is Verdict.CANT_TELL


def test_the_standard_rule_is_named_and_never_refuses() -> None:
    plain = call(ANNEX_B.format(more=""), programme=HORIZON)
    answer = country_answer(plain, bodies("TN/city"))
    assert (answer.verdict, answer.basis) == (Verdict.YES, Basis.RULE)
    assert answer.where == "Horizon Europe Work Programme, General Annexes, Annex B"
    assert answer.passage == "described in Annex B of the Work Programme General Annexes."
    unknown = country_answer(plain, bodies("US/city"))
    assert (unknown.verdict, unknown.values) == (Verdict.CANT_TELL, {"countries": ["US"]})


def test_what_stands_in_another_document_can_t_be_told() -> None:
    answer = country_answer(call(CALL_DOCUMENT), bodies("ES/city"))
    assert (answer.verdict, answer.detail) == (Verdict.CANT_TELL, "told-elsewhere")
    assert answer.passage == "Eligible countriesdescribed in section 6 of the call document."
    assert country_answer(call(), bodies("ES/city")).detail == "countries-not-told"


@pytest.mark.parametrize(
    "sentence",
    [
        "The coordinator must be an entity established in a Member State.",
        "Financial support to third parties is limited to entities established in Member States.",
        "The consortium must include at least one legal entity established in a Member State.",
        "Entities established in a Member State but controlled by a third country should be named.",
        "Participants should be based in Spain.",
        "All applicants must be registered in the Participant Register.",
    ],
)
def test_what_binds_others_or_nobody_says_nothing(sentence: str) -> None:
    assert country_answer(call(sentence), bodies("TN/city")).detail == "countries-not-told"


def test_one_who_is_out_is_enough_and_an_unknown_country_is_said() -> None:
    limited = call(EU_AND_TWO["en"])
    assert country_answer(limited, bodies("ES/city", "MA/city")).values == {"countries": ["MA"]}
    assert country_answer(limited, bodies("ES/city", "/city")).verdict is Verdict.CANT_TELL
    nobody = country_answer(limited, [])
    assert (nobody.verdict, nobody.detail, nobody.passage) == (
        Verdict.CANT_TELL,
        "applicant-not-known",
        EU_AND_TWO["en"],
    )


def test_a_field_goes_before_words() -> None:
    filled = call(EU_AND_TWO["en"], eligible_countries=("FR", "MA"))
    answer = country_answer(filled, bodies("ES/city"))
    assert (answer.verdict, answer.basis, answer.where) == (Verdict.NO, Basis.FIELD, "eligible_countries")
    assert country_answer(filled, bodies("MA/city")).verdict is Verdict.YES


def test_a_list_is_closed_only_where_it_is_understood_to_the_end() -> None:
    assert read_places(" Spain, France and Malta.", "").named == {"ES", "FR", "MT"}
    assert not read_places(" Spain, France and Malta.", "").open
    assert read_places(" Spain, France and friends of theirs.", "").open
    assert read_places(" the following countries: Spain; France", "").open
