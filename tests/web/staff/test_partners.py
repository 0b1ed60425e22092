"""Whom to work with next: who sees and decides, what the page says, and what it asks of the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from sympolis.engine.model import Feature
from sympolis.office.core.templatetags.show import moment
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Project
from sympolis.office.synergies.actions import decide_partner
from sympolis.office.synergies.brief.wording import plain
from sympolis.office.synergies.models import PartnerDecision
from sympolis.office.synergies.partner_grounds import Reason
from sympolis.office.synergies.partners import reason_in_words
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_project, make_relation

OTHERS = ("contact", "participant", "outsider")
MOST_QUERIES = 12


def page_of(organisation: Organisation) -> str:
    return reverse("staff:partners", args=[organisation.public_id])


def decide_of(organisation: Organisation) -> str:
    return reverse("staff:partner_decide", args=[organisation.public_id])


@pytest.fixture
def tunis(cast: Cast) -> Organisation:
    """AMB and Tunis both have to do with Sfax, which AMB works with in a project; Genoa only shares a theme."""
    tunis = make_organisation("Tunis", kind="city", country="TN", place="Grand Tunis")
    make_relation(cast.amb, "partner_of", cast.sfax)
    make_relation(tunis, "twinned_with", cast.sfax)
    make_project("Clean beaches", cast.amb, cast.sfax, themes=("water",))
    make_organisation("Genoa", kind="city", country="IT", themes=("water",))
    make_organisation("Harbour Network", kind="city-network", country="ES", themes=("water",))
    return tunis


def names(answer: Any, part: str = "suggestions") -> list[str]:
    return [one.partner.organisation.name for one in answer.context[part]]


def test_officers_read_and_nobody_else(cast: Cast, tunis: Organisation) -> None:
    address = page_of(cast.amb)
    assert cast.client("visitor").get(address).status_code == 302
    for who in ("administrator", "officer"):
        assert cast.client(who).get(address).status_code == 200
        assert cast.client(who).head(address).status_code == 200
    for who in OTHERS:
        assert cast.client(who).get(address).status_code == 403
    assert cast.client("officer").post(address).status_code == 405


def test_nobody_else_decides(cast: Cast, tunis: Organisation) -> None:
    address, said = decide_of(cast.amb), {"partner": tunis.public_id, "verdict": "no"}
    assert cast.client("visitor").post(address, said).status_code == 302
    for who in OTHERS:
        assert cast.client(who).post(address, said).status_code == 403
    assert cast.client("officer").get(address).status_code == 405
    assert PartnerDecision.objects.count() == 0


def test_links_to_the_page_are_for_officers(cast: Cast, tunis: Organisation) -> None:
    link = f'href="{page_of(cast.amb)}"'
    public, form = cast.amb.get_absolute_url(), reverse("staff:change", args=[cast.amb.public_id])
    for address in (public, form, reverse("staff:dashboard")):
        assert link in cast.client("officer").get(address).text, address
    for who in ("visitor", *OTHERS):
        assert link not in cast.client(who).get(public).text


def test_reasons_are_sentences_that_name_the_records_they_rest_on(cast: Cast, tunis: Organisation) -> None:
    answer = cast.client("officer").get(page_of(cast.amb))
    assert names(answer)[0] == "Tunis"
    reasons = {each.feature.detail: each for each in answer.context["suggestions"][0].partner.reasons}
    common = reasons["partners-in-common"]
    assert common.text == "They have partners in common: Sfax."
    project = Project.objects.get()
    relations = [f"{one.from_organisation} {one.type} {one.to_organisation}" for one in common.grounds if not one.PAGE]
    assert relations == [f"{cast.amb} partner_of Sfax", "Tunis twinned_with Sfax"]
    assert project in common.grounds
    for ground in common.grounds:
        address = ground.get_absolute_url() if ground.PAGE else reverse("staff:change", args=[ground.public_id])
        assert f'<a href="{address}">' in answer.text
    genoa = next(one for one in answer.context["suggestions"] if one.partner.organisation.name == "Genoa")
    themes = next(each for each in genoa.partner.reasons if each.feature.detail == "shared-themes")
    assert themes.text == "Both are about water and sanitation."
    assert list(themes.grounds) == [project, genoa.partner.organisation]
    assert f'href="{tunis.get_absolute_url()}"' in answer.text
    assert "City · <bdi>Grand Tunis</bdi> · Tunisia" in " ".join(answer.text.split())
    brief = f"{reverse('staff:brief_new')}?left={cast.amb.public_id}&amp;right={tunis.public_id}"
    assert f'href="{brief}"' in answer.text
    asked = cast.client("officer").get(brief.replace("&amp;", "&"))
    assert [str(each) for _side, each, _scope in asked.context["sides"]] == [str(cast.amb), "Tunis"]


def test_a_body_is_named_with_whose_it_is(cast: Cast, tunis: Organisation) -> None:
    network = make_organisation("Cities of the Sea", kind="city-network")
    board = make_organisation("Board", kind="body", parent=network)
    for one in (cast.amb, tunis):
        make_relation(one, "member_of", board)
    assert _in_common(cast, "Tunis") == {"Board (Cities of the Sea)", "Sfax"}
    Organisation.objects.filter(pk=network.pk).update(confirmed=False)
    assert _in_common(cast, "Tunis") == {"Board", "Sfax"}


def test_a_language_is_that_of_two_countries(cast: Cast, tunis: Organisation) -> None:
    make_organisation("Girona", kind="city", country=cast.amb.country, themes=("water",))
    make_organisation("Bogotá", kind="city", country="CO", themes=("water",))
    said = "Their countries have an official language in common: Spanish."
    told = {name: said in [one.text for one in _reasons_for(cast, name)] for name in ("Girona", "Bogotá")}
    assert told == {"Girona": False, "Bogotá": True}


def _in_common(cast: Cast, name: str) -> set[str]:
    [said] = [one.text for one in _reasons_for(cast, name) if one.feature.detail == "partners-in-common"]
    return set(said.removeprefix("They have partners in common: ").removesuffix(".").split(" and "))


def _reasons_for(cast: Cast, name: str) -> Sequence[Reason]:
    shown = cast.client("officer").get(page_of(cast.amb)).context["suggestions"]
    [found] = [one.partner for one in shown if one.partner.organisation.name == name]
    reasons: Sequence[Reason] = found.reasons
    return reasons


def test_parts_and_bodies_of_it_are_no_suggestion(cast: Cast, tunis: Organisation) -> None:
    part, body, whole = (make_organisation(name, country="ES", themes=("water",)) for name in ("Gavà", "Lab", "League"))
    make_relation(part, "part_of", cast.amb)
    Organisation.objects.filter(pk=body.pk).update(parent=cast.amb)
    Organisation.objects.filter(pk=cast.amb.pk).update(parent=whole)
    found = set(names(cast.client("officer").get(page_of(cast.amb))))
    assert "Genoa" in found
    assert found & {"Gavà", "Lab", "League"} == set()
    assert "Gavà" in names(cast.client("officer").get(page_of(tunis)))


def test_a_theme_that_only_a_need_has_rests_on_the_organisation(cast: Cast, tunis: Organisation) -> None:
    make_need(cast.amb, "Quiet streets", themes=("noise",))
    make_organisation("Izmir", kind="city", country="TR", themes=("noise",))
    answer = cast.client("officer").get(page_of(cast.amb))
    izmir = next(one.partner for one in answer.context["suggestions"] if one.partner.organisation.name == "Izmir")
    themes = next(each for each in izmir.reasons if each.feature.detail == "shared-themes")
    assert list(themes.grounds) == [cast.amb, izmir.organisation]


def test_what_is_chosen_narrows_the_list_and_nonsense_is_the_first_choice(cast: Cast, tunis: Organisation) -> None:
    client, address = cast.client("officer"), page_of(cast.amb)
    assert set(names(client.get(address, {"kinds": "cities"}))) == {"Tunis", "Genoa", "Rabat"} & set(
        names(client.get(address))
    )
    assert names(client.get(address, {"kinds": "networks"})) == ["Harbour Network"]
    tried, newcomers = (
        {one.partner.organisation.name: one.points for one in client.get(address, {"new": new}).context["suggestions"]}
        for new in ("tried", "newcomers")
    )
    assert newcomers["Tunis"] < tried["Tunis"]
    wild = client.get(address, {"new": "<b>", "kinds": "\x00", "page": "9"})
    assert names(wild) == names(client.get(address))
    assert '<option value="newcomers" selected>' in client.get(address, {"new": "newcomers"}).text


def test_no_is_put_aside_with_who_and_why_and_comes_back(cast: Cast, tunis: Organisation) -> None:
    client, address = cast.client("officer"), page_of(cast.amb)
    said = {
        "partner": tunis.public_id,
        "verdict": "no",
        "why": "  Elections <b>first</b> ",
        "new": "mixed",
        "kinds": "cities",
    }
    answer = client.post(decide_of(cast.amb), said, follow=True)
    assert answer.redirect_chain == [(f"{address}?new=mixed&kinds=cities", 302)]
    assert "Tunis is put aside." in answer.text
    assert "Tunis" not in names(answer)
    [aside] = answer.context["put_aside"]
    assert (aside.said.partner, aside.said.by, aside.said.reason) == (tunis, cast.officer, "Elections <b>first</b>")
    assert "Elections &lt;b&gt;first&lt;/b&gt;" in answer.text
    assert "Tunis" not in names(cast.client("administrator").get(address))
    assert cast.amb.name in names(client.get(page_of(tunis)))  # decided for one of the two, not for the other
    back = cast.client("administrator").post(decide_of(cast.amb), {"partner": tunis.public_id}, follow=True)
    assert names(back)[0] == "Tunis"
    assert "put_aside" in back.context
    assert back.context["put_aside"] == []
    history = PartnerDecision.history.order_by("history_id")
    assert [(row.history_type, row.verdict, row.history_user) for row in history] == [
        ("+", "no", cast.officer), ("-", "no", cast.administrator),
    ]  # fmt: skip


def test_later_goes_to_the_end_with_its_date_and_yes_stays(cast: Cast, tunis: Organisation) -> None:
    client = cast.client("officer")
    before = names(client.get(page_of(cast.amb)))
    answer = client.post(decide_of(cast.amb), {"partner": tunis.public_id, "verdict": "later"}, follow=True)
    assert names(answer) == before[1:]
    assert names(answer, "put_off") == ["Tunis"]
    [shown] = answer.context["put_off"]
    assert shown.decision is not None
    with timezone.override(ZoneInfo(cast.office.time_zone)):
        assert f"Later · {moment(shown.decision.at)} · <bdi>Officer</bdi>" in answer.text
    assert answer.text.index('id="later"') < answer.text.index(f'id="{tunis.public_id}"')
    answer = client.post(decide_of(cast.amb), {"partner": tunis.public_id, "verdict": "yes"}, follow=True)
    assert names(answer) == before
    assert answer.context["suggestions"][0].decision.verdict == "yes"
    assert 'value="yes" aria-describedby="name-' in answer.text
    assert answer.text.count('aria-pressed="true"') == 1
    assert PartnerDecision.objects.count() == 1


def test_what_is_no_decision_is_not_found(cast: Cast, tunis: Organisation) -> None:
    client, address = cast.client("officer"), decide_of(cast.amb)
    for said in (
        {"partner": tunis.public_id, "verdict": "perhaps"},
        {"partner": "org_nobody", "verdict": "no"},
        {"partner": "\x00" * 3, "verdict": "no"},
        {"partner": "x" * 100_000, "verdict": "no"},
        {"partner": cast.amb.public_id, "verdict": "no"},
        {},
    ):
        assert client.post(address, said).status_code == 404, str(said)[:80]
    assert client.get(reverse("staff:partners", args=["org_nobody"])).status_code == 404
    assert PartnerDecision.objects.count() == 0
    said = {"partner": tunis.public_id, "verdict": "later", "why": "é\N{RIGHT-TO-LEFT MARK}🙂" * 50_000}
    assert client.post(address, said).status_code == 302
    assert len(PartnerDecision.objects.get().reason) == 500


def test_a_page_without_links_or_without_anything_says_so(cast: Cast) -> None:
    client = cast.client("officer")
    alone = make_organisation("Nowhere", kind="other")
    assert "Nothing speaks for anybody yet" in client.get(page_of(alone)).text
    assert "Nobody of this kind is suggested" in client.get(page_of(alone), {"kinds": "networks"}).text
    bare = make_organisation("Bizerte", kind="city", country="TN", themes=("water",))
    make_organisation("Gabès", kind="city", country="TN", themes=("water",))
    answer = client.get(page_of(bare))
    assert "Gabès" in names(answer)
    assert "Nobody it works with is recorded" in answer.text
    for name in names(answer):
        partner = Organisation.objects.get(name=name)
        client.post(decide_of(bare), {"partner": partner.public_id, "verdict": "no"})
    assert "Nobody else is suggested" in client.get(page_of(bare)).text


def test_at_most_twenty_and_those_aside_make_room(cast: Cast) -> None:
    for number in range(25):
        make_organisation(f"City {number:02}", kind="city", country="ES", themes=("water",))
    make_project("Water", cast.amb, themes=("water",))
    client = cast.client("officer")
    first = names(client.get(page_of(cast.amb)))
    assert len(first) == 20
    gone = Organisation.objects.get(name=first[0])
    answer = client.post(decide_of(cast.amb), {"partner": gone.public_id, "verdict": "no"}, follow=True)
    assert names(answer)[:19] == first[1:]
    assert len(names(answer)) == 20


def test_hostile_text_is_shown_as_text(cast: Cast, tunis: Organisation) -> None:
    hostile = "<script>alert(1)</script>\"'"
    Organisation.objects.filter(pk__in=[tunis.pk, cast.sfax.pk]).update(name=hostile, place=hostile)
    Project.objects.update(title=Text.of(en=hostile))
    page = cast.client("officer").get(page_of(cast.amb)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_page_asks_as_much_of_much_as_of_little(
    cast: Cast, tunis: Organisation, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, counts = cast.client("officer"), []
    for round_ in range(2):
        with django_assert_max_num_queries(MOST_QUERIES) as asked:
            assert client.get(page_of(cast.amb)).status_code == 200
        counts.append(len(asked))
        for number in range(8):
            city = make_organisation(f"City {round_} {number}", country="ES", themes=("water",))
            make_relation(city, "partner_of", cast.sfax)
            make_project(f"Water {number}", city, cast.sfax, themes=("water",))
            verdict = ("yes", "no", "later")[number % 3]
            client.post(decide_of(cast.amb), {"partner": city.public_id, "verdict": verdict})
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_the_page_speaks_the_readers_language(cast: Cast, tunis: Organisation, language: str) -> None:
    with translation.override(language):
        page = cast.client("officer").get(page_of(cast.amb)).text
    for words in ("Whom to work with next", "partners in common", "Put aside", "out of 100", "rests on"):
        assert words not in page


def test_who_took_a_decision_back_is_known_without_a_page_too(cast: Cast, tunis: Organisation) -> None:
    for who in OTHERS:
        with pytest.raises(PermissionDenied):
            decide_partner(getattr(cast, who), cast.amb, tunis, "no")
    decide_partner(cast.officer, cast.amb, tunis, "later")
    decide_partner(cast.officer, cast.amb, tunis, "no", "Elections")
    assert decide_partner(cast.administrator, cast.amb, tunis, "") is None
    told = PartnerDecision.history.order_by("history_id")
    assert [(row.history_type, row.verdict, row.reason, row.by) for row in told] == [
        ("+", "later", "", cast.officer),
        ("~", "no", "Elections", cast.officer),
        ("-", "no", "Elections", cast.officer),
    ]
    assert told.last().history_user == cast.administrator


@pytest.mark.parametrize(
    ("detail", "values", "said"),
    [
        ("partner-beside", {"partners": ["Lyon"]}, "Partners of one are near the other: Lyon."),
        (
            "first-there",
            {"countries": ["FR", "DE"], "new": ["Lyon", "Jena"]},
            "Neither has a partner in the other's country yet: France and Germany.",
        ),
        (
            "first-there",
            {"countries": ["FR", "DE"], "new": ["Jena"]},
            "Jena has no partner in the other's country yet: France and Germany.",
        ),
        (
            "around-tied",
            {"countries": ["DE", "FR"]},
            "Bodies around the one have partners in the country of the other: Germany and France.",
        ),
    ],
)
def test_what_places_tell_is_said_in_words(detail: str, values: dict[str, Any], said: str) -> None:
    assert plain(list(reason_in_words(Feature(detail, 1.0, detail, values), {}))) == said
