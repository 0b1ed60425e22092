"""Build a consortium: who sees it, what the page says and rests on, and how its address changes the set."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from sympolis.config.home import Home
from sympolis.engine.match.consortium import Outcome
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation, WorldLink
from sympolis.office.projects.models import Call, Project
from sympolis.office.synergies.actions import decide_partner
from sympolis.office.synergies.models import SuggestionAnswer
from tests.cast import Cast, office_today
from tests.factories import make_call, make_need, make_organisation, make_project, make_relation

OTHERS = ("contact", "participant", "outsider")
MOST_QUERIES = 12
WORDS = (
    "Projects involve universities and local authorities in the reuse of water. "
    "Consortia must include at least one university. "
    "Proposals must be submitted by at least 3 applicants from 3 different countries."
)


@pytest.fixture
def call(cast: Cast) -> Call:
    """A call for water of at least three from three countries, a university among them."""
    day = office_today() + timedelta(days=90)
    days = {"closes_earliest": day, "closes_latest": day}
    return make_call("Water for everybody", summary=Text.of(en=WORDS), themes=("water", "culture"), **days)


@pytest.fixture
def circle(cast: Cast) -> dict[str, Organisation]:
    """Sfax works with AMB and on water, Genoa too by a need; the university of Lyon is a stranger."""
    make_relation(cast.amb, "partner_of", cast.sfax)
    make_project("Clean beaches", cast.sfax, themes=("water",))
    genoa = make_organisation("Genoa", country="IT")
    make_need(genoa, "Less leaks", themes=("water",))
    lyon = make_organisation("University of Lyon", kind="research", country="FR")
    return {"genoa": genoa, "lyon": lyon, "sfax": cast.sfax}


def page() -> str:
    return reverse("staff:consortium")


def asked(cast: Cast, call: Call, **more: Any) -> dict[str, Any]:
    return {"call": call.public_id, "lead": cast.amb.public_id, **more}


def names(answer: Any, part: str = "members") -> list[str]:
    return [str(one.party.ours or one.party.name) for one in answer.context[part]]


def test_calls_of_years_ago_are_not_offered(cast: Cast, call: Call) -> None:
    """Where no closing day is known, by any other day, or by the year of the title; one's own page leads there."""
    today = office_today()
    for title, days in (("Long open", 800), ("Lately open", 700)):
        day = today - timedelta(days=days)
        make_call(title, opens_earliest=day, opens_latest=day)
    make_call("Never dated")
    make_call(f"Pilots {today.year - 4}-{today.year - 3}")
    make_call(f"Roofs 2018-{today.year - 2}")
    make_call("Kept from 2019 on", opens_earliest=today, opens_latest=today)
    closed = today - timedelta(days=1)
    make_call("Closed", closes_earliest=closed, closes_latest=closed)
    client = cast.client("officer")
    offered = [str(one.title) for one in client.get(page(), follow=True).context["calls"]]
    assert offered[0] == "Water for everybody"
    assert set(offered[1:]) == {"Lately open", "Never dated", f"Roofs 2018-{today.year - 2}", "Kept from 2019 on"}
    long_ago = Call.objects.get(slug="long-open")
    assert f"{page()}?call={long_ago.public_id}" in client.get(long_ago.get_absolute_url()).text
    assert long_ago in client.get(page(), {"call": long_ago.public_id}, follow=True).context["calls"]
    assert "begin at the call's own page" in client.get(page(), follow=True).text


def test_officers_read_and_nobody_else(cast: Cast, call: Call) -> None:
    for address in (page(), reverse("staff:consortium_file"), reverse("staff:consortium_suggest")):
        assert cast.client("visitor").get(address, asked(cast, call)).status_code == 302
        for who in ("administrator", "officer"):
            assert cast.client(who).get(address, asked(cast, call)).status_code == 200
        for who in OTHERS:
            assert cast.client(who).get(address, asked(cast, call)).status_code == 403
        assert cast.client("officer").post(address, asked(cast, call)).status_code == 405


def test_links_to_the_page_are_for_officers(cast: Cast, call: Call) -> None:
    link = f'href="{page()}?call={call.public_id}"'
    assert link in cast.client("officer").get(call.get_absolute_url()).text
    for who in ("visitor", *OTHERS):
        assert page() not in cast.client(who).get(call.get_absolute_url()).text
    partners = reverse("staff:partners", args=[cast.amb.public_id])
    assert f'href="{page()}?lead={cast.amb.public_id}"' in cast.client("officer").get(partners).text


