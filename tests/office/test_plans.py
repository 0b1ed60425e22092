"""Plans as trees, who answers for an action, what is asked by mail, and versions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied

from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.jobs.recurring import JOBS
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Membership, Person
from sympolis.office.planning import reminders
from sympolis.office.planning.actions import keep_told, remove_told, stop_asking
from sympolis.office.planning.forms import ActionForm, PlanForm
from sympolis.office.planning.models import Action, ActionQuestion, Indicator, IndicatorValue, Milestone, Plan
from sympolis.office.planning.queries import (
    below,
    changeable_actions,
    closes_a_circle,
    progress_of,
    visible_plans,
    visible_versions,
)
from sympolis.office.planning.reminders import ask_how_far, due_questions, quarter_of
from sympolis.office.planning.tree import build_tree, parents_among
from sympolis.office.planning.versions import differences, hidden_now, marked, open_part, take_version
from tests.cast import Cast

TODAY = date(2026, 11, 27)
VISITOR = AnonymousUser()


def plan(cast: Cast, title: str, parent: Plan | None = None, **fields: Any) -> Plan:
    fields.setdefault("kind", "line" if parent else "plan")
    return Plan.objects.create(organisation=cast.amb, title=Text.of(en=title), parent=parent, **fields)


def action(of: Plan | None, title: str, **fields: Any) -> Action:
    return Action.objects.create(plan=of, title=Text.of(en=title), **fields)


@pytest.fixture
def department(cast: Cast) -> Department:
    return Department.objects.create(organisation=cast.sfax, name=Text.of(en="Water"))


@pytest.fixture
def contact_works_there(cast: Cast, department: Department) -> Person:
    return Person.objects.create(organisation=cast.sfax, department=department, name="C", email="Contact@Example.org")


class TestTree:
    def test_levels_have_the_names_of_their_plan(self, cast: Cast) -> None:
        parent = plan(cast, "Parent", levels=Text.of(en="Field"))
        top = plan(cast, "Top", parent, kind="plan", levels=Text.of(en="Axis\nPriority", ca="Eix\nPrioritat\nLínia"))
        axis = plan(cast, "A", top)
        priority = plan(cast, "B", axis)
        line = plan(cast, "C", priority)
        deep = plan(cast, "D", line)
        tree = build_tree(parent, Plan.objects.all(), [], {})
        assert [(str(node.plan), node.level.plain()) for node in tree.walk()] == [
            ("Parent", {}), ("Top", {}), ("A", {"en": "Axis", "ca": "Eix"}),
            ("B", {"en": "Priority", "ca": "Prioritat"}), ("C", {"ca": "Línia"}), ("D", {}),
        ]  # fmt: skip
        assert parents_among(visible_plans(VISITOR), deep) == [parent, top, axis, priority, line]
        assert set(below(Plan.objects.all(), axis.pk)) == {axis, priority, line, deep}

    def test_order_then_as_they_came(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        for title, position in (("late", None), ("second", 2), ("later", None), ("first", 1)):
            plan(cast, title, top, position=position)
            action(top, title, position=position)
        tree = build_tree(top, Plan.objects.all(), Action.objects.all(), {})
        wanted = ["first", "second", "late", "later"]
        assert [str(child.plan) for child in tree.children] == wanted
        assert [str(one) for one in tree.actions] == wanted

    def test_what_is_hidden_hides_what_is_below_it(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        hidden = plan(cast, "Hidden", top, visibility="office")
        under = plan(cast, "Under", hidden)
        action(under, "Deed")
        seen = below(visible_plans(VISITOR), top.pk)
        assert set(seen) == {top, under}
        assert [str(node.plan) for node in build_tree(top, seen, Action.objects.all(), {}).walk()] == ["Top"]
        assert parents_among(visible_plans(VISITOR), under) == []

    def test_what_goes_round_is_there_once(self, cast: Cast) -> None:
        one = plan(cast, "One")
        two = plan(cast, "Two", one)
        Plan.objects.filter(pk=one.pk).update(parent=two)
        found = list(below(Plan.objects.all(), one.pk))
        assert [str(node.plan) for node in build_tree(Plan.objects.get(pk=one.pk), found, [], {}).walk()] == [
            "One", "Two",
        ]  # fmt: skip
        assert parents_among(Plan.objects.all(), Plan.objects.get(pk=one.pk)) == [two]

    def test_progress_of_a_line_weighs_what_is_known(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        line = plan(cast, "Line", top, weight=Decimal(3))
        plan(cast, "Empty", top, weight=Decimal(100))
        half = action(line, "Half", weight=Decimal(1))
        half.milestones.create(title=Text.of(en="a"), done_on=TODAY)
        half.milestones.create(title=Text.of(en="b"))
        measured = half.indicators.create(title=Text.of(en="c"), baseline=Decimal(0))
        measured.values.create(year=2025, target=Decimal(10), actual=Decimal(8))
        action(line, "Unknown", weight=Decimal(50))
        action(top, "Stated", stated_progress=100, progress_reason="said")
        actions = list(Action.objects.all())
        tree = build_tree(top, Plan.objects.all(), actions, progress_of(actions))
        assert (tree.children[0].progress, tree.children[0].roll_up.unknown) == (Fraction(3, 5), 1)
        assert tree.progress == Fraction(3, 4) * Fraction(3, 5) + Fraction(1, 4)
        assert (len(tree.roll_up.rows), tree.action_count) == (2, 3)


class TestCircles:
    def test_a_form_refuses_them_however_long(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        last = top
        for number in range(25):
            last = plan(cast, f"{number}", last)
        assert closes_a_circle(top.pk, last)
        assert not closes_a_circle(last.pk, top)
        data = {"title_en": "Top", "organisation": "AMB", "kind": "plan", "parent": str(last.pk)}
        form = PlanForm(data, instance=top, user=cast.officer)
        assert form.errors["parent"] == ["A plan can't be part of itself."]

    @pytest.mark.parametrize("lines", ["a,b\nb,c\nc,a", "a,a"])
    def test_an_import_refuses_them(self, cast: Cast, lines: str) -> None:
        rows = "\n".join(f"{line},AMB,Plan {line[0]}" for line in lines.split("\n"))
        sheet = read_table(f"id,parent_id,organisation_id,title\n{rows}\nd,,AMB,Plan d\n".encode())
        found = understand(tables()["plans"], sheet)
        assert {(problem.row, problem.what) for problem in found.problems} == {
            (number, "With this it would be part of itself.") for number in range(2, 2 + len(lines.split("\n")))
        }

    def test_an_import_refuses_what_closes_one_with_what_is_there(self, cast: Cast) -> None:
        one = plan(cast, "One")
        two = plan(cast, "Two", one)
        sheet = read_table(f"id,parent_id,organisation_id,title\n{one.public_id},{two.public_id},AMB,One\n".encode())
        found = understand(tables()["plans"], sheet)
        [(problem)] = found.problems
        assert (problem.row, problem.column, problem.value) == (2, "Part of", "Two")


class TestWhoAnswers:
    def test_who_changes_which(self, cast: Cast, department: Department, contact_works_there: Person) -> None:
        theirs = action(None, "Theirs", department=department)
        others = action(None, "Others")
        office = action(None, "Office", department=department, visibility="office")
        everything = {theirs, others, office}
        for who, wanted in {
            "administrator": everything, "officer": everything, "contact": {theirs}, "participant": set(),
            "outsider": set(),
        }.items():  # fmt: skip
            assert set(changeable_actions(getattr(cast, who))) == wanted, who
        assert set(changeable_actions(VISITOR)) == set()

    def test_named_people_too_and_nobody_by_a_borrowed_address(self, cast: Cast, department: Department) -> None:
        one = action(None, "One")
        sfax = Person.objects.create(organisation=cast.sfax, name="S", email="contact@example.org")
        # The outsider's address stands at an organisation they do not act for.
        claimed = Person.objects.create(organisation=cast.amb, name="O", email="outsider@example.org")
        one.people.add(sfax, claimed)
        # A person is entered in another organisation's department: it is not theirs.
        action(None, "Two", department=department)
        rabat = Membership.objects.get(user=cast.outsider).organisation
        Person.objects.create(organisation=rabat, department=department, name="R", email="outsider@example.org")
        assert set(changeable_actions(cast.contact)) == {one}
        assert set(changeable_actions(cast.outsider)) == set()
        cast.contact.is_active = False
        assert set(changeable_actions(cast.contact)) == set()

    def test_they_say_how_far_and_nothing_else(self, cast: Cast, contact_works_there: Person) -> None:
        one = action(None, "One", department=contact_works_there.department)
        form = ActionForm(instance=one, user=cast.contact)
        assert set(form.fields) == {
            "status", "status_reason", "began", "finished", "stated_progress", "progress_reason", "spent", "seen",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("sent", "wrong"),
        [
            ({"status": "stopped"}, {"status_reason"}),
            ({"status": "late"}, {"status_reason"}),
            ({"status": "late", "status_reason": "Strike"}, set()),
            ({"status": "done"}, set()),
            ({"stated_progress": "40"}, {"progress_reason"}),
            ({"stated_progress": "101", "progress_reason": "x"}, {"stated_progress"}),
            ({"began": "2026", "finished": "2025"}, {"finished"}),
        ],
    )
    def test_reasons_are_asked_for(
        self, cast: Cast, contact_works_there: Person, sent: dict[str, str], wrong: set[str]
    ) -> None:
        one = action(None, "One", department=contact_works_there.department)
        assert set(ActionForm(sent, instance=one, user=cast.contact).errors) == wrong

    def test_what_is_told(self, cast: Cast, contact_works_there: Person) -> None:
        one, other = action(None, "One", department=contact_works_there.department), action(None, "Other")
        step = Milestone(action=one, title=Text.of(en="Step"))
        keep_told(cast.contact, step)
        assert (step.history.get().history_user, Action.objects.get(pk=one.pk).reported_at is None) == (
            cast.contact, False,
        )  # fmt: skip
        indicator = Indicator(action=other, title=Text.of(en="Trips"))
        for told in (Milestone(action=other, title=Text.of(en="x")), indicator):
            with pytest.raises(PermissionDenied):
                keep_told(cast.contact, told)
        keep_told(cast.officer, indicator)
        with pytest.raises(PermissionDenied):
            keep_told(cast.contact, IndicatorValue(indicator=indicator, year=2026, actual=1))
        with pytest.raises(PermissionDenied):
            remove_told(cast.outsider, step)
        remove_told(cast.contact, step)
        assert not Milestone.objects.exists()


class TestAsking:
    @pytest.fixture(autouse=True)
    def today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reminders.timezone, "localdate", lambda: TODAY)
        monkeypatch.setattr(reminders.timezone, "now", lambda: datetime(2026, 11, 27, tzinfo=UTC))

    def test_what_is_due(self, cast: Cast, contact_works_there: Person) -> None:
        kept = {"department": contact_works_there.department}
        said = datetime(2026, 11, 1, tzinfo=UTC)
        late = action(None, "A step is late", status="ongoing", reported_at=said, **kept)
        late.milestones.create(title=Text.of(en="x"), due=date(2026, 11, 26))
        fine = action(None, "Fine", status="ongoing", reported_at=said, **kept)
        fine.milestones.create(title=Text.of(en="x"), due=TODAY)
        fine.milestones.create(title=Text.of(en="x"), due=date(2026, 1, 1), done_on=date(2026, 2, 1))
        action(None, "Over", status="ongoing", reported_at=said, ends_latest=date(2026, 11, 26), **kept)
        action(None, "Silent", status="planned", reported_at=datetime(2026, 8, 1, tzinfo=UTC), **kept)
        action(None, "Done", status="done", reported_at=datetime(2026, 8, 1, tzinfo=UTC), **kept)
        action(None, "Unstated", reported_at=datetime(2026, 8, 1, tzinfo=UTC), **kept)
        action(None, "An example", status="ongoing", ends_latest=date(2020, 1, 1), illustrative=True, **kept)
        action(None, "Nobody's", status="ongoing", ends_latest=date(2020, 1, 1))
        assert {who.email: [str(one) for one in what] for who, what in due_questions(TODAY).items()} == {
            "contact@example.org": ["A step is late", "Over", "Silent"]
        }

    def test_once_a_quarter(self, cast: Cast, contact_works_there: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        action(None, "Late", status="late", ends_latest=date(2026, 1, 1), department=contact_works_there.department)
        told = []
        for day in (TODAY, TODAY, date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1)):
            monkeypatch.setattr(reminders.timezone, "localdate", lambda day=day: day)
            told.append(ask_how_far())
        assert told == [1, 0, 0, 1, 0, 1]
        assert list(ActionQuestion.objects.order_by("pk").values_list("quarter", flat=True)) == [
            "2026Q4", "2027Q1", "2027Q2",
        ]  # fmt: skip
        assert [(message.to, message.subject) for message in mail.outbox] == [
            (["contact@example.org"], "How far is 1 action?")
        ] * 3
        assert "Late" in mail.outbox[0].body
        assert mail.outbox[0].body.split("-- \n")[0].rstrip().endswith("\n\nInternational Relations")

    def test_not_who_asked_not_to_be(self, cast: Cast, contact_works_there: Person) -> None:
        action(None, "Late", status="late", ends_latest=date(2026, 1, 1), department=contact_works_there.department)
        stop_asking(cast.contact)
        assert (ask_how_far(), mail.outbox) == (0, [])

    def test_a_mail_that_does_not_go_out_is_tried_again(
        self, cast: Cast, contact_works_there: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        action(None, "Late", status="late", ends_latest=date(2026, 1, 1), department=contact_works_there.department)
        with monkeypatch.context() as broken:
            no_server = OSError("no server")
            broken.setattr(reminders.EmailMessage, "send", lambda _self: (_ for _ in ()).throw(no_server))
            assert ask_how_far() == 0
        assert (ActionQuestion.objects.count(), ask_how_far()) == (0, 1)

    def test_quarters(self) -> None:
        assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 6, 7, 12)] == [
            "2026Q1", "2026Q1", "2026Q2", "2026Q2", "2026Q3", "2026Q4",
        ]  # fmt: skip

    def test_it_comes_round(self) -> None:
        assert [job.every_minutes for job in JOBS if job.run.endswith("reminders:ask_how_far")] == [24 * 60]


class TestVersions:
    def test_what_differs(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        line, gone = plan(cast, "Line", top), plan(cast, "Gone", top)
        deed = action(line, "Deed", text=Text.of(en="We will walk to the sea."), budget=Decimal(10))
        first = take_version(cast.officer, top, "consultation", "First")
        assert (first.by, Plan.objects.get(pk=top.pk).stage) == (cast.officer, "consultation")
        gone.delete()
        new = action(line, "New")
        deed.text.write("en", "We will run to the sea.")
        deed.text.write("ca", "Correrem")
        deed.budget, deed.plan = Decimal(12), top
        deed.save()
        second = take_version(cast.officer, top, "approved", "Second")
        found = differences(first.content, second.content)
        assert [(one.kind, one.title["en"], one.what) for one in found] == [
            ("part", "Gone", "removed"), ("action", "Deed", "changed"), ("action", "New", "added"),
        ]  # fmt: skip
        [changed] = [one for one in found if one.what == "changed"]
        assert {(one.name, one.language, str(one.before), str(one.after)) for one in changed.fields} == {
            ("text", "en", "We will walk to the sea.", "We will run to the sea."), ("text", "ca", "", "Correrem"),
            ("budget", "", "10", "12"), ("part_of", "", line.public_id, top.public_id),
        }  # fmt: skip
        assert new.public_id in second.content["actions"]
        assert differences(second.content, second.content) == []

    def test_words_are_marked(self) -> None:
        assert [(one.kind, one.text) for one in marked("We will walk to the sea.", "We will run to the sea.")] == [
            ("", "We will "), ("del", "walk"), ("ins", "run"), ("", " to the sea."),
        ]  # fmt: skip
        assert [one.kind for one in marked("a " * 5_000, "b " * 5_000)] == ["del", "ins"]

    def test_others_see_what_was_public_and_is(self, cast: Cast) -> None:
        top = plan(cast, "Top")
        hidden = plan(cast, "Hidden", top, visibility="office")
        under = plan(cast, "Under", hidden)
        later = plan(cast, "Later", top)
        seen = action(top, "Seen")
        for of, title, visibility in ((top, "A", "office"), (under, "B", "public"), (later, "C", "public")):
            action(of, title, visibility=visibility)
        version = take_version(cast.officer, top, "approved", "One")
        assert len(version.content["actions"]) == 4
        Plan.objects.filter(pk=later.pk).update(visibility="office")
        public = open_part(version.content, hidden_now(version.content, {"public"}), {"public"})
        assert (set(public["parts"]), set(public["actions"])) == ({top.public_id}, {seen.public_id})

    def test_who_sees_and_keeps_them(self, cast: Cast) -> None:
        top, secret = plan(cast, "Top"), plan(cast, "Secret", visibility="office")
        for who in (cast.contact, cast.participant, cast.outsider):
            with pytest.raises(PermissionDenied):
                take_version(who, top, "approved", "Mine")
        draft, approved = (take_version(cast.officer, top, stage, stage) for stage in ("draft", "approved"))
        hidden = take_version(cast.officer, secret, "approved", "x")
        assert set(visible_versions(cast.officer)) == {draft, approved, hidden}
        for who in (cast.contact, cast.outsider, VISITOR):
            assert set(visible_versions(who)) == {approved}
