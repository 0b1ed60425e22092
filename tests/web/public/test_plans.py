"""Public pages of plans, lines and actions: what they show, to whom, in how many questions."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Department, Person
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.versions import take_version
from sympolis.web.public.plan_pages import SHOWN_WITH_LINES, WAYS
from tests.cast import Cast
from tests.factories import make_call, make_project

MOST_QUERIES = 12


@pytest.fixture
def top(cast: Cast) -> Plan:
    return Plan.objects.create(
        organisation=cast.amb, title=Text.of(en="Our plan"), levels=Text.of(en="Axis\nLine"), stage="approved"
    )


def fill(cast: Cast, top: Plan, lines: int, actions: int) -> None:
    department = Department.objects.create(organisation=cast.amb, name=Text.of(en="Water"))
    for number in range(lines):
        line = Plan.objects.create(
            organisation=cast.amb, parent=top, kind="line", title=Text.of(en=f"Line {number}"), position=number,
            code=f"{number}.",
        )  # fmt: skip
        for deed in range(actions):
            one = Action.objects.create(
                plan=line, title=Text.of(en=f"Deed {number}.{deed}"), department=department, sdgs=("11", "17"),
                countries=("TN",), regions=("039",), starts_earliest=date(2024, 1, 1), starts_latest=date(2024, 1, 1),
            )  # fmt: skip
            one.organisations.add(cast.amb)
            one.milestones.create(title=Text.of(en="Step"), due=date(2025, 1, 1), done_on=date(2025, 2, 1))
            one.indicators.create(title=Text.of(en="Trips"), baseline=0).values.create(year=2025, target=4, actual=1)


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def address(of: Any, name: str, **more: str) -> str:
    return reverse(f"public:{name}", kwargs={"slug": of.slug, "public_id": of.public_id, **more})


@pytest.mark.parametrize("who", ["visitor", "officer"])
def test_few_questions_however_large(cast: Cast, top: Plan, who: str) -> None:
    client = cast.client(who)
    asked: dict[str, list[int]] = {}
    for lines, actions in ((2, 2), (5, 80)):
        fill(cast, top, lines, actions)
        of = Action.objects.last()
        line = Plan.objects.filter(parent=top).last()
        pages = {
            "plan": top.get_absolute_url(), "line": line.get_absolute_url(), "action": of.get_absolute_url(),
            **{way: address(top, "plan_by", way=way) for way in WAYS},
        }  # fmt: skip
        for name, at in pages.items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(at).status_code == 200, at
            asked.setdefault(name, []).append(len(queries))
    for name, (small, large) in asked.items():
        assert large <= small <= MOST_QUERIES, (name, small, large)


def test_a_plan_shows_its_lines_and_how_far_they_are(cast: Cast, top: Plan) -> None:
    fill(cast, top, 2, 2)
    page = Client().get(top.get_absolute_url())
    said = one_line(page)
    assert "Axis" in said
    assert "0. <bdi>Line 0</bdi>" in said
    assert "62.5%" in said  # a step done, a quarter of the way of an indicator: (1 + 1/4) / 2
    assert said.count("Deed ") == 4
    fill(cast, top, 1, SHOWN_WITH_LINES)
    assert Client().get(top.get_absolute_url()).content.decode().count("Deed ") == 0


def test_a_line_stands_among_others(cast: Cast, top: Plan) -> None:
    fill(cast, top, 3, 1)
    line = Plan.objects.get(code="1.")
    page = Client().get(line.get_absolute_url())
    assert [str(one) for one in page.context["page"].siblings] == ["Line 0", "Line 2"]
    assert "Back to Our plan" in page.content.decode()
    assert page.context["page"].tree.level.plain() == {"en": "Axis"}


def test_the_arithmetic_is_shown_and_what_is_unknown_is_said(cast: Cast, top: Plan) -> None:
    Action.objects.create(plan=top, title=Text.of(en="Known"), stated_progress=40, progress_reason="x", weight=3)
    Action.objects.create(plan=top, title=Text.of(en="Unknown"), weight=7)
    said = one_line(Client().get(top.get_absolute_url()))
    assert (
        '<td class="num" data-label="Weight">7</td> <td class="num" data-label="Share of what is known">—</td>' in said
    )
    said = re.sub(' data-label="[^"]*"', "", said)  # what a phone writes before each cell
    assert "Of 1 nothing is known: it is left out of the sum and not counted as 0." in said
    assert '<td class="num">7</td> <td class="num">—</td> <td class="num">not known</td>' in said
    assert '<td class="num">3</td> <td class="num">100%</td> <td class="num">40%</td> <td class="num">40%</td>' in said


@pytest.fixture
def deed(cast: Cast, top: Plan) -> Action:
    department = Department.objects.create(organisation=cast.amb, name=Text.of(en="Department of water"))
    one = Action.objects.create(
        plan=top, title=Text.of(en="Deed"), objective=Text.of(en="Clean water"), department=department,
        budget=Decimal("1200.50"), money_from="Own budget", status="stopped", status_reason="No money", note="NOTE-X",
        local_targets=Text.of(en="BCN 6.A: half the leaks by 2028"),
    )  # fmt: skip
    one.people.add(Person.objects.create(organisation=cast.amb, name="PERSON-X", email="person@example.org"))
    one.milestones.create(title=Text.of(en="Study"), evidence_url="javascript:alert(1)")
    trips = one.indicators.create(title=Text.of(en="Trips"), unit="trips", baseline=0, baseline_year=2023)
    trips.values.create(year=2024, target=10, actual=Decimal("2.5"))
    trips.values.create(year=2026, target=20)
    return one


def test_an_action_with_all_that_is_known_of_it(cast: Cast, deed: Action) -> None:
    project = make_project("Blue roofs", cast.amb, budget=Decimal("31415"), currency="EUR")
    kept = make_project("Quiet roofs", budget=Decimal("27182"), money_visibility="office")
    secret = make_project("SECRET-X", cast.amb, visibility="office")
    deed.projects.add(project, secret, kept)
    for code, verdict in (("6.3", TagVerdict.CONFIRMED), ("6.1", TagVerdict.REMOVED)):
        TagDecision.objects.create(
            record=deed.public_id, scheme=TagScheme.TARGET, code=code, verdict=verdict, by=cast.officer
        )
    page = Client().get(deed.get_absolute_url())
    said = one_line(page)
    for words in (
        "Clean water", "Department of water", "€1,200.50", "Own budget", "No money", "Study", "Blue roofs", "SDG 6.3",
        "2.5 trips in 2024; 20 are wanted by 2026.", "Back to Our plan", "6.2%", "BCN 6.A: half the leaks by 2028",
    ):  # fmt: skip
        assert words in said, words
    assert re.findall(r"roofs</bdi></a>(?: <span class=\"meta\">([^<]+)</span>)?</li>", said) == ["Budget: €31,415", ""]
    for words in ("27,182", "PERSON-X", "person@example.org", "NOTE-X", "SECRET-X", "javascript", "SDG 6.1"):
        assert words not in said, words
    assert "SECRET-X" in cast.client("officer").get(deed.get_absolute_url()).content.decode()
    plot = page.context["measured"][0].plot
    assert [(point.year, point.value) for point in plot.measured] == [(2023, "0"), (2024, "2.5")]
    assert [(point.x, point.y) for point in plot.wanted] == [(130, 82), (330, 24)]


def test_what_is_hidden_is_not_named(cast: Cast, deed: Action, top: Plan) -> None:
    Department.objects.update(visibility="office")
    Plan.objects.filter(pk=top.pk).update(visibility="office")
    said = Client().get(deed.get_absolute_url()).content.decode()
    assert "Department of water" not in said
    assert "Our plan" not in said
    Action.objects.filter(pk=deed.pk).update(visibility="office")
    assert Client().get(deed.get_absolute_url()).status_code == 404


def test_what_carries_actions_names_them_with_their_plan(cast: Cast, top: Plan, deed: Action) -> None:
    """Both ways: on the pages of a project, a call, an agreement and an event, and in the office; none that is hidden,
    no plan that is, and as many questions of twenty actions as of three."""
    hidden = Plan.objects.create(organisation=cast.amb, title=Text.of(en="PLAN-X"), visibility="office")
    line = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Coasts"), parent=top, kind="line", code="2.")
    below = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Dunes"), parent=line, kind="line")
    under = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Open line"), parent=hidden, kind="line")
    actions = [deed, *(
        Action.objects.create(plan=plan, title=Text.of(en=title), visibility=visibility)
        for plan, title, visibility in (
            (below, "Plant grass", "public"), (hidden, "Alone", "public"), (under, "Half told", "public"),
            (line, "ACTION-X", "office"),
        )
    )]  # fmt: skip
    carriers: dict[str, Any] = {
        "projects": make_project("Blue roofs", cast.amb),
        "calls": make_call("Call for roofs"),
        "agreements": Agreement.objects.create(title=Text.of(en="Roofs together"), kind="twinning"),
        "events": Event.objects.create(title=Text.of(en="Day of roofs")),
    }
    for kind, carrier in carriers.items():
        for action in actions:
            getattr(action, kind).add(carrier)
    pages = {kind: carrier.get_absolute_url() for kind, carrier in carriers.items()}
    told = [["Our plan", "Deed"], ["Our plan", "Coasts", "Dunes", "Plant grass"], ["Open line", "Half told"]]
    for kind, address in pages.items():
        with CaptureQueriesContext(connection) as small:
            page = Client().get(address)
        assert len(small) <= MOST_QUERIES, kind
        names = [[str(plan.title["en"]["text"]) for plan in one.above] for one in page.context["carries"]]
        titles = [str(one.action.title["en"]["text"]) for one in page.context["carries"]]
        found = [[*above, title] for above, title in zip(names, titles, strict=True)]
        assert sorted(found) == sorted([*told, ["Alone"]]), kind
        said = one_line(page)
        assert f'<a href="{deed.get_absolute_url()}">' in said, kind
        assert f'<a href="{line.get_absolute_url()}"><bdi>2.</bdi> <bdi>Coasts</bdi></a>' in said, kind
        assert not re.search("PLAN-X|ACTION-X", said), kind
        assert "ACTION-X" in cast.client("officer").get(address).content.decode(), kind
    in_office = cast.client("officer").get(reverse("staff:running", args=[carriers["projects"].public_id]))
    assert re.search("Actions it carries.*PLAN-X.*ACTION-X|Actions it carries.*ACTION-X.*PLAN-X", one_line(in_office))
    for number in range(20):
        carriers["projects"].actions.add(Action.objects.create(plan=line, title=Text.of(en=f"More {number}")))
    with CaptureQueriesContext(connection) as large:
        assert len(Client().get(pages["projects"]).context["carries"]) == 24
    assert len(large) <= MOST_QUERIES


def test_the_ways_to_look_at_a_plan(cast: Cast, top: Plan, deed: Action) -> None:
    fill(cast, top, 1, 1)
    groups = {
        way: [
            (group.heading, len(group.actions))
            for group in Client().get(address(top, "plan_by", way=way)).context["groups"]
        ]
        for way in ("goals", "places", "departments")
    }
    assert groups == {
        "goals": [
            ("SDG 11 · Sustainable cities and communities", 1), ("SDG 17 · Partnerships for the goals", 1),
            ("Not stated", 1),
        ],
        "places": [("Southern Europe", 1), ("Tunisia", 1), ("Not stated", 1)],
        "departments": [("Department of water", 1), ("Water", 1)],
    }  # fmt: skip
    moments = Client().get(address(top, "plan_by", way="time")).context["moments"]
    assert [(one.day, one.words) for one in moments] == [
        (date(2024, 1, 1), "begins"), (date(2025, 2, 1), "milestone done"),
    ]  # fmt: skip
    changed = Client().get(address(top, "plan_by", way="changes")).context["changed"]
    assert {str(one) for one in changed} == {"Our plan", "Line 0", "Deed 0.0", "Deed"}
    assert Client().get(address(top, "plan_by", way="nothing")).status_code == 404


def test_versions_in_public(cast: Cast, top: Plan, deed: Action) -> None:
    secret = Action.objects.create(plan=top, title=Text.of(en="SECRET-X"), visibility="office")
    take_version(cast.officer, top, "consultation", "First draft")
    deed.objective.write("en", "Cleaner water")
    deed.save()
    secret.title.write("en", "SECRET-Y")
    secret.save()
    take_version(cast.officer, top, "approved", "As approved")
    deed.objective.write("en", "NOT-YET")
    deed.save()
    assert address(top, "plan_versions") in Client().get(top.get_absolute_url()).content.decode()
    said = one_line(Client().get(address(top, "plan_versions")))
    assert "<del>Clean</del><ins>Cleaner</ins> water" in said
    assert "Added: 0. Removed: 0. Changed: 1." in said
    for words in ("SECRET", "NOT-YET", "As it is now"):
        assert words not in said, words
    assert "NOT-YET" in one_line(cast.client("officer").get(address(top, "plan_versions")))
    for query in ("?from=now&to=now", "?from=999&to=x", "?page=99"):
        assert "NOT-YET" not in Client().get(address(top, "plan_versions") + query).content.decode()


def test_open_data_in_three_forms(cast: Cast, top: Plan, deed: Action) -> None:
    Action.objects.create(plan=top, title=Text.of(en="SECRET-X"), visibility="office")
    Action.objects.create(plan=top, title=Text.of(en="=1+1", ca="Acció"), stated_progress=25, progress_reason="x")
    client = Client()
    answer: Any = client.get(address(top, "plan_data", form="csv"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{top.public_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    columns = ("title_en", "progress", "budget", "money_from", "local_targets_en")
    assert [tuple(row[one] for one in columns) for row in rows] == [
        ("Deed", "0.0625", "1200.50", "Own budget", "BCN 6.A: half the leaks by 2028"), ("'=1+1", "0.25", "", "", ""),
    ]  # fmt: skip
    answer = client.get(address(top, "plan_data", form="json"))
    assert [row["title_ca"] for row in json.loads(b"".join(answer.streaming_content))] == ["", "Acció"]
    answer = client.get(address(top, "plan_data", form="xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert [len(cells), cells[0][0], cells[1][4], cells[2][4]] == [3, "id", "Deed", "'=1+1"]
    assert client.get(address(top, "plan_data", form="pdf")).status_code == 404
