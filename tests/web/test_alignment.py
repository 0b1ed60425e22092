"""What carries a plan and what carries none of it; priorities in versions; the parent plan and the 2030 Agenda."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Relation
from sympolis.office.planning.actions import keep_plan
from sympolis.office.planning.models import Action, GeographicalPriority, Plan
from sympolis.office.planning.priorities.actions import (
    DayTaken,
    TooManyPriorities,
    begin_version,
    keep_priority,
    remove_version,
)
from sympolis.office.planning.priorities.incoming import understand
from sympolis.office.planning.priorities.queries import effort, priorities_now, priorities_of
from sympolis.office.projects.models import Participation
from sympolis.office.synergies.models import Meeting
from sympolis.web.public.plan_alignment import alignment_page
from sympolis.web.public.plan_pages import plan_page
from tests.cast import Cast
from tests.factories import make_organisation, make_project

TODAY = date(2026, 6, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    parent = keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Parent plan"), kind="plan"))
    keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Axis 1"), kind="line", parent=parent, code="1"))
    keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Axis 2"), kind="line", parent=parent, code="2"))
    return keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Our plan"), kind="plan", parent=parent))


def line(cast: Cast, plan: Plan, name: str, *themes: str) -> Action:
    made = keep_plan(Plan(organisation=cast.amb, title=Text.of(en=name), kind="line", parent=plan))
    return Action.objects.create(plan=made, title=Text.of(en=f"Deed of {name}"), themes=themes, sdgs=("6",))


def ours(cast: Cast, name: str, *themes: str, countries: tuple[str, ...] = ("ES",)) -> object:
    project = make_project(name, themes=themes, countries=countries)
    Participation.objects.create(project=project, organisation=cast.amb)
    return project


def prioritise(cast: Cast, plan: Plan, since: date = date(2026, 1, 1)) -> GeographicalPriority:
    version = begin_version(cast.officer, plan, "As approved", since)
    return keep_priority(
        cast.officer,
        GeographicalPriority(version=version, title=Text.of(en="The other shore"), countries=("TN",), regions=("145",)),
    )


class TestVersions:
    def test_each_holds_until_the_next(self, cast: Cast, plan: Plan) -> None:
        first = prioritise(cast, plan)
        later = begin_version(cast.officer, plan, "Revised", date(2026, 7, 1))
        assert [one.title for one in later.priorities.all()] == [first.title]
        changed = later.priorities.get()
        changed.countries = ("MA",)
        keep_priority(cast.officer, changed)
        assert priorities_of(cast.officer, [plan], date(2025, 12, 31)) == []
        assert priorities_of(cast.officer, [plan], date(2026, 6, 30)) == [first]
        assert priorities_of(cast.officer, [plan], date(2026, 7, 1)) == [changed]
        assert priorities_now(cast.officer, date(2026, 6, 30)) == [first]
        with pytest.raises(DayTaken):
            begin_version(cast.officer, plan, "Again", date(2026, 7, 1))
        remove_version(cast.officer, later)
        assert priorities_of(cast.officer, [plan], date(2026, 7, 1)) == [first]

    def test_a_plan_without_any_has_those_of_the_plan_above(self, cast: Cast, plan: Plan) -> None:
        above = prioritise(cast, plan.parent)
        assert priorities_of(cast.officer, [plan, plan.parent], TODAY) == [above]
        own = prioritise(cast, plan)
        assert priorities_of(cast.officer, [plan, plan.parent], TODAY) == [own]

    def test_nobody_sees_those_of_a_hidden_plan_and_none_of_one_that_is_over(self, cast: Cast, plan: Plan) -> None:
        one = prioritise(cast, plan)
        Plan.objects.filter(pk=plan.pk).update(visibility="office")
        assert priorities_now(AnonymousUser(), TODAY) == []
        assert priorities_now(cast.officer, TODAY) == [one]
        Plan.objects.filter(pk=plan.pk).update(ends_latest=date(2026, 5, 31))
        assert priorities_now(cast.officer, TODAY) == []

    @pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
    def test_written_by_officers_alone(self, cast: Cast, plan: Plan, who: str) -> None:
        with pytest.raises(PermissionDenied):
            begin_version(getattr(cast, who), plan, "Mine", TODAY)
        one = prioritise(cast, plan)
        with pytest.raises(PermissionDenied):
            keep_priority(getattr(cast, who), one)
        for name, number in (("plan_priorities", ()), ("plan_alignment", ())):
            at = reverse(f"staff:{name}", args=[plan.public_id, *number])
            assert cast.client(who).get(at).status_code == 403
            assert cast.client("visitor").get(at).status_code == 302
        begin = reverse("staff:priorities_begin", args=[plan.public_id])
        assert cast.client(who).post(begin, {"label": "Mine", "since": "2026-02-01"}).status_code == 403

    def test_on_its_page(self, cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
        client, at = cast.client("officer"), reverse("staff:plan_priorities", args=[plan.public_id])
        since = date.today() - timedelta(days=1)  # noqa: DTZ011 - before today everywhere
        begin = reverse("staff:priorities_begin", args=[plan.public_id])
        assert client.post(begin, {"label": "Approved", "since": since.isoformat()}).status_code == 302
        again = client.post(begin, {"label": "Approved", "since": since.isoformat()})
        assert again.status_code == 422
        assert "Another version begins on that day" in again.content.decode()
        version = plan.priority_versions.get()
        add = reverse("staff:priority_add", args=[plan.public_id, version.pk])
        nowhere = client.post(add, {"title_en": "Nowhere", "weight": "2"})
        assert nowhere.status_code == 422
        assert "Name a country or a part of the world" in nowhere.content.decode()
        kept = client.post(
            add, {"title_en": "The <i>Maghreb</i>", "regions": ["015"], "countries": "Senegal", "weight": "2"}
        )
        assert kept.status_code == 302, kept.content.decode()
        one = version.priorities.get()
        assert (one.countries, one.regions, one.weight) == (("SN",), ("015",), 2)
        page = client.get(at).content.decode()
        assert "The &lt;i&gt;Maghreb&lt;/i&gt;" in page
        assert "holds today" in page
        assert "Senegal, Northern Africa" in page
        monkeypatch.setattr("sympolis.office.planning.priorities.actions.MOST_PRIORITIES", 1)
        full = client.post(add, {"title_en": "More", "regions": ["015"]})
        assert full.status_code == 409
        with pytest.raises(TooManyPriorities):
            keep_priority(cast.officer, GeographicalPriority(version=version, regions=("015",)))
        change = reverse("staff:priority", args=[plan.public_id, version.pk, one.pk])
        assert client.post(change, {"what": "remove"}).status_code == 302
        assert not version.priorities.exists()
        other = keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Other"), kind="plan"))
        elsewhere = reverse("staff:priority_add", args=[other.public_id, version.pk])
        assert client.get(elsewhere).status_code == 404


SHEET = (
    "Títol;Title en;Països;Pes;Per què;Color\n"
    "La Mediterrània;The Mediterranean;Tunísia, MA, Àfrica septentrional;2,5;Veïns;blau\n"
    "Amèrica Llatina;;005;;;\n"
)


class TestOutOfASpreadsheet:
    def test_what_rows_say(self) -> None:
        read = understand(SHEET.encode(), "ca")
        first, second = read.rows
        assert (read.problems, read.unknown) == ([], ["Color"])
        assert (first.title.plain(), first.reason.plain()) == (
            {"ca": "La Mediterrània", "en": "The Mediterranean"}, {"ca": "Veïns"},
        )  # fmt: skip
        assert (first.countries, first.regions, first.weight) == (("TN", "MA"), ("015",), Decimal("2.5"))
        assert (second.countries, second.regions, second.weight) == ((), ("005",), 1)

    def test_what_is_wrong_in_which_row(self) -> None:
        read = understand(b"title,countries,weight\nA,Nowhereland,1\nB,,1\n,TN,-1\n", "en")
        assert [(one.row, one.column, one.value) for one in read.problems] == [
            (2, "countries", "Nowhereland"), (3, "", ""), (4, "weight", "-1"), (4, "", ""),
        ]  # fmt: skip
        assert read.rows == []
        [problem] = understand(b"what,where\nA,TN\n", "en").problems
        assert problem.row == 1

    def test_shown_first_then_a_version_that_can_be_taken_back(self, cast: Cast, plan: Plan) -> None:
        client, at = cast.client("officer"), reverse("staff:priorities_incoming", args=[plan.public_id])
        data = {"label": "Out of the table", "since": "2027-01-01"}
        preview = client.post(at, {**data, "file": SimpleUploadedFile("p.csv", SHEET.encode())})["Location"]
        assert "Mediterranean" in client.get(preview).content.decode()
        assert not plan.priority_versions.exists()
        for who in ("contact", "participant", "outsider", "visitor"):
            assert cast.client(who).get(preview).status_code in {302, 403}
            assert cast.client(who).get(at).status_code in {302, 403}
        assert cast.client("administrator").get(preview).status_code == 404  # somebody else's file
        client.post(preview)
        version = plan.priority_versions.get()
        assert (version.label, version.since, version.by) == ("Out of the table", date(2027, 1, 1), cast.officer)
        assert len(version.priorities.all()) == 2
        assert client.get(preview).status_code == 404
        again = client.post(at, {**data, "file": SimpleUploadedFile("p.csv", SHEET.encode())})["Location"]
        assert "Another version begins on that day" in client.post(again, follow=True).content.decode()
        remove_version(cast.officer, version)
        assert not GeographicalPriority.objects.exists()

    def test_nothing_comes_in_while_a_row_is_wrong(self, cast: Cast, plan: Plan) -> None:
        client, at = cast.client("officer"), reverse("staff:priorities_incoming", args=[plan.public_id])
        wrong = SimpleUploadedFile("p.csv", b"title,countries\nA,TN\nB,Nowhereland\n")
        preview = client.post(at, {"label": "One", "since": "2027-01-01", "file": wrong})["Location"]
        assert "Nowhereland" in client.post(preview).content.decode()
        assert not plan.priority_versions.exists()


class TestEffort:
    def test_shares_are_exact(self, cast: Cast, plan: Plan) -> None:
        one = prioritise(cast, plan)  # 015 and 145, half each
        things = {
            "projects": [(("TN",), ()), (("FR", "TN"), ()), (("FR",), ()), (("FR",), ())],
            "actions": [((), ("145",))],
            "meetings": [],
        }  # fmt: skip
        rows = {row.region: row for row in effort([one], things)}
        assert {region: row.share for region, row in rows.items()} == {
            "015": Fraction(1, 2), "145": Fraction(1, 2), "155": 0,
        }  # fmt: skip
        # Of projects 2 of 5 are in 015 and 3 in 155; of actions all in 145; of meetings there are none to be shared.
        assert {region: row.effort for region, row in rows.items()} == {
            "015": Fraction(1, 5), "145": Fraction(1, 2), "155": Fraction(3, 10),
        }  # fmt: skip
        assert [region for region, row in rows.items() if row.is_neglected] == ["015"]
        assert rows["015"].counts == {"projects": 2, "actions": 0, "meetings": 0}


class TestAlignment:
    def test_what_serves_what(self, cast: Cast, plan: Plan) -> None:
        water, housing = line(cast, plan, "Water", "water"), line(cast, plan, "Housing", "housing")
        linked = ours(cast, "Linked")
        ours(cast, "Kin", "water")
        ours(cast, "Abroad", "culture", countries=("TN", "ES"))
        ours(cast, "None", "culture")
        water.projects.add(linked)
        network = make_organisation("Network", kind="city-network", country="BE", themes=("culture",))
        Relation.objects.create(from_organisation=cast.amb, to_organisation=network, type="member_of", confirmed=True)
        make_project("Not ours", themes=("water",))
        prioritise(cast, plan)
        serving = housing.plan
        assert serving is not None
        keep_plan(serving, [Plan.objects.get(code="2").public_id])
        TagDecision.objects.create(
            record=water.public_id, scheme=TagScheme.TARGET, code="6.3", verdict=TagVerdict.CONFIRMED
        )
        page = plan_page(cast.officer, Plan.objects.select_related("organisation").get(pk=plan.pk))
        found = alignment_page(cast.officer, page)["alignment"]
        names = lambda works: [str(work.title) for work in works]  # noqa: E731
        assert [(str(one.node.plan.title), names(one.carried_by), names(one.kindred)) for one in found.lines] == [
            ("Water", ["Linked"], ["Kin"]), ("Housing", [], []),
        ]  # fmt: skip
        assert [str(one.node.plan.title) for one in found.unserved_lines] == ["Housing"]
        assert [names(one.works) for one in found.priorities] == [["Abroad"]]
        assert names(found.serving_none) == ["None", "Network"]
        assert (found.goals_covered, found.targets_covered) == (1, 1)
        assert [(one.goal, one.actions, one.targets) for one in found.goals if one.actions] == [(6, 2, [("6.3", 1)])]
        assert [(one.line.code, [str(own.title) for own in one.by]) for one in found.parent_lines] == [
            ("1", []), ("2", ["Housing"]),
        ]  # fmt: skip
        assert found.parent_covered == 1

    def test_everybody_reads_it_without_what_is_the_offices(self, cast: Cast, plan: Plan) -> None:
        action = line(cast, plan, "Water", "water")
        secret = make_project("Secret project", themes=("water",), visibility="office")
        Participation.objects.create(project=secret, organisation=cast.amb)
        action.projects.add(secret)
        prioritise(cast, plan)
        meeting = Meeting.objects.create(
            title=Text.of(en="Trip"), kind="visit", starts_earliest=TODAY, starts_latest=TODAY
        )
        meeting.organisations.set([cast.amb, cast.sfax])
        public = reverse("public:plan_by", kwargs={"slug": plan.slug, "public_id": plan.public_id, "way": "alignment"})
        for who in ("visitor", "outsider", "participant", "contact"):
            page = cast.client(who).get(public).content.decode()
            assert "No project or network serves it." in page, who
            assert "Secret project" not in page, who
            assert "Meetings" not in page.split("<main")[1], who
        staff = cast.client("officer").get(reverse("staff:plan_alignment", args=[plan.public_id])).content.decode()
        assert "Secret project" in staff
        assert '<td class="num" data-label="Meetings">1</td>' in staff
        trip = cast.client("officer").get(reverse("staff:meeting", args=[meeting.public_id])).content.decode()
        assert "The other shore" in trip

    def test_projects_and_links_say_what_they_serve(self, cast: Cast, plan: Plan) -> None:
        prioritise(cast, plan)
        abroad, home = make_project("Abroad", countries=("TN", "ES")), make_project("Home", countries=("ES",))
        for who in ("visitor", "officer"):
            client = cast.client(who)
            assert "The other shore" in client.get(abroad.get_absolute_url()).content.decode()
            assert "The other shore" not in client.get(home.get_absolute_url()).content.decode()
            links = reverse(
                "public:organisation_links", kwargs={"slug": cast.sfax.slug, "public_id": cast.sfax.public_id}
            )
            assert "The other shore" in client.get(links).content.decode()
        Plan.objects.filter(pk=plan.pk).update(visibility="office")
        assert "The other shore" not in cast.client("visitor").get(abroad.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("who", ["visitor", "officer"])
    def test_few_questions_however_large(self, cast: Cast, plan: Plan, who: str) -> None:
        prioritise(cast, plan)
        client, asked = cast.client(who), []
        public = reverse("public:plan_by", kwargs={"slug": plan.slug, "public_id": plan.public_id, "way": "alignment"})
        staff = reverse("staff:plan_alignment", args=[plan.public_id])
        for size in (2, 40):
            for number in range(size):
                action = line(cast, plan, f"Line {size} {number}", "water")
                action.projects.add(ours(cast, f"Project {size} {number}", "water", countries=("TN",)))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(public).status_code == 200
            asked.append(len(queries))
            if who == "officer":
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(staff).status_code == 200
                assert len(queries) <= 12
        assert asked[1] <= asked[0] <= 12
