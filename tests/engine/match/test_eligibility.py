"""The five answers together: of any text, and of real calls."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.match import applicants_of, eligibility
from sympolis.engine.match.conditions import details
from sympolis.engine.match.conditions.vocabulary import country_names, group_names, words
from sympolis.engine.model import Answer, Applicant, Basis, Call, Question, Verdict
from sympolis.engine.sources import read_source
from tests.engine.match.conditions.asked import ANNEX_B, HORIZON, bodies, call

ON = date(2026, 8, 15)
REAL = Path(__file__).parents[4] / "shared" / "data" / "calls"
CONDITIONS = Path(details.__file__).parent
PIECES = (
    *(
        "legal entities established in ",
        "Member States",
        " limited to ",
        " only ",
        "at least ",
        "three ",
        "funding rate 80%",
    ),
    *(
        "[[",
        "]]",
        ".",
        "\n",
        "; ",
        "must be ",
        "municipalities ",
        "mono-beneficiary",
        "eligible countries: ",
        "ES, FR ",
    ),
    *("يجب أن ", "منشأة في ", "تونس ", "٪", "países ", "como mínimo ", "different countries ", "\u200f", "😀", "(see "),
)
written = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


def assert_well_made(asked: Call, answers: tuple[Answer, ...]) -> None:
    """Every answer has words, and every passage is a piece of what is stored, letter by letter."""
    assert [one.question for one in answers] == list(Question)
    for one in answers:
        assert one.detail in details.DETAILS
        assert set(re.findall(r"\{(\w+)\}", details.DETAILS[one.detail])) <= set(one.values)
        if one.passage:
            texts = (asked.conditions.get(one.language, ""), asked.summary.get(one.language, ""))
            assert any(one.passage in text for text in texts)
        assert bool(one.where) == (one.basis in (Basis.FIELD, Basis.RULE))
        assert one.basis is not Basis.NOTHING or one.verdict is Verdict.CANT_TELL
        assert one.basis is not Basis.RULE or one.verdict is not Verdict.NO


@given(
    written,
    written,
    st.sampled_from(["", HORIZON, "LIFE"]),
    st.sampled_from(["", "HORIZON Innovation Actions"]),
    st.lists(
        st.builds(Applicant, st.sampled_from(["", "ES", "TN", "XX"]), st.sampled_from(["", "city", "?"])), max_size=4
    ),
)
def test_no_text_breaks_it(conditions: str, summary: str, programme: str, action: str, who: list[Applicant]) -> None:
    asked = call(conditions, "ar", summary={"en": summary}, programme=programme, action_type=action)
    assert_well_made(asked, eligibility(asked, who, ON))


@pytest.mark.parametrize(
    "piece",
    [
        "limited to legal entities established in ",
        "[[",
        "at least three ",
        "9 ",
        "(see ",
        "😀",
        "\u200f",
        "aB",
        "must be ",
    ],
)
def test_a_hostile_text_of_100_kb_is_answered(piece: str) -> None:
    asked = call(piece * (100_000 // len(piece)), programme=HORIZON)
    answers = eligibility(asked, bodies("ES/city"), ON)
    assert_well_made(asked, answers)
    assert {one.verdict for one in answers if one.basis is Basis.WORDS} <= {Verdict.CANT_TELL}


def test_markup_in_a_text_stays_text() -> None:
    asked = call("Participation is limited to entities established in Spain <script>alert(1)</script>.")
    [country, *_] = eligibility(asked, bodies("FR/city"), ON)
    assert (country.verdict, country.detail) == (Verdict.CANT_TELL, "countries-unclear")


def test_who_applies_is_put_together_of_two_lists() -> None:
    assert applicants_of(["ES"], ["city", "ngo"]) == (Applicant("ES", "city"), Applicant("", "ngo"))
    assert applicants_of([], []) == ()


def test_every_message_is_used() -> None:
    code = "".join(file.read_text("utf-8") for file in CONDITIONS.glob("*.py") if file.name != "details.py")
    used = {key for key in details.DETAILS if f'"{key.removesuffix("-by-rule")}' in code}
    assert used == set(details.DETAILS)


def test_the_vocabulary_holds_together() -> None:
    _, codes = country_names()
    assert {codes[name] for name in ("Espagne", "Marroc", "Túnez", "تونس", "Turkey", "Türkiye")} == {
        "ES",
        "MA",
        "TN",
        "TR",
    }
    for told in words()["groups"].values():
        assert all(len(code) == 2 for code in str(told.get("countries", "")).split())
    assert group_names().search("Member States or the Western Balkans") is not None
    assert len(words()["groups"]["eu"]["countries"].split()) == 27
    assert len(words()["groups"]["african-union"]["countries"].split()) == 55


def test_what_a_rule_says_of_real_calls() -> None:
    if not REAL.is_dir():
        pytest.skip("the real calls lie beside the checkout, in ../shared/data/calls")
    calls = [one for one in read_source("portal", sorted(REAL.glob("portal_page_*.json.gz"))) if isinstance(one, Call)]
    told: Counter[tuple[str, str]] = Counter()
    for one in calls:
        answers = eligibility(one, bodies("TN/city"), ON)
        assert_well_made(one, answers)
        told.update((str(answer.question), str(answer.verdict)) for answer in answers)
    assert sum(told.values()) == 629 * 5
    assert told["country", "no"] > 0
    assert told["country", "cant-tell"] < 629 / 2
    [space] = [one for one in calls if one.id == "portal:HORIZON-CL4-2026-SPACE-03-81"]
    country, _, consortium, _, _ = eligibility(space, bodies("TN/city"), ON)
    assert (country.verdict, country.values, country.basis) == (Verdict.NO, {"countries": ["TN"]}, Basis.WORDS)
    assert country.passage.endswith(
        "participation is limited to legal entities established in Member States, Norway and Iceland."
    )
    assert consortium.detail == "at-least-by-rule"


def test_the_annex_is_told_apart_from_the_call_s_own_words() -> None:
    asked = call(ANNEX_B.format(more=""), programme=HORIZON, action_type="HORIZON Innovation Actions")
    assert [(one.verdict, one.basis) for one in eligibility(asked, bodies("ES/city"), ON)] == [
        (Verdict.YES, Basis.RULE),
        (Verdict.YES, Basis.RULE),
        (Verdict.NEEDS, Basis.RULE),
        (Verdict.YES, Basis.FIELD),
        (Verdict.YES, Basis.RULE),
    ]
