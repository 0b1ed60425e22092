"""The page "What this is about", the list of what waits, and what of it the public sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sympolis.office.core.models import TagDecision
from sympolis.office.core.texts import Text, Written
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Project
from sympolis.web.staff.tags.shown import passages
from sympolis.web.staff.tags.views import TAGGED
from tests.cast import Cast
from tests.factories import make_call, make_need, make_organisation, make_project
from tests.web.staff.rooms import HOSTILE, one_of_each

MOST_QUERIES = 12
WATER = "Reused waste water keeps parks green. Drinking water is scarce, drought is near."
OTHERS = ("contact", "participant", "outsider")


def about_of(record: Any) -> str:
    return reverse("staff:about", args=[record.public_id])


def decide(client: Client, record: Any, verdict: str, *tags: str, **more: Any) -> Any:
    return client.post(about_of(record), {"tag": tags, "verdict": verdict}, **more)


def shown(answer: Any, which: str) -> list[str]:
    return [row.key for part in answer.context["parts"] for row in getattr(part, which)]


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project("AQUA", cast.amb, summary=Text.of(en=WATER))


def test_who_may_look_and_decide(cast: Cast, project: Project) -> None:
    assert cast.client("visitor").get(about_of(project)).status_code == 302
    for who in ("administrator", "officer"):
        assert cast.client(who).get(about_of(project)).status_code == 200
    for who in OTHERS:
        assert cast.client(who).get(about_of(project)).status_code == 404
        assert decide(cast.client(who), project, "confirmed", "theme:water").status_code == 404
        assert cast.client(who).get(reverse("staff:tags")).status_code == 403
    assert cast.client("visitor").get(reverse("staff:tags")).status_code == 302
    assert TagDecision.objects.count() == 0


def test_a_contact_decides_about_its_own(cast: Cast) -> None:
    need = make_need(cast.sfax, "Water", text=Text.of(en=WATER))
    answer = decide(cast.client("contact"), need, "confirmed", "theme:water", follow=True)
    assert shown(answer, "there") == ["theme:water"]
    assert reverse("staff:tags") not in answer.text
    assert decide(cast.client("outsider"), need, "removed", "theme:water").status_code == 404
    need.refresh_from_db()
    assert (need.themes, TagDecision.objects.get().by) == (("water",), cast.contact)


def test_each_shows_its_words_marked_in_the_text_and_the_scale(cast: Cast, project: Project) -> None:
    answer = cast.client("officer").get(about_of(project))
    assert shown(answer, "suggested")[0] == "theme:water"
    assert '<q dir="auto" lang="en">waste water</q>' in answer.text
    assert 'lang="en">AQUA\nReused <mark>waste water</mark> keeps parks green.' in answer.text
    assert "strength-strong" in answer.text
    assert "strong from 80 points out of 100, fair from 65, weak below" in answer.text
    assert "Clean water and sanitation" in answer.text
    assert "out of 100" in answer.text


def test_confirm_remove_and_take_back(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    answer = decide(client, project, "confirmed", "theme:water", "target:6.3", follow=True)
    assert answer.redirect_chain == [(about_of(project), 302)]
    assert "Confirmed: no import changes that." in answer.text
    assert shown(answer, "there") == ["theme:water", "target:6.3"]
    assert "Confirmed · " in answer.text
    assert "<bdi>Officer</bdi>" in answer.text
    answer = decide(client, project, "removed", "sdg:6", follow=True)
    assert shown(answer, "removed") == ["sdg:6"]
    assert "sdg:6" not in shown(answer, "suggested")
    answer = decide(client, project, "", "sdg:6", "theme:water", follow=True)
    assert shown(answer, "removed") == []
    assert {"sdg:6", "theme:water"} <= {*shown(answer, "suggested")}
    project.refresh_from_db()
    assert (project.themes, project.sdgs) == ((), ())
    assert TagDecision.objects.get().words == ["waste water"]


def test_the_strong_ones_are_confirmed_at_once(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    project.summary = Text.of(en=f"{WATER} Sanitation, sewers, waste water treatment and open defecation. Sanitation!")
    project.save()
    strong = [row.key for row in client.get(about_of(project)).context["strong"]]
    assert {"theme:water", "sdg:6"} <= {*strong}
    answer = decide(client, project, "confirmed", *strong, follow=True)
    assert {*shown(answer, "there")} == {*strong}
    assert answer.context["strong"] == []


def test_with_htmx_the_answer_is_the_section_alone_and_nothing_is_said_later(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    answer = decide(client, project, "removed", "theme:water", headers={"HX-Request": "true"}, follow=True)
    assert answer.text.count('id="about"') == 1
    assert "it is not suggested again" not in client.get(reverse("staff:dashboard")).text


def test_what_is_no_decision_is_not_found(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    for verdict, tags in (
        ("perhaps", ["theme:water"]), ("confirmed", []), ("confirmed", ["theme:nonsense"]), ("removed", ["sdg:99"]),
        ("confirmed", ["colour:red"]), ("confirmed", ["water"]), ("removed", ["theme:" + "x" * 100_000]),
        ("removed", ["theme:\x00"]),
    ):  # fmt: skip
        assert decide(client, project, verdict, *tags).status_code == 404, (verdict, tags[:1])
    assert client.get(reverse("staff:about", args=["prj_nobody"])).status_code == 404
    relation = one_of_each(cast)["relations"]
    assert client.get(about_of(relation)).status_code == 404  # nothing is read out of a relation
    assert TagDecision.objects.count() == 0


def test_the_way_back_leads_nowhere_else(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    for back, expected in (
        ("/en/office/tags/?kind=calls", "/en/office/tags/?kind=calls"),
        ("https://elsewhere.example/", about_of(project)), ("//elsewhere.example", about_of(project)),
        ("javascript:alert(1)", about_of(project)),
    ):  # fmt: skip
        answer = client.post(about_of(project), {"tag": "theme:water", "verdict": "confirmed", "next": back})
        assert answer["Location"] == expected


def test_ticking_in_the_form_and_going_back_are_decisions_too(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    change = reverse("staff:change", args=[project.public_id])

    def save(themes: list[str]) -> None:
        seen = client.get(change).context["form"].initial["seen"]
        said = {"title_en": "AQUA", "summary_en": WATER, "themes": themes, "seen": seen, "currency": "EUR"}
        assert client.post(change, said).status_code == 302

    save(["water", "culture"])
    assert {(one.code, one.verdict, one.by) for one in TagDecision.objects.all()} == {
        ("water", "confirmed", cast.officer), ("culture", "confirmed", cast.officer),
    }  # fmt: skip
    save(["culture"])
    assert shown(client.get(about_of(project)), "removed") == ["theme:water"]
    save(["culture"])
    first = project.history.order_by("history_id").first()  # type: ignore[attr-defined]
    client.post(reverse("staff:restore", args=[project.public_id, first.history_id]))
    assert {one.code: one.verdict for one in TagDecision.objects.all()} == {"water": "removed", "culture": "removed"}


def test_the_page_of_a_record_leads_there_without_waiting_for_it(cast: Cast, project: Project) -> None:
    rows = one_of_each(cast)
    client = cast.client("officer")
    tagged = {kind.name for kind in TAGGED}
    assert tagged == {"organisations", "projects", "calls", "needs", "practices", "events", "actions"}
    for name, row in rows.items():
        page = client.get(reverse("staff:change", args=[row.public_id])).text
        assert (f'hx-get="{about_of(row)}"' in page) == (name in tagged), name
        assert (f'href="{about_of(row)}"' in page) == (name in tagged), name


def test_the_public_sees_what_was_confirmed_and_nothing_suggested(cast: Cast, project: Project) -> None:
    event = Event.objects.create(title=Text.of(en="AQUA day"), topic=Text.of(en=WATER))
    call = make_call("AQUA call", summary=Text.of(en=WATER))
    organisation = make_organisation("AQUA board", description=Text.of(en=WATER))
    visitor, officer = cast.client("visitor"), cast.client("officer")
    for record in (project, event, call, organisation):
        page = visitor.get(record.get_absolute_url()).text
        assert "theme-" not in page
        assert "SDG" not in page
        decide(officer, record, "confirmed", "theme:water", "sdg:6", "target:6.3")
        decide(officer, record, "removed", "target:6.1")
        page = visitor.get(record.get_absolute_url()).text
        assert "Water and sanitation</a>" in page, record
        assert '<span class="sdg">SDG 6</span>' in page, record
        assert '<span class="sdg">SDG 6.3</span>' in page, record
        assert "6.1" not in page, record
        assert "suggested" not in page


def test_what_waits_is_what_nobody_said_anything_of(cast: Cast, project: Project) -> None:
    said = make_project("Said", cast.amb, summary=Text.of(en=WATER), themes=("water",))
    decided = make_project("Decided", cast.amb, summary=Text.of(en=WATER))
    decide(cast.client("officer"), decided, "removed", "theme:water")
    silent = make_project("Silent", cast.amb)
    client, address = cast.client("officer"), f"{reverse('staff:tags')}?kind=projects"
    answer = client.get(address)
    assert [one["about"].record for one in answer.context["found"]] == [silent, project]
    assert said not in [one["about"].record for one in answer.context["found"]]
    assert "2 records wait" in answer.text
    strong = [row.key for row in answer.context["found"][1]["strong"]]
    back = client.post(about_of(project), {"tag": strong, "verdict": "confirmed", "next": address}, follow=True)
    assert [one["about"].record for one in back.context["found"]] == [silent]
    events = client.get(address, {"kind": "events"})
    assert events.context["found"] == []
    assert "Nothing waits here" in events.text


def test_it_opens_where_something_waits_and_says_where_how_much_does(cast: Cast) -> None:
    client, address = cast.client("officer"), reverse("staff:tags")
    Organisation.objects.update(themes=["water"])
    assert client.get(address).context["kind"].name == "projects"
    make_need(cast.amb, "Leaks")
    make_need(cast.amb, "Pipes")
    make_call("Water")
    for asked in ({}, {"kind": "<b>", "page": "x"}):
        answer = client.get(address, asked)
        assert answer.context["kind"].name == "calls"
        counts = {kind.name: count for kind, count in answer.context["kinds"]}
        assert counts == dict.fromkeys(counts, 0) | {"calls": 1, "needs": 2}
        assert '<a href="?kind=needs">Needs and offers&nbsp;<span class="count">2</span></a>' in answer.text


def test_pages_ask_as_much_of_much_as_of_little(
    cast: Cast, project: Project, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, counts = cast.client("officer"), []
    for round_ in range(2):
        for address in (about_of(project), reverse("staff:tags"), reverse("staff:change", args=[project.public_id])):
            with django_assert_max_num_queries(MOST_QUERIES) as asked:
                assert client.get(address).status_code == 200
            counts.append((round_, len(asked)))
        for number in range(25):
            make_project(f"More {number}", cast.amb, summary=Text.of(en=WATER))
        decide(client, project, "confirmed", "target:6.3", "target:6.4", "target:6.1")
        decide(client, project, "removed", "sdg:6", "sdg:11")
    assert [count for round_, count in counts if round_ == 0] == [count for round_, count in counts if round_ == 1]


def test_hostile_text_is_shown_as_text(cast: Cast) -> None:
    rows = one_of_each(cast, f"{HOSTILE} drinking water")
    client = cast.client("officer")
    for kind in TAGGED:
        page = client.get(about_of(rows[kind.name])).text
        assert "<mark>drinking water</mark>" in page
        waits = client.get(reverse("staff:tags"), {"kind": kind.name}).text
        for text in (page, waits):
            assert "<script>alert" not in text
            assert "<img src=x" not in text


def test_a_record_without_words_says_what_to_do(cast: Cast) -> None:
    dumb = make_project("Zzz", cast.amb)
    assert "speaks for no theme and no goal" in cast.client("officer").get(about_of(dumb)).text


def test_words_are_found_where_they_stand(cast: Cast) -> None:
    text = Written("A party on art.\nThe  art\nof water " + "and so on " * 40, "en")
    [art, water, nothing] = [list(passages(text, [word])) for word in ("art", "art of water", "absent")]
    assert (art[0]["before"], art[0]["match"]) == ("A party on ", "art")
    assert water[0]["match"] == "art\nof water"
    assert water[0]["after"].endswith(" …")
    assert len(water[0]["after"]) < 120
    assert nothing == []


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_the_pages_speak_the_readers_language(cast: Cast, project: Project, language: str) -> None:
    with translation.override(language):
        client = cast.client("officer")
        decide(client, project, "removed", "sdg:6")
        page = client.get(about_of(project)).text + client.get(reverse("staff:tags")).text
    for words in (
        "What this is about",
        "Spoke for it",
        "suggested",
        "Take it back",
        "What records are about",
        "out of 100",
    ):
        assert words not in page