def test_the_set_its_reasons_and_the_rules(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    answer = cast.client("officer").get(page(), asked(cast, call, size=4))
    assert names(answer)[0] == str(cast.amb)
    assert set(names(answer)[1:]) == {"Sfax", "Genoa", "University of Lyon"}
    by = {one.party.id: {each.feature.detail: each for each in one.reasons} for one in answer.context["members"]}
    assert by[cast.sfax.public_id]["covers"].text == "Works on water and sanitation."
    [ground] = by[cast.sfax.public_id]["covers"].grounds
    assert ground.record == Project.objects.get()
    assert f'<a href="{ground.record.get_absolute_url()}">Clean beaches</a>' in answer.text
    already = by[cast.sfax.public_id]["already-partners"]
    assert already.text == "Works with the lead already, in 1 record."
    assert [one.record for one in already.grounds] == [Relation.objects.get()]
    [need] = by[circle["genoa"].public_id]["covers"].grounds
    assert f'<a href="{reverse("staff:change", args=[need.record.public_id])}">Less leaks</a>' in answer.text
    assert by[circle["lyon"].public_id]["fills-roles"].text == "Its role: university or research centre."
    outcomes = {row.check.rule.code: row.check.outcome for row in answer.context["rules"]}
    assert outcomes == {
        "at-least": Outcome.MET,
        "from-countries": Outcome.MET,
        "takes-part": Outcome.MET,
        "countries": Outcome.CANT_TELL,
        "kinds": Outcome.CANT_TELL,
        "deadline": Outcome.MET,
    }
    for row in answer.context["rules"]:
        assert row.check.rule.passage in WORDS
    assert "At least 1 in this role: university or research centre." in answer.text
    assert 'dir="auto">Consortia must include at least one university.</blockquote>' in answer.text


def test_who_works_with_the_lead_already_by_which_records(cast: Cast, call: Call, circle: Any) -> None:
    relation, project = Relation.objects.get(), make_project("Shared pipes", cast.amb, cast.sfax)
    hidden = make_project("Hidden talks", cast.amb, cast.sfax, confirmed=False)
    answer = cast.client("officer").get(page(), asked(cast, call, size=4))
    [sfax] = [one for one in answer.context["members"] if one.party.ours == cast.sfax]
    [already] = [one for one in sfax.reasons if one.feature.detail == "already-partners"]
    assert already.text == "Works with the lead already, in 2 records."
    assert [one.record for one in already.grounds] == [relation, project]
    link = reverse("staff:change", args=[relation.public_id])
    assert f'<a href="{link}">Àrea Metropolitana de Barcelona · partner of · Sfax</a>' in answer.text
    assert hidden.public_id not in answer.text


def test_what_is_missing_is_a_sentence(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    out = circle["lyon"].public_id
    text = cast.client("officer").get(page(), asked(cast, call, without=out)).text
    assert "<li>Still needed in a role that the call demands: university or research centre.</li>" in text
    assert "<li>Nobody for: culture and arts.</li>" in text


def test_links_change_the_address_and_the_set(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    client = cast.client("officer")
    answer = client.get(page(), asked(cast, call, size=3, new="mixed"))
    shown = next(one for one in answer.context["members"] if one.party.ours == circle["lyon"])
    told = parse_qs(urlsplit(shown.without_it).query)
    assert told == {"call": [call.public_id], "lead": [cast.amb.public_id], "size": ["3"], "new": ["mixed"],
                    "without": [circle["lyon"].public_id]}  # fmt: skip
    without = client.get(shown.without_it)
    assert "University of Lyon" not in names(without)
    [(party, address)] = without.context["left_out"]
    assert party.ours == circle["lyon"]
    assert names(client.get(address)) == names(answer)
    kept = client.get(page(), asked(cast, call, size=2, **{"with": circle["genoa"].public_id}))
    assert "Genoa" in names(kept)
    genoa = next(one for one in kept.context["members"] if one.party.ours == circle["genoa"])
    assert genoa.is_wished
    assert "with" not in parse_qs(urlsplit(genoa.free).query)
    assert names(client.get(genoa.led_by_it))[0] == "Genoa"


def test_a_name_becomes_an_id_in_the_address_and_nobody_named_is_us(cast: Cast, call: Call) -> None:
    client = cast.client("officer")
    wrong = client.get(page(), {"call": call.public_id, "lead": "sfax", "size": "many"})
    assert parse_qs(urlsplit(wrong["Location"]).query)["size"] == ["many"]
    named = client.get(page(), {"call": call.public_id, "lead": "sfax", "size": "3"})
    assert named.status_code == 302
    assert parse_qs(urlsplit(named["Location"]).query)["lead"] == [cast.sfax.public_id]
    assert f"lead={cast.amb.public_id}" in client.get(page(), {"call": call.public_id})["Location"]
    chosen = client.get(page(), {"call": call.public_id, "lead": "x", "lead_id": cast.sfax.public_id})
    assert chosen.context["lead"] == cast.sfax


def test_who_is_not_found_is_said_and_nothing_is_lost(cast: Cast, call: Call) -> None:
    answer = cast.client("officer").get(page(), {"call": call.public_id, "lead": "Zzyzx", "size": "4"})
    assert answer.status_code == 200
    assert "Nothing here is called like this." in answer.text
    assert 'value="Zzyzx"' in answer.text
    assert f'<option value="{call.public_id}" selected>' in answer.text
    gone = cast.client("officer").get(page(), asked(cast, call, lead="org_nobody"))
    assert "Nothing here is called like this." in gone.text
    assert "found" not in gone.context


@pytest.mark.parametrize("size", ["0", "41", "-1", "many", "1e3", "٣٣٣", "9" * 500])
def test_a_wrong_size_is_said_where_it_stands(cast: Cast, call: Call, size: str) -> None:
    answer = cast.client("officer").get(page(), asked(cast, call, size=size))
    assert answer.status_code == 200
    assert "Write a number from 1 to 40, or nothing." in answer.text
    assert "found" not in answer.context


def test_nonsense_in_the_address_is_left_aside_and_said(cast: Cast, call: Call, circle: Any) -> None:
    wild = {"with": ["org_gone", "\x00", cast.amb.public_id], "without": ["<b>"], "new": "<i>", "page": "9"}
    answer = cast.client("officer").get(page(), asked(cast, call, **wild))
    assert answer.status_code == 200
    assert "These are no longer here and were left aside: org_gone, &lt;b&gt;." in answer.text
    unknown = cast.client("officer").get(page(), asked(cast, call) | {"call": "cal_nothing"})
    assert "There is no such call here." in unknown.text


def test_a_usual_size_is_called_so_and_a_lead_that_is_out_is_said_first(cast: Cast) -> None:
    bare = make_call("Bare")
    answer = cast.client("officer").get(page(), asked(cast, bare))
    assert "The text we have does not say how many it takes. 8 is a usual size." in answer.text
    bound = make_call("Bound", summary=Text.of(en="Proposals must be submitted by at least 3 applicants."))
    text = cast.client("officer").get(page(), asked(cast, bound)).text
    assert "Within what the call asks for, 8 is a usual size." in text
    assert "does not say how many" not in text
    strict = make_call("Strict", eligible_countries=("FR",), eligible_kinds=("ngo",))
    text = cast.client("officer").get(page(), asked(cast, strict)).text
    said = text.index("The lead partner may not apply.")
    assert "Bodies of these countries may not apply: Spain." in text[said : said + 300]
    assert said < text.index('id="missing"') < text.index('id="set"')


def test_who_was_put_aside_stays_out_until_asked_for(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    decide_partner(cast.officer, cast.amb, circle["genoa"], "no")
    client = cast.client("officer")
    answer = client.get(page(), asked(cast, call))
    assert "Genoa" not in names(answer) + names(answer, "others")
    [(party, address)] = answer.context["set_aside"]
    assert party.ours == circle["genoa"]
    assert "Genoa" in names(client.get(address))


def test_who_is_said_no_or_later_to_for_a_call_makes_room_and_comes_back(
    cast: Cast, call: Call, circle: dict[str, Organisation]
) -> None:
    client, address = cast.client("officer"), reverse("staff:consortium_say")
    genoa = circle["genoa"].public_id
    said = {**asked(cast, call), "record": genoa, "verdict": "no", "why": "Elections"}
    assert cast.client("visitor").post(address, said).status_code == 302
    for who in OTHERS:
        assert cast.client(who).post(address, said).status_code == 403
    for wrong in ({"record": "org_x"}, {"record": cast.amb.public_id}, {"call": "cal_x"}, {"lead": "org_x"},
                  {"verdict": "perhaps"}, {"application": "app_x"}):  # fmt: skip
        with transaction.atomic():
            assert client.post(address, said | wrong).status_code == 404
        SuggestionAnswer.objects.all().delete()
    before = names(client.get(page(), asked(cast, call)))
    assert "Genoa" in before
    for verdict, word, part in (("no", "No", "put_aside"), ("later", "Later", "put_off")):
        answer = client.post(address, said | {"verdict": verdict}, follow=True)
        assert "Genoa" not in names(answer) + names(answer, "others")
        [aside] = answer.context["put_aside"] + answer.context["put_off"]
        assert answer.context[part] == [aside]
        assert (aside.name, aside.word, aside.said.by, aside.said.reason) == ("Genoa", word, cast.officer, "Elections")
    kept = SuggestionAnswer.objects.get()
    assert kept.about.split() == sorted((call.public_id, cast.amb.public_id))
    assert (kept.subject, kept.suggestion, set(kept.features) > set()) == ("consortium", genoa, True)
    other = make_call("Another", themes=("water",))
    assert client.get(page(), asked(cast, other)).context["put_aside"] == []  # for one call, not for another
    fixed = client.get(page(), asked(cast, call) | {"with": genoa})
    assert "Genoa" in names(fixed)
    answer = client.post(address, said | {"verdict": "yes"}, follow=True)
    assert names(answer) == before
    assert [one.saying.word for one in answer.context["members"] if one.party.id == genoa] == ["Yes"]


def test_parts_of_the_lead_are_no_partners(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    make_relation(circle["genoa"], "part_of", cast.amb)
    assert "Genoa" not in names(cast.client("officer").get(page(), asked(cast, call)))


def test_the_file_has_the_set_and_nothing_that_runs(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    Organisation.objects.filter(pk=circle["genoa"].pk).update(name="=HYPERLINK(1)")
    answer = cast.client("officer").get(reverse("staff:consortium_file"), asked(cast, call, size=4))
    assert answer["Content-Disposition"] == f'attachment; filename="consortium-{call.public_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["Name"] for row in rows} == {cast.amb.name, "Sfax", "'=HYPERLINK(1)", "University of Lyon"}
    sfax = next(row for row in rows if row["Name"] == "Sfax")
    assert sfax["Why"].startswith("Works on water and sanitation. (Clean beaches); ")
    assert [row["Lead partner"] for row in rows] == ["true", "false", "false", "false"]
    nowhere = cast.client("officer").get(reverse("staff:consortium_file"), {"call": "cal_x"})
    assert nowhere.status_code == 302


def test_hostile_text_is_shown_as_text(cast: Cast, call: Call, circle: dict[str, Organisation]) -> None:
    hostile = "<script>alert(1)</script>\"'"
    Organisation.objects.update(name=hostile, place=hostile)
    Project.objects.update(title=Text.of(en=hostile))
    Call.objects.update(title=Text.of(en=hostile), summary=Text.of(en=f"{hostile} {WORDS}"))
    text = cast.client("officer").get(page(), asked(cast, call)).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_body_of_the_worlds_data_is_marked_and_leads_to_its_page(cast: Cast, world: Home) -> None:
    plan = make_call("Water plan", summary=Text.of(en="A water plan of cities."), themes=("water",))
    WorldLink.objects.create(organisation=cast.amb, world_id="facts:amb-en")
    answer = cast.client("officer").get(page(), asked(cast, plan))
    found = {one.party.id: one for part in ("members", "others") for one in answer.context[part]}
    gothenburg = found["facts:gothenburg"]
    assert gothenburg.party.is_world
    details = {each.feature.detail: each for each in gothenburg.reasons}
    assert details["already-partners"].feature.values == {"count": 11}
    address = f"{reverse('staff:world_record')}?id=facts%3Agothenburg"
    assert f'<a class="list-title" href="{address}"><bdi>City of Gothenburg</bdi></a>' in answer.text
    assert "facts:amb-en" not in found  # it is the lead


def test_a_page_asks_as_much_of_much_as_of_little(
    cast: Cast, call: Call, circle: Any, world: Home, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, counts = cast.client("officer"), []
    for round_ in range(2):
        with django_assert_max_num_queries(MOST_QUERIES) as told:
            assert client.get(page(), asked(cast, call)).status_code == 200
        counts.append(len(told))
        for number in range(8):
            city = make_organisation(f"City {round_} {number}", country="ES", themes=("water",))
            make_relation(city, "partner_of", cast.amb)
            make_project(f"Water {number}", city, cast.sfax, themes=("water",))
            make_need(city, f"Wells {number}", themes=("water",))
            make_call(f"Call {round_} {number}")
            decide_partner(cast.officer, cast.amb, city, ("yes", "no", "later")[number % 3])
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_the_page_speaks_the_readers_language(
    cast: Cast, call: Call, circle: dict[str, Organisation], language: str
) -> None:
    with translation.override(language):
        text = cast.client("officer").get(page(), asked(cast, call, without=circle["lyon"].public_id)).text
    for words in (
        "Build a",
        "What is missing",
        "Works on",
        "Nobody",
        "Rules of",
        "Without this",
        "Part of the",
        "Met<",
    ):
        assert words not in text
