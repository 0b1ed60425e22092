"""Practices: from a finished project to a page, a list, a spreadsheet, the index and matching."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Practice, Project
from sympolis.office.projects.running.models import Running
from sympolis.office.projects.search_documents import practice_documents
from sympolis.office.synergies.portfolio import own_items
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_project
from tests.office.imports.bringing import bring
from tests.web.public.test_as_of import page

LIST = "/en/practices/"
EVERYBODY = ("visitor", "outsider", "participant", "contact", "officer", "administrator")
ADD = "/en/office/practices/add/"


def practice(organisation: Organisation, title: str, **fields: Any) -> Practice:
    return Practice.objects.create(organisation=organisation, title=Text.of(en=title), **fields)


def finished(cast: Cast, **fields: Any) -> Project:
    project = make_project("Old harbour", cast.amb, cast.sfax, acronym="HARB", budget=Decimal("1200.50"),
                           summary=Text.of(fr="Le port rouvert"), themes=("coast",), sdgs=("11",),
                           **fields)  # fmt: skip
    project.start, project.end = PartialDate.parse("2019"), PartialDate.parse("2020-06")
    project.save()
    return project


def test_a_finished_project_becomes_a_practice_in_one_click(cast: Cast) -> None:
    project = finished(cast)
    Running.objects.create(project=project, results=Text.of(en="Ships came back"))
    officer = cast.client("officer")
    link = f"{ADD}?from={project.public_id}"
    assert link in officer.get(page("project", project)).text
    assert link in officer.get(f"/en/office/running/{project.public_id}/").text
    form = officer.get(link).context["form"]
    begun = {name: form[name].value() for name in ("title", "done", "results", "cost", "themes", "sdgs")}
    assert begun == {
        "title": Text.of(en="Old harbour"), "done": Text.of(fr="Le port rouvert"), "cost": Decimal("1200.50"),
        "results": Text.of(en="Ships came back"), "themes": ("coast",), "sdgs": ("11",),
    }  # fmt: skip
    assert form["organisation"].value() == cast.amb
    assert form["project"].value() == f"Old harbour [{project.public_id}]"
    sent = {
        "title_en": "Old harbour", "organisation": "AMB", "project": "harb", "problem_en": "Silt", "start": "2019",
        "end": "2020-06", "cost": "1000",
    }  # fmt: skip
    assert officer.post(link, sent).status_code == 302
    kept = Practice.objects.get()
    assert (kept.project, kept.organisation, kept.cost, str(kept.end)) == (project, cast.amb, 1000, "2020-06")
    assert kept.history.count() == 1
    shown = cast.client("visitor").get(page("project", project))
    assert [one.public_id for one in shown.context["practices"]] == [kept.public_id]


def test_what_is_not_told_of_a_project_is_not_told_by_the_form(cast: Cast) -> None:
    kept, hidden = finished(cast, money_visibility="office"), finished(cast, visibility="office")
    assert cast.client("officer").get(f"{ADD}?from={kept.public_id}").context["form"]["cost"].value() is None
    begun = {
        who: cast.client(who).get(f"{ADD}?from={hidden.public_id}").context["form"]["project"].value()
        for who in ("outsider", "officer")
    }
    assert begun == {"outsider": None, "officer": f"Old harbour [{hidden.public_id}]"}
    refused = cast.client("outsider").post(ADD, {"title_en": "A", "organisation": "Rabat", "project": hidden.public_id})
    assert "project" in refused.context["form"].errors


def test_a_project_is_named_by_title_acronym_or_id_and_never_guessed(cast: Cast) -> None:
    one, two = finished(cast), finished(cast)

    def errors(written: str) -> list[str]:
        least = {"title_en": "A", "organisation": "AMB", "project": written}
        answer = cast.client("officer").post(ADD, least)
        return answer.context["form"].errors.get("project", []) if answer.context else []

    said = sorted(f"Old harbour [{each.public_id}]" for each in (one, two))
    several = errors("OLD HARBOUR")[0]
    assert [part for part in said if part in several] == said
    assert errors("No such thing") == [
        "We know no project called “No such thing”. Write its title, its acronym or its id."
    ]
    assert errors(f"whatever [{two.public_id}]") == []
    assert Practice.objects.get().project == two


def test_a_page_tells_all_and_names_nobody_that_is_hidden(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    project = finished(cast, visibility="office")
    one = practice(
        hidden, "Clean water", project=project, problem=Text.of(ca="Falta aigua"), done=Text.of(en="We dug"),
        cost=Decimal("10.20"), mailbox="water@town.example", evidence_url="javascript:alert(1)", sdgs=("6",),
    )  # fmt: skip
    visitor = cast.client("visitor").get(page("practice", one))
    for word in ("Clean water", "We dug", "€10.20", 'href="mailto:water@town.example"', 'lang="ca"'):
        assert word in visitor.text
    for word in ("Zuhaitz", "Old harbour", "javascript"):
        assert word not in visitor.text
    officer = cast.client("officer").get(page("practice", one)).text
    assert "Zuhaitz" in officer
    assert "Old harbour" in officer
    Practice.objects.update(visibility="office")
    seen = {who: cast.client(who).get(page("practice", one)).status_code for who in EVERYBODY}
    assert [who for who, status in seen.items() if status == 200] == ["officer", "administrator"]


def test_the_list_is_filtered_in_the_readers_words(cast: Cast) -> None:
    practice(cast.amb, "Dig a well", themes=("water",), sdgs=("6",), countries=("TN",))
    practice(cast.sfax, "Walk to school", sdgs=("11",), countries=("ES",))
    practice(cast.amb, "Office's own", visibility="office")

    def titles(query: str = "", who: str = "visitor") -> list[str]:
        return [str(one) for one in cast.client(who).get(LIST + query).context["listing"].page]

    assert titles() == ["Dig a well", "Walk to school"]
    assert titles(who="officer") == ["Dig a well", "Office's own", "Walk to school"]
    assert titles("?q=WELL") == titles("?theme=water") == titles("?goal=6") == titles("?country=TN") == ["Dig a well"]
    found = cast.client("visitor").get("/api/v1/practices?goal=11").json()["items"]
    assert [(one["title"], one["organisation"]) for one in found] == [({"en": "Walk to school"}, cast.sfax.public_id)]


def test_few_queries_whatever_the_data(cast: Cast, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for size in (1, 10):
        project = finished(cast)
        for number in range(size):
            one = practice(make_organisation(f"{size} {number}"), f"Practice {number}", project=project)
        for who in ("visitor", "officer"):
            for address in (LIST, page("practice", one), page("project", project), "/en/office/practices/"):
                if who == "visitor" and "office" in address:
                    continue
                client = cast.client(who)
                with django_assert_max_num_queries(12, info=f"{who} {address}"):
                    assert client.get(address).status_code == 200


def test_a_spreadsheet_of_practices(cast: Cast) -> None:
    project = finished(cast)
    table = f"""entitat,projecte,title,title_ca,problem,done,cost,start,end,sdgs,mailbox,language
AMB,{project.public_id},Un puits,Un pou,Pas d'eau,On a creusé,"1.200,50",2019,2020,6,eau@ville.example,fr
"""
    assert [(run.created, run.unchanged) for run in (bring("practices", table), bring("practices", table))] == [
        (1, 0), (0, 1),
    ]  # fmt: skip
    one = Practice.objects.get()
    assert (one.organisation, one.project, one.cost, one.mailbox) == (
        cast.amb, project, Decimal("1200.50"), "eau@ville.example",
    )  # fmt: skip
    assert one.title.plain() == {"fr": "Un puits", "ca": "Un pou"}


def test_the_index_and_the_matching_have_it(cast: Cast) -> None:
    one = practice(cast.amb, "A well", problem=Text.of(en="No water"), lessons=Text.of(en="Dig deep"), note="Hush")
    public, office = practice_documents(one)
    assert public.kind == "practice"
    assert public.text == {"en": "No water\nDig deep"}
    assert office.audiences == ("office",)
    items = own_items(cast.officer, cast.amb, office_today())
    assert [(item.id, item.kind.value, dict(item.text)) for item in items] == [
        (one.public_id, "offer", {"en": "No water"})
    ]
