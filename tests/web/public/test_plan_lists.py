"""Lists in the versions of a plan; plans made one with what they are part of; voices in the open data and the API."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from sympolis.office.planning.actions import keep_plan
from sympolis.office.planning.models import Action, Comment, Plan, Process, Support
from sympolis.office.planning.versions import content_of, differences, take_version
from sympolis.office.planning.voices.actions import say, support
from sympolis.office.planning.voices.moderation import hide
from tests.cast import Cast
from tests.factories import make_project


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Our plan"), kind="plan"))


def a_line(cast: Cast, plan: Plan, name: str) -> Plan:
    return keep_plan(Plan(organisation=cast.amb, title=Text.of(en=name), kind="line", parent=plan))


def versions_page(client: Client, plan: Plan, **asked: str) -> str:
    at = reverse("public:plan_versions", kwargs={"slug": plan.slug, "public_id": plan.public_id})
    return client.get(at, asked).content.decode()


class TestVersions:
    def test_lists_are_kept_and_compared(self, cast: Cast, plan: Plan) -> None:
        line, other = a_line(cast, plan, "Line"), keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Elsewhere")))
        deed = Action.objects.create(plan=line, title=Text.of(en="Deed"))
        project, secret = make_project("Seen project"), make_project("Secret project", visibility="office")
        deed.projects.add(project)
        take_version(cast.officer, plan, "consultation", "First")
        kept = plan.versions.get().content
        assert kept["actions"][deed.public_id]["projects"] == [project.public_id]
        deed.projects.set([secret])
        deed.organisations.add(cast.sfax)
        deed.department = Department.objects.create(organisation=cast.amb, name=Text.of(en="Water"))
        deed.save()
        keep_plan(line, [other.public_id])
        found = {one.public_id: one for one in differences(kept, content_of(plan))}
        assert {(field.name, str(field.before), str(field.after)) for field in found[deed.public_id].fields} == {
            ("projects", str([project.public_id]), str([secret.public_id])),
            ("organisations", "[]", str([cast.sfax.public_id])),
            ("department", "", deed.department.public_id),
        }  # fmt: skip
        assert [field.name for field in found[line.public_id].fields] == ["serves"]
        take_version(cast.officer, plan, "approved", "Second")
        page = versions_page(cast.client("visitor"), plan)
        assert "<del>Seen" in page or "<del>Seen project" in page
        assert "Sfax" in page
        assert "Elsewhere" in page
        assert "Secret" not in page
        first, second = plan.versions.order_by("pk")
        asked = {"from": str(first.pk), "to": str(second.pk)}
        assert "Secret" in versions_page(cast.client("officer"), plan, **asked)

    def test_what_only_the_office_sees_makes_no_difference(self, cast: Cast, plan: Plan) -> None:
        deed = Action.objects.create(plan=plan, title=Text.of(en="Deed"))
        take_version(cast.officer, plan, "consultation", "First")
        deed.projects.add(make_project("Secret project", visibility="office"))
        take_version(cast.officer, plan, "approved", "Second")
        assert "Projects" not in versions_page(cast.client("visitor"), plan).split("<main")[1]

    def test_of_versions_before_there_were_lists_nothing_is_said(self, cast: Cast, plan: Plan) -> None:
        deed = Action.objects.create(plan=plan, title=Text.of(en="Deed"))
        before = content_of(plan)
        for name in ("organisations", "projects", "calls", "agreements", "events", "department"):
            del before["actions"][deed.public_id][name]
        del before["parts"][plan.public_id]["serves"]
        deed.organisations.add(cast.sfax)
        assert differences(before, content_of(plan)) == []

    @pytest.mark.parametrize("who", ["visitor", "officer"])
    def test_few_questions(self, cast: Cast, plan: Plan, who: str) -> None:
        asked, client = [], cast.client(who)
        take_version(cast.officer, plan, "consultation", "First")
        for size in (2, 30):
            for number in range(size):
                deed = Action.objects.create(plan=plan, title=Text.of(en=f"Deed {size} {number}"))
                deed.projects.add(make_project(f"Project {size} {number}"))
            take_version(cast.officer, plan, "approved", f"With {size}")
            for deed in Action.objects.all():
                deed.organisations.add(cast.sfax)
            take_version(cast.officer, plan, "approved", f"With {size} and who")
            with CaptureQueriesContext(connection) as queries:
                versions_page(client, plan)
            asked.append(len(queries))
        assert asked[1] <= asked[0] <= 12


class TestMerging:
    def test_no_plan_becomes_part_of_itself(self, cast: Cast, plan: Plan) -> None:
        line = a_line(cast, plan, "Line")
        deep = a_line(cast, line, "Deep")
        for keeper, other in ((plan, deep), (deep, plan), (line, plan), (deep, line)):
            with pytest.raises(MergeRefused, match="belongs to"):
                merge_records(keeper, other, cast.officer)
        assert list(Plan.objects.order_by("pk").values_list("parent", flat=True)) == [None, plan.pk, line.pk]

    def test_what_lies_beside_each_other_closes_no_circle(self, cast: Cast, plan: Plan) -> None:
        one, other = a_line(cast, plan, "One"), a_line(cast, plan, "Other")
        below = a_line(cast, other, "Below")
        keep_plan(one, [other.public_id])
        keep_plan(below, [one.public_id, other.public_id])
        merge = merge_records(one, other, cast.officer)
        below.refresh_from_db()
        assert below.parent == one
        assert list(one.serves.all()) == []  # what it serves is now itself
        assert list(below.serves.all()) == [one]
        undo_merge(merge, cast.officer)
        below.refresh_from_db()
        assert str(below.parent) == "Other"
        assert {str(served) for served in below.serves.all()} == {"One", "Other"}


class TestVoices:
    def voiced(self, cast: Cast, plan: Plan) -> tuple[Action, Comment]:
        Process.objects.create(plan=plan, is_open=True)
        deed = Action.objects.create(plan=plan, title=Text.of(en="Deed"))
        support(cast.contact, deed)
        comment = say(cast.contact, deed, "=cmd|' /c calc'!A1", "client-one")
        say(cast.outsider, deed, "Answered", "client-two", comment)
        hide(cast.officer, say(cast.outsider, plan, "Hiddenwords", "client-three"), "spam")
        support(cast.participant, comment)
        secret = Action.objects.create(plan=plan, title=Text.of(en="Secret"), visibility="office")
        Comment.objects.create(action=secret, author=cast.officer, client_id="s", text="Secretwords")
        Support.objects.create(action=secret, person=cast.officer)
        return deed, comment

    def data(self, cast: Cast, who: str, plan: Plan, name: str, form: str) -> Any:
        kwargs = {"slug": plan.slug, "public_id": plan.public_id, "form": form}
        response = cast.client(who).get(reverse(f"public:plan_{name}_data", kwargs=kwargs))
        assert response.status_code == 200
        return b"".join(response.streaming_content) if response.streaming else response.content

    @pytest.mark.parametrize("who", ["visitor", "participant", "outsider", "contact"])
    def test_in_three_forms_of_what_the_reader_may_see(self, cast: Cast, plan: Plan, who: str) -> None:
        deed, comment = self.voiced(cast, plan)
        rows = json.loads(self.data(cast, who, plan, "comments", "json"))
        assert [(row["on"], row["text"], row["answers"], row["supports"]) for row in rows] == [
            (deed.public_id, "=cmd|' /c calc'!A1", "", "1"), (deed.public_id, "Answered", comment.public_id, "0"),
        ]  # fmt: skip
        assert {row["author"] for row in rows} == {"Contact", "Outsider"}
        table = self.data(cast, who, plan, "comments", "csv").decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(table)))) == 2
        assert "'=cmd" in table
        book = load_workbook(io.BytesIO(self.data(cast, who, plan, "comments", "xlsx")))
        assert book.active.max_row == 3
        supports = json.loads(self.data(cast, who, plan, "supports", "json"))
        assert [(row["on"], row["kind"]) for row in supports] == [
            (deed.public_id, "action"), (comment.public_id, "comment"),
        ]  # fmt: skip
        for name in ("comments", "supports"):
            for hidden in ("Hiddenwords", "Secretwords", "example.org", "participant"):
                assert hidden not in self.data(cast, who, plan, name, "json").decode().lower().replace("'", "")

    def test_officers_get_no_hidden_words_either_but_what_they_see(self, cast: Cast, plan: Plan) -> None:
        self.voiced(cast, plan)
        said = self.data(cast, "officer", plan, "comments", "json").decode()
        assert "Secretwords" in said
        assert "Hiddenwords" not in said

    def test_nobody_else_reads_those_of_a_hidden_plan(self, cast: Cast, plan: Plan) -> None:
        self.voiced(cast, plan)
        Plan.objects.filter(pk=plan.pk).update(visibility="office")
        for name in ("comments", "supports"):
            at = reverse(
                f"public:plan_{name}_data", kwargs={"slug": plan.slug, "public_id": plan.public_id, "form": "csv"}
            )
            for who in ("visitor", "participant", "outsider", "contact"):
                expected = 404
                assert cast.client(who).get(at).status_code == expected, (name, who)

    def test_flat_in_questions(self, cast: Cast, plan: Plan) -> None:
        deed, _comment = self.voiced(cast, plan)
        asked = []
        for size in (1, 300):
            Comment.objects.bulk_create(
                Comment(action=deed, author=cast.contact, client_id=f"{size}-{n}", text="More") for n in range(size)
            )
            with CaptureQueriesContext(connection) as queries:
                self.data(cast, "visitor", plan, "comments", "csv")
            asked.append(len(queries))
        assert asked[1] <= asked[0] <= 12

    def test_in_the_api(self, cast: Cast, plan: Plan) -> None:
        deed, _comment = self.voiced(cast, plan)
        found = cast.client("visitor").get("/api/v1/comments", {"on": deed.public_id}).json()
        assert (found["count"], [one["text"] for one in found["items"]]) == (2, ["=cmd|' /c calc'!A1", "Answered"])
        assert cast.client("visitor").get("/api/v1/comments", {"on": "pla_000000000000"}).json()["count"] == 0
        supports = cast.client("visitor").get("/api/v1/supports").json()
        assert supports["count"] == 2
        assert set(supports["items"][0]) == {"on", "kind", "at"}
        assert "Secretwords" not in cast.client("contact").get("/api/v1/comments").content.decode()
        assert "Hiddenwords" not in cast.client("officer").get("/api/v1/comments").content.decode()
