"""Places like a place, what they have done, side by side, and one answer to a need: who sees it and what it says."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone, translation

from sympolis.config.home import Home
from sympolis.engine.match.peers import WEIGHTS as PEER_WEIGHTS
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.models import WorkerSign
from sympolis.office.core.readers import forget_readers
from sympolis.office.core.templatetags.show import number as shown_number
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Figure, Organisation
from sympolis.office.planning.models import Action
from sympolis.office.projects.models import Project
from sympolis.office.synergies.models import SuggestionAnswer
from tests.cast import Cast
from tests.factories import make_call, make_need, make_organisation, make_project, make_relation

OTHERS = ("contact", "participant", "outsider")
MOST_QUERIES = 12
ANSWER = "/en/office/answer/"
NEED = "We want to reuse treated waste water for parks."
HOSTILE = "<script>alert(1)</script>"


def page_of(organisation: Organisation) -> str:
    return reverse("staff:peers", args=[organisation.public_id])


def beside(*organisations: Organisation) -> str:
    return f"{reverse('staff:side_by_side')}?" + "&".join(f"place={one.public_id}" for one in organisations)


def figure(organisation: Organisation, what: str, value: float, unit: str, **more: Any) -> Figure:
    return Figure.objects.create(organisation=organisation, what=what, value=value, unit=unit, **more)


@pytest.fixture
def port(cast: Cast) -> Organisation:
    """Sfax and a port like it, a capital far from it, and a network that is no place."""
    Organisation.objects.filter(pk=cast.sfax.pk).update(
        population=280_000, latitude=34.74, longitude=10.76, themes=("water", "coast")
    )
    port = make_organisation(
        "Portville", country="TN", population=300_000, latitude=35.0, longitude=10.9, themes=("water", "coast")
    )
    make_organisation("Farland", country="MX", population=9_000_000, latitude=19.4, longitude=-99.1, themes=("noise",))
    make_organisation("Harbour Network", kind="city-network", country="TN", themes=("water",))
    return port


@pytest.fixture
def indexed(settings: LazySettings, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Called once the rows are there; the index knows them from then on."""
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    yield lambda: rebuild(lambda _name, _done, _total: None)
    forget_readers()


def names(answer: Any) -> list[str]:
    return [one.peer.organisation.name for one in answer.context["shown"]]


def test_officers_read_and_nobody_else(cast: Cast, port: Organisation) -> None:
    for address in (page_of(cast.sfax), beside(cast.sfax, port), ANSWER):
        assert cast.client("visitor").get(address).status_code == 302
        for who in ("administrator", "officer"):
            assert cast.client(who).get(address).status_code == 200
        for who in OTHERS:
            assert cast.client(who).get(address).status_code == 403
        assert cast.client("officer").post(address).status_code == 405


def test_links_to_the_page_are_for_officers_and_for_places(cast: Cast, port: Organisation) -> None:
    link = f'href="{page_of(port)}"'
    assert link in cast.client("officer").get(port.get_absolute_url()).text
    for who in ("visitor", *OTHERS):
        assert link not in cast.client(who).get(port.get_absolute_url()).text
    network = Organisation.objects.get(name="Harbour Network")
    assert page_of(network) not in cast.client("officer").get(network.get_absolute_url()).text
    assert cast.client("officer").get(page_of(network)).status_code == 404
    assert f'href="{ANSWER}"' in cast.client("officer").get(reverse("staff:dashboard")).text


def test_the_likest_first_with_reasons_out_of_what_is_stored(cast: Cast, port: Organisation) -> None:
    answer = cast.client("officer").get(page_of(cast.sfax))
    assert names(answer)[0] == "Portville"
    assert names(answer)[-1] == "Farland"
    first = answer.context["shown"][0].peer
    said = {reason.feature.name: reason.text for reason in first.reasons}
    coasts = {code: told.value for code, told in first.place.told.items() if code == "coast"}
    assert said.pop("coast", "") == (
        f"About {answer.context['place'].told['coast'].value:g} and {coasts['coast']:g} km from the sea."
        if coasts
        else ""
    )
    assert said == {
        "size": "280,000 and 300,000 people.",
        "themes": "Both work on coast and sea and water and sanitation.",
        "latitude": "Latitude 34.7° and 35°.",
        "kind": "Both are of the kind “city”.",
        "countries": "Both are in Tunisia.",
    }
    unknown = {one.feature: [each.name for each in one.names] for one in first.unknown}
    for name in ("density", "income", "climate"):
        assert unknown[name] == ["Sfax", "Portville"]
    assert "not known of Sfax, Portville" in answer.text


