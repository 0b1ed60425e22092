"""The answers on eligibility in words: on the page of a call, in a brief, in every language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from sympolis.engine.calls_file import write_calls
from sympolis.engine.match.conditions.details import DETAILS
from sympolis.engine.model import Answer, Basis, Call, Provenance, Question, Verdict
from sympolis.office.core.texts import Text
from sympolis.office.synergies import world_calls
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.brief.wording import plain, written
from sympolis.office.synergies.eligibility import SENTENCES, asking, rows_for, said_of
from tests.cast import Cast
from tests.factories import make_call, make_organisation
from tests.factories.synergies import make_pair

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
CLOSES = date(2027, 1, 15)
WORDS = "Applicants must be legal entities established in Member States, Norway and Iceland."
ADDRESS = "https://funder.example/topics/one-2027"
VALUES = {
    "countries": ["ES", "TN"], "kinds": ["city"],
    "least": 3, "most": 6, "bodies": 3, "closes": "2027-01-15", "days": 53,
    "last": "2027-05-01", "opens": "2026-12-01", "share": "80", "own": "20", "shares": ["70", "100"],
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot with the funder's own row of a call."""
    funders = Call(
        "portal:ONE-2027",
        {"en": "One"},
        Provenance("portal", "ONE-2027", ADDRESS),
        conditions={"en": f"2. Eligible countries{WORDS}"},
    )
    write_calls(tmp_path, [funders])
    monkeypatch.setattr(world_calls, "current_snapshot", lambda: tmp_path)


@pytest.mark.parametrize("language", ["en", "ca", "es", "fr", "ar"])
@pytest.mark.parametrize("detail", sorted(DETAILS))
def test_every_answer_has_words_in_every_language(detail: str, language: str) -> None:
    countries = 3 if detail.startswith(("at-least", "between")) else VALUES["countries"]
    answer = Answer(Question.COUNTRY, Verdict.YES, detail, VALUES | {"countries": countries})
    said = plain(written(said_of(answer), language))
    assert said
    assert not re.search(r"%\(|\{|\ue000", said)
    with override("en"):
        in_english = plain(written(said_of(answer), "en"))
    assert (said == in_english) is (language == "en")


def test_no_words_are_without_an_answer() -> None:
    assert set(SENTENCES) - {"at-least-from"} == set(DETAILS)


def test_what_the_funder_says_answers_for_the_office_s_own_row(cast: Cast, world: None) -> None:
    call = make_call("One call", source_url=f"{ADDRESS}/", closes_earliest=CLOSES, closes_latest=CLOSES)
    spain, tunisia = (make_organisation(f"City of {code}", country=code) for code in ("ES", "TN"))
    [country, kind, consortium, deadline, money] = rows_for(call, tunisia, TODAY)
    assert [row.code for row in (country, kind, consortium, deadline, money)] == [
        "no",
        "cant-tell",
        "cant-tell",
        "yes",
        "cant-tell",
    ]
    assert (country.passage, country.language) == (WORDS, "en")
    assert plain(written(country.said, "en")) == "Bodies of these countries may not apply: Tunisia."
    assert plain(written(deadline.said, "en")) == "It closes on 15 January 2027, in 53 days."
    assert rows_for(call, spain, TODAY)[0].code == "yes"


def test_who_reads_is_who_is_asked_about(cast: Cast) -> None:
    assert asking(cast.officer) == cast.amb
    assert asking(cast.contact) == cast.sfax
    assert asking(cast.participant) == cast.amb
    assert asking(AnonymousUser()) == cast.amb
    cast.amb.visibility = "office"
    cast.amb.save()
    assert asking(AnonymousUser()) is None  # nothing of what only the office may see is named


def test_the_page_of_a_call_has_the_five_rows(cast: Cast, world: None) -> None:
    call = make_call("One call", source_url=ADDRESS, summary=Text.of(en="About it"))
    for who, verdict in (("visitor", "yes"), ("officer", "yes"), ("contact", "no")):
        page = cast.client(who).get(call.get_absolute_url()).content.decode()
        assert page.count('<tr class="eligibility-') == 5
        assert f'<tr class="eligibility-{verdict}">' in page
        assert f'<blockquote lang="en" dir="auto">{WORDS}</blockquote>' in page
        assert re.findall(r'<th scope="row">([^<]+)</th>', page) == [
            "Country",
            "Kind of body",
            "Partners",
            "Deadline",
            "Own money",
        ]


def test_the_page_asks_no_more_than_others(
    cast: Cast, world: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    call = make_call("One call", source_url=ADDRESS)
    for who in ("visitor", "contact", "officer"):
        client = cast.client(who)
        client.get(call.get_absolute_url())
        with django_assert_max_num_queries(12):
            assert client.get(call.get_absolute_url()).status_code == 200


def test_a_brief_says_it_with_the_words_it_rests_on(cast: Cast, world: None) -> None:
    pair = make_pair(TODAY)
    kept = make_call(
        "Waste water",
        source="facts",
        source_id="one",
        source_url=ADDRESS,
        themes=("water",),
        closes_earliest=CLOSES,
        closes_latest=CLOSES,
    )
    brief = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))
    [line] = [item for item in brief.document["calls"] if item["key"] == f"call:{kept.public_id}"]
    parts = {part["key"].split(":")[1]: part for part in line["parts"] if part["key"].startswith("eligibility:")}
    assert list(parts) == ["country", "kind", "consortium", "cofinancing"]
    assert parts["country"]["text"].startswith("Country: ")
    assert [proof["passage"] for proof in parts["country"]["evidence"]] == [WORDS]
    assert parts["kind"]["text"].startswith("Kind of body: Can't tell. The text we have does not say which kinds")


def test_hostile_words_stay_words(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "Applicants must be established in Spain <script>alert(1)</script>."
    call = Call("portal:X", {"en": "X"}, Provenance("portal", "X", ADDRESS), conditions={"en": hostile})
    write_calls(tmp_path, [call])
    monkeypatch.setattr(world_calls, "current_snapshot", lambda: tmp_path)
    page = cast.client("visitor").get(make_call("X", source_url=ADDRESS).get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_rule_names_its_document() -> None:
    answer = Answer(Question.KIND, Verdict.YES, "any-body-by-rule", {}, basis=Basis.RULE, where="Annex B")
    assert "standard rule" in plain(written(said_of(answer), "en"))
