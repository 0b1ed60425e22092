"""Departments say how far their actions are; the office keeps versions of a plan."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from sympolis.office.core.lists import note_lists
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person
from sympolis.office.planning.models import Action, IndicatorValue, Milestone, NoQuestions, Plan
from tests.cast import Cast


@pytest.fixture
def deed(cast: Cast) -> Action:
    department = Department.objects.create(organisation=cast.sfax, name=Text.of(en="Water"))
    Person.objects.create(organisation=cast.sfax, department=department, name="C", email="contact@example.org")
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Our plan"))
    return Action.objects.create(plan=plan, title=Text.of(en="Deed"), department=department, status="ongoing")


def at(name: str, *about: Any) -> str:
    with override("en"):
        return reverse(f"staff:{name}", args=about)


WHO = {"officer": 200, "administrator": 200, "contact": 200, "participant": 302, "outsider": 302, "visitor": 302}


def test_who_opens_and_writes(cast: Cast, deed: Action) -> None:
    for who, status in WHO.items():
        client = cast.client(who)
        assert client.get(at("action", deed.public_id)).status_code == status, who
        written = client.post(at("milestone_add", deed.public_id), {"title_en": f"By {who}"})
        refused = 403 if who == "visitor" else 404  # a visitor's words come back, to be sent once signed in
        assert written.status_code == (302 if status == 200 else refused), who
        if who not in {"officer", "administrator"}:
            client.post(at("change", deed.public_id), {"status": "done", "title_en": who})
    assert {str(one.title) for one in Milestone.objects.all()} == {"By officer", "By administrator", "By contact"}
    kept = Action.objects.get()
    assert (str(kept.title), kept.status, kept.reported_at is None) == ("Deed", "done", False)
    assert [one.history_user for one in kept.history.filter(status="done")] == [cast.contact]


def test_a_milestone_from_its_day_to_its_evidence(cast: Cast, deed: Action) -> None:
    client = cast.client("contact")
    client.post(at("milestone_add", deed.public_id), {"title_en": "Study", "title_fr": "Étude", "due": "2026-01-31"})
    one = Milestone.objects.get()
    assert (one.title.plain(), one.due) == ({"en": "Study", "fr": "Étude"}, date(2026, 1, 31))
    assert "overdue" in client.get(at("action", deed.public_id)).content.decode()
    page = client.get(at("milestone", deed.public_id, one.pk))
    assert "Change the milestone" in page.content.decode()
    sent = {"title_en": "Study", "due": "2026-01-31", "done_on": "2026-02-03", "evidence_url": "example.org/study"}
    client.post(at("milestone", deed.public_id, one.pk), sent)
    one.refresh_from_db()
    assert (one.title.plain(), one.done_on, one.evidence_url) == (
        {"en": "Study"}, date(2026, 2, 3), "https://example.org/study",
    )  # fmt: skip
    wrong = client.post(at("milestone_add", deed.public_id), {"title_en": "", "due": "someday"})
    assert (wrong.status_code, set(wrong.context["milestone_form"].errors)) == (422, {"title", "due"})
    client.post(at("milestone", deed.public_id, one.pk), {"what": "remove"})
    assert not Milestone.objects.exists()


def test_what_is_stated_and_what_milestones_come_to_are_told_apart(cast: Cast, deed: Action) -> None:
    Action.objects.filter(pk=deed.pk).update(stated_progress=40, progress_reason="Two towns of five")
    deed.milestones.create(title=Text.of(en="Study"), due=date(2026, 1, 31))
    for page in (at("action", deed.public_id), deed.get_absolute_url()):
        said = " ".join(cast.client("officer").get(page).content.decode().split())
        words = ('<span dir="auto">Two towns of five</span>', "what was stated counts:", "How this is reckoned")
        assert [said.count(one) for one in words] == [1, 1, 1]
        assert sorted(words, key=said.index) == list(words)


def test_each_form_of_the_page_has_its_title_open(cast: Cast, deed: Action) -> None:
    """Of boxes by language one is open at a time: within a form, not on the whole page."""
    said = cast.client("contact").get(at("action", deed.public_id)).content.decode()
    assert Counter(re.findall(r'<details name="([^"]+)"', said)) == {
        "lang-id_step_title": 5, "lang-id_indicator_title": 5,
    }  # fmt: skip
    assert len(re.findall(r'<details name="[^"]+" open>', said)) == 2


def test_a_milestone_of_another_action_is_unknown(cast: Cast, deed: Action) -> None:
    other = Action.objects.create(title=Text.of(en="Other"))
    theirs = other.milestones.create(title=Text.of(en="Theirs"))
    client = cast.client("contact")
    assert client.post(at("milestone", deed.public_id, theirs.pk), {"what": "remove"}).status_code == 404
    assert client.post(at("milestone", other.public_id, theirs.pk), {"what": "remove"}).status_code == 404
    assert Milestone.objects.get() == theirs


def test_a_year_of_an_indicator_said_again_takes_its_place(cast: Cast, deed: Action) -> None:
    client = cast.client("contact")
    client.post(at("indicator_add", deed.public_id), {"title_en": "Trips", "baseline": "0", "unit": "trips"})
    trips = deed.indicators.get()
    for sent in ({"year": "2025", "target": "10"}, {"year": "2025", "target": "10", "actual": "4"}):
        assert client.post(at("indicator_value", deed.public_id, trips.pk), sent).status_code == 302
    [value] = IndicatorValue.objects.all()
    assert (value.year, value.target, value.actual) == (2025, 10, 4)
    for sent in (
        {"year": "1", "target": "1"},
        {"year": "²", "target": "1"},
        {"year": "2025"},
        {"year": "2025", "target": "x"},
    ):
        assert client.post(at("indicator_value", deed.public_id, trips.pk), sent).status_code == 422, sent
    assert "40%" in client.get(at("action", deed.public_id)).content.decode()
    client.post(at("indicator_value", deed.public_id, trips.pk), {"year": "2025", "target": "1", "what": "remove"})
    assert not IndicatorValue.objects.exists()


def test_what_one_answers_for_and_no_more_mails(cast: Cast, deed: Action) -> None:
    Action.objects.create(title=Text.of(en="Somebody else's"))
    deed.milestones.create(title=Text.of(en="x"), due=date(2020, 1, 1))
    client = cast.client("contact")
    page = client.get(at("my_actions"))
    assert [str(one) for one in page.context["actions"]] == ["Deed"]
    assert "waits for a word from you" in page.content.decode()
    client.post(at("my_actions"), {"ask": "no"})
    assert [one.user for one in NoQuestions.objects.all()] == [cast.contact]
    assert "You are not asked by mail." in client.get(at("my_actions")).content.decode()
    client.post(at("my_actions"), {"ask": "yes"})
    assert not NoQuestions.objects.exists()
    assert [str(one) for one in cast.client("outsider").get(at("my_actions")).context["actions"]] == []


def test_few_questions(cast: Cast, deed: Action) -> None:
    asked, client = [], cast.client("contact")
    for more in (1, 30):
        for number in range(more):
            one = Action.objects.create(title=Text.of(en=f"{number}"), department=deed.department)
            for of in (one, deed):
                of.milestones.create(title=Text.of(en="x"))
                of.indicators.create(title=Text.of(en="y")).values.create(year=2025, target=1)
        counts = []
        for address in (at("my_actions"), at("action", deed.public_id)):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 12


def test_keeping_versions(cast: Cast, deed: Action) -> None:
    plan = Plan.objects.get()
    for who, status in {"contact": 403, "participant": 403, "outsider": 403, "visitor": 302}.items():
        assert cast.client(who).get(at("plan_versions", plan.public_id)).status_code == status, who
        cast.client(who).post(at("plan_versions", plan.public_id), {"stage": "approved", "label": "x"})
    assert not plan.versions.exists()
    client = cast.client("officer")
    assert client.post(at("plan_versions", plan.public_id), {"stage": "approved"}).status_code == 422
    client.post(at("plan_versions", plan.public_id), {"stage": "approved", "label": "July"})
    plan.refresh_from_db()
    assert ([one.label for one in plan.versions.all()], plan.stage) == (["July"], "approved")
    same = client.get(at("plan_versions", plan.public_id)).content.decode()
    assert ("Nothing differs between the two." in same, "No version of it" in same) == (True, False)
    assert '<select id="from" name="from">' in same  # which two are compared can be chosen all the same
    deed.title.write("en", "Deed at last")
    deed.save()
    assert "Deed</strong>" not in client.get(at("plan_versions", plan.public_id)).content.decode()
    said = " ".join(client.get(at("plan_versions", plan.public_id)).content.decode().split())
    assert "Deed<ins> at last</ins>" in said
    assert "Changed: 1." in said


def test_no_way_round_by_an_old_version(cast: Cast, deed: Action) -> None:
    old = deed.history.first()
    deed.title.write("en", "Decided")
    deed.starts_earliest = deed.starts_latest = date(2026, 1, 1)
    deed.status = "late"
    deed.status_reason = "Strike"
    deed.save()
    deed.agreements.create(title=Text.of(en="Agreement"), kind="other")
    note_lists(Action, [deed])
    cast.client("contact").post(at("restore", deed.public_id, old.history_id))
    deed.refresh_from_db()
    assert (str(deed.title), str(deed.starts), deed.status) == ("Decided", "2026-01-01", "ongoing")
    assert deed.agreements.count() == 1