def test_what_counts_is_chosen_and_nonsense_is_not_there(cast: Cast, port: Organisation) -> None:
    client, address = cast.client("officer"), page_of(cast.sfax)
    only = client.get(address, {"f": ["kind", "<b>", "\x00"]})
    assert {reason.feature.name for one in only.context["shown"] for reason in one.peer.reasons} == {"kind"}
    assert only.text.count('<input type="checkbox" name="f"') == 9
    assert only.text.count(" checked") == 1
    assert names(client.get(address, {"f": "<b>", "theme": "?"})) == names(client.get(address))
    assert client.get(reverse("staff:peers", args=["org_nobody"])).status_code == 404


def test_figures_make_density_and_the_latest_that_is_understood_counts(cast: Cast, port: Organisation) -> None:
    figure(port, "població", 310_000, "persones", year=2020)
    figure(port, "Population", 200_000, "", year=2001)
    figure(port, "superfície", 6_200, "ha")
    figure(port, "area", 5, "acres", year=2024)
    figure(port, "GDP per head", 9_000, "EUR", year=2019)
    figure(port, "GDP per head", 8_000, "EUR", year=2022, confirmed=False)
    answer = cast.client("officer").get(beside(port, cast.sfax))
    rows = {one.code: one.cells[0] for one in answer.context["comparison"].figures}
    told = {code: (str(cell.value), cell.told.year) for code, cell in rows.items() if cell and cell.told}
    told.pop("coast", None)
    assert told == {
        "population": ("310000", 2020),
        "area": ("62", None),
        "density": ("5000", None),
        "income": ("9000", 2019),
    }


def test_its_own_parts_are_no_peers_and_their_work_counts_through_it(
    cast: Cast, port: Organisation, indexed: Callable[[], None]
) -> None:
    area = make_organisation("Port Area", kind="metropolitan-authority", country="TN", place="Portville")
    make_relation(port, "part_of", area)
    make_project("Reuse of treated waste water in parks", area, summary=Text.of(en="Treated waste water for parks."))
    indexed()
    client = cast.client("officer")
    assert "Portville" not in names(client.get(page_of(area)))
    answer = client.get(page_of(cast.sfax), {"q": NEED})
    done = {one.peer.organisation.name: one.deeds for one in answer.context["shown"]}
    assert [(deed.hit.title.text, deed.via) for deed in done["Port Area"]] == [
        ("Reuse of treated waste water in parks", None)
    ]
    assert [deed.via for deed in done["Portville"]] == [area]
    assert done["Farland"] == []
    assert names(answer)[:2] == ["Portville", "Port Area"] or names(answer)[:2] == ["Port Area", "Portville"]
    assert "via Port Area" in answer.text


def test_deeds_are_quoted_in_their_language_and_examples_are_not_told(
    cast: Cast, port: Organisation, indexed: Callable[[], None]
) -> None:
    said = "Les eaux usées traitées arrosent les parcs de la ville."
    make_project("Eau", port, summary=Text.of(fr=said))
    make_project("Treated waste water for all parks", port, illustrative=True)
    make_need(port, "Treated waste water for parks: we show how", stage="offer")
    action = Action.objects.create(title=Text.of(en="Water treated parks with waste water"))
    action.organisations.add(port)
    make_need(port, "Treated waste water for parks is what we need", stage="need")
    indexed()
    answer = cast.client("officer").get(page_of(cast.sfax), {"q": NEED})
    [deeds] = [one.deeds for one in answer.context["shown"] if one.peer.organisation == port]
    assert {deed.hit.kind for deed in deeds} == {"project", "practice", "action"}
    assert not any(deed.hit.is_example for deed in deeds)
    [quoted] = [deed.hit for deed in deeds if deed.hit.kind == "project"]
    assert "".join(piece.text for piece in quoted.passage) == said
    assert f'<span lang="fr" dir="ltr">{said}</span> <span class="lang-note">French</span>' in re.sub(
        "</?mark>", "", answer.text
    )


def test_without_an_index_it_is_said_and_how_to_mend_it(cast: Cast, port: Organisation) -> None:
    client = cast.client("officer")
    mend = "No worker is running, and the worker makes the index."
    for address in (page_of(cast.sfax), ANSWER):
        page = client.get(address, {"q": NEED}).text
        assert "Search is not ready on this site yet: nothing can be looked for." in page
        assert mend in page
    WorkerSign.objects.create(worker_id="w", host="elsewhere", process=1, seen_at=timezone.now())
    for address in (page_of(cast.sfax), ANSWER):
        page = client.get(address, {"q": NEED}).text
        assert "The search index is being prepared: nothing can be looked for yet." in page
        assert mend not in page


def test_plots_are_well_formed_and_say_the_numbers_of_the_table(cast: Cast, port: Organisation) -> None:
    figure(port, "area", 62.4, "km²", source_url="https://example.org/area")
    figure(cast.sfax, "area", 56, "km²")
    make_project("Drops", port, cast.sfax, themes=("water",))
    make_project("Streets", port, themes=("mobility", "water"))
    address = beside(port, cast.sfax)
    for language in ("en", "ca", "ar"):
        page = cast.client("officer").get(address.replace("/en/", f"/{language}/"))
        drawn = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg viewBox=\"0 0 360.*?</svg>", page.text, re.S)]
        comparison = page.context["comparison"]
        figures = [one for one in comparison.figures if one.known == 2]
        assert len(drawn) == len(figures) + 1
        for svg, told in zip(drawn, figures, strict=False):
            assert {one.tag for one in svg[:2]} == {"title", "desc"}
            shown = [one.text for one in svg.findall("text[@text-anchor='end']")]
            with translation.override(language):
                assert shown == [f"{shown_number(cell.value)} {cell.unit}".strip() for cell in told.cells]
            places = [int(one.get("cx", "")) for one in svg.iter("circle")]
            order = [cell.value for cell in told.cells]
            assert (places[0] < places[1]) == (order[0] < order[1])
        bars = [one.text.split(" · ")[0] for one in drawn[-1].findall("text[@dy]")]
        assert bars == [str(count) for theme in comparison.themes for count in theme.counts] == ["2", "1", "1", "0"]
        assert all(re.fullmatch(r"\d+", one.get("width", "")) for one in drawn[-1].iter("rect"))
    assert "style=" not in page.text


def test_the_table_can_be_had_as_a_spreadsheet(cast: Cast, port: Organisation) -> None:
    Organisation.objects.filter(pk=port.pk).update(name="=1+1")
    figure(port, "area", 62.4, "km²", year=2020, source_url="https://example.org/area")
    figure(port, "=cmd", 3, "parks")
    answer = cast.client("officer").get(f"{beside(port, cast.sfax)}&format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["id", "Place", "Figure", "Value", "Unit", "Year", "Source"]
    assert [port.public_id, "'=1+1", "Area", "62.4", "km²", "2020", "https://example.org/area"] in rows
    assert [port.public_id, "'=1+1", "'=cmd", "3", "parks", "", ""] in rows
    assert [cast.sfax.public_id, "Sfax", "People living there", "280000", "", "", ""] in rows


def test_too_few_and_too_many_are_said_and_none_is_not_found(cast: Cast, port: Organisation) -> None:
    client = cast.client("officer")
    assert "Only one place was chosen" in client.get(beside(port)).text
    more = [make_organisation(f"City {number}") for number in range(6)]
    answer = client.get(beside(*more))
    assert "More than 5 places were chosen" in answer.text
    assert [one.organisation.name for one in answer.context["comparison"].places] == [f"City {n}" for n in range(5)]
    assert client.get(reverse("staff:side_by_side")).status_code == 404
    assert client.get(reverse("staff:side_by_side"), {"place": "\x00org_none"}).status_code == 404


def test_one_list_answers_a_need_best_first_and_a_city_by_what_it_has(
    cast: Cast, port: Organisation, indexed: Callable[[], None]
) -> None:
    today = timezone.localdate()
    text = Text.of(en="Treated waste water is reused to water parks.")
    call = make_call("Reuse of treated waste water", summary=text, closes_latest=today + timedelta(90))
    make_call("Reuse of treated waste water, last year", summary=text, closes_latest=today - timedelta(90))
    project = make_project("Parks with treated waste water", port, summary=text)
    practice = make_need(port, "How we reuse treated waste water in parks", text=text, stage="offer")
    need = make_need(cast.sfax, "Treated waste water for our parks", text=text)
    make_need(cast.amb, "Our own parks need treated waste water", text=text)  # the office's: it asks that itself
    make_project("Reading clubs", cast.amb, summary=Text.of(en="Children read aloud."))
    indexed()
    client = cast.client("officer")
    found = client.get(ANSWER, {"q": NEED}).context["found"]
    by_kind = {
        (one.kind, (one.organisation or one.hit.record or one.hit).public_id): [hit.public_id for hit in one.grounds]
        for one in found.answers
    }
    assert by_kind.pop(("organisation", port.public_id)) in (
        [project.public_id, practice.public_id], [practice.public_id, project.public_id],
    )  # fmt: skip
    assert by_kind == {
        ("call", call.public_id): [],
        ("project", project.public_id): [],
        ("practice", practice.public_id): [],
        ("organisation", cast.sfax.public_id): [need.public_id],
    }
    said = client.get(ANSWER, {"q": NEED}).text
    assert f'{need.title.get_text("en")}</a> <span class="meta">Need or priority</span>' in said
    assert "of each kind are shown" not in said
    scores = [one.score for one in found.answers]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    for one in found.answers:
        for hit in (one.hit, *one.grounds):
            assert "".join(piece.text for piece in hit.passage) == text.get_text("en")
    only = client.get(ANSWER, {"q": NEED, "kind": ["call", "<b>"]})
    assert [one.kind for one in only.context["found"].answers] == ["call"]
    assert only.context["found"].counts == found.counts
    [closing] = only.context["found"].answers
    assert closing.closes == today + timedelta(90)
    assert len(closing.eligibility) == 5


def test_a_kind_with_more_than_ten_answers_says_where_the_rest_is(
    cast: Cast, port: Organisation, indexed: Callable[[], None]
) -> None:
    for number in range(11):
        make_project(f"Parks with treated waste water {number}", port)
    indexed()
    client = cast.client("officer")
    more = "At most 10 of each kind are shown. Tick a kind above to see more of it."
    mixed = client.get(ANSWER, {"q": NEED})
    assert (mixed.context["found"].counts["project"], more in mixed.text) == (11, True)
    assert [one.kind for one in mixed.context["found"].answers].count("project") == 10
    alone = client.get(ANSWER, {"q": NEED, "kind": "project"})
    assert (len(alone.context["found"].answers), more in alone.text) == (11, False)


def test_no_need_and_a_need_that_nothing_answers(cast: Cast, port: Organisation, indexed: Callable[[], None]) -> None:
    indexed()
    client = cast.client("officer")
    assert client.get(ANSWER).context["found"] is None
    assert client.get(ANSWER, {"q": " \x00 "}).context["found"] is None
    assert "Nothing known here answers this" in client.get(ANSWER, {"q": "zzzz qqqq"}).text
    assert client.get(ANSWER, {"q": "é🙂" * 50_000}).status_code == 200


def test_hostile_text_is_shown_as_text(cast: Cast, port: Organisation, indexed: Callable[[], None]) -> None:
    make_project(f"{HOSTILE} waste water for parks", port, summary=Text.of(en=f"{HOSTILE} treated waste water"))
    Organisation.objects.filter(pk=port.pk).update(name=HOSTILE)
    figure(port, HOSTILE, 3, HOSTILE, source_url="javascript:alert(1)")
    indexed()
    client = cast.client("officer")
    for address in (
        f"{page_of(cast.sfax)}?q={NEED}{HOSTILE}", beside(port, cast.sfax), f"{ANSWER}?q={NEED}{HOSTILE}",
    ):  # fmt: skip
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "javascript:" not in page
        assert "&lt;script&gt;alert" in page


def test_places_said_no_and_later_to_make_room_and_come_back(cast: Cast, port: Organisation) -> None:
    client, address = cast.client("officer"), reverse("staff:peer_say", args=[cast.sfax.public_id])
    for who in OTHERS:
        assert cast.client(who).post(address, {"record": port.public_id, "verdict": "no"}).status_code == 403
    assert cast.client("visitor").post(address, {"record": port.public_id, "verdict": "no"}).status_code == 302
    for wrong in ({"record": cast.sfax.public_id, "verdict": "no"}, {"record": "org_x", "verdict": "no"},
                  {"record": port.public_id, "verdict": "perhaps"}):  # fmt: skip
        assert client.post(address, wrong).status_code == 404
    before = names(client.get(page_of(cast.sfax)))
    assert before[0] == "Portville"
    said = {"record": port.public_id, "verdict": "no", "why": "Asked last year", "f": ["size"], "q": ""}
    answer = client.post(address, said, follow=True)
    assert answer.redirect_chain == [(f"{page_of(cast.sfax)}?f=size", 302)]
    assert "Portville" not in names(answer)
    [aside] = answer.context["put_aside"]
    assert (aside.name, aside.word, aside.said.by, aside.said.reason) == (
        "Portville", "No", cast.officer, "Asked last year",
    )  # fmt: skip
    kept = SuggestionAnswer.objects.get()
    assert (kept.subject, kept.about, kept.suggestion) == ("peers", cast.sfax.public_id, port.public_id)
    assert {"size", "coast", "themes"} <= set(kept.features)  # by all, whatever was ticked
    assert kept.score == pytest.approx(sum(PEER_WEIGHTS[name] * score for name, score in kept.features.items()) / sum(
        PEER_WEIGHTS[name] for name in kept.features
    ), abs=1e-3)  # fmt: skip
    answer = client.post(address, {"record": port.public_id, "verdict": "later"}, follow=True)
    assert names(answer) == before[1:]
    assert [one.peer.organisation.name for one in answer.context["put_off"]] == ["Portville"]
    answer = client.post(address, {"record": port.public_id, "verdict": ""}, follow=True)
    assert names(answer) == before
    assert "Nothing has been learnt yet" in answer.context["learnt"]


def test_a_record_that_answers_nothing_there_answers_nothing_here(
    cast: Cast, port: Organisation, indexed: Callable[[], None]
) -> None:
    project = make_project("Treated waste water for parks", port)
    indexed()
    client = cast.client("officer")
    seen = client.get(page_of(cast.sfax), {"q": NEED})
    assert [deed.hit.title.text for deed in seen.context["shown"][0].deeds] == ["Treated waste water for parks"]
    said = {"q": NEED, "record": project.public_id, "verdict": "no"}
    client.post(reverse("staff:answer_say"), said)
    assert client.get(page_of(cast.sfax), {"q": NEED}).context["shown"][0].deeds == []


def test_a_page_asks_as_much_of_much_as_of_little(
    cast: Cast,
    port: Organisation,
    indexed: Callable[[], None],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client, counts = cast.client("officer"), []
    make_call("Waste water", closes_latest=timezone.localdate() + timedelta(9))
    for round_ in range(2):
        for number in range(4):
            city = make_organisation(f"City {round_} {number}", country="ES", themes=("water",), population=9_000)
            make_relation(city, "part_of", port)
            figure(city, "area", 10 + number, "km²")
            make_need(city, "Treated waste water for parks")
            make_project(f"Treated waste water {number} for parks", city, cast.sfax)
            Action.objects.create(title=Text.of(en="Waste water")).organisations.add(city)
        indexed()
        forget_readers()
        for address in (f"{page_of(cast.sfax)}?q={NEED}", beside(port, cast.sfax), f"{ANSWER}?q={NEED}"):
            with django_assert_max_num_queries(MOST_QUERIES) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert Project.objects.count() == 8
