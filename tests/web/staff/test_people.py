"""People: their posts over time, why they are kept, and who may see any of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person, Post
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.posts import may_be_named, posts_at
from tests.cast import Cast


@pytest.fixture
def amal(cast: Cast) -> Person:
    water = Department.objects.create(organisation=cast.sfax, name=Text.of(en="Water unit"), themes=("water",))
    return Person.objects.create(
        organisation=cast.sfax, department=water, name="Amal", post=Text.of(en="Engineer", fr="Ingénieure")
    )


def url(name: str, person: Person) -> str:
    return reverse(f"staff:{name}", kwargs={"public_id": person.public_id})


def test_a_person_is_the_offices_by_default(amal: Person) -> None:
    assert amal.visibility == "office"


def test_a_new_post_keeps_the_one_before(cast: Cast, amal: Person) -> None:
    told = {"left": "2024-06", "post_en": "Director", "organisation": "AMB", "since": "2024-07"}
    answer = cast.client("officer").post(url("new_post", amal), told)
    assert answer.status_code == 302, answer.context["form"].errors
    amal.refresh_from_db()
    before = amal.posts.get()
    assert (str(amal.post), amal.organisation, amal.department, str(amal.since)) == (
        "Director", cast.amb, None, "2024-07",
    )  # fmt: skip
    assert before.post.plain() == {"en": "Engineer", "fr": "Ingénieure"}
    assert (before.organisation, str(before.department), str(before.until)) == (cast.sfax, "Water unit", "2024-06")
    page = cast.client("officer").get(url("change", amal))
    assert [str(post.post) for post in page.context["posts"]] == ["Director", "Engineer"]
    then = Moment.asked(PartialDate.parse("2020"), date(2026, 1, 1))
    assert [str(post.post) for post in posts_at(amal, then)] == ["Engineer"]
    assert [str(post.post) for post in posts_at(amal, Moment.now(date(2026, 1, 1)))] == ["Director"]


def test_the_list_tells_who_held_a_post_when(cast: Cast, amal: Person) -> None:
    """Who sat on a commission in 2019 is read off the list, without opening each."""
    amal.since, amal.until = PartialDate.parse("2018"), PartialDate.parse("2020-06")
    amal.save()
    answer = cast.client("officer").get("/en/office/people/?q=sfax&format=json")
    (told,) = json.loads(answer.getvalue())
    assert (told["name"], told["since"], told["until"]) == ("Amal", "2018", "2020-06")


def test_a_second_post_is_added_and_held_besides(cast: Cast, amal: Person) -> None:
    told = {"post_en": "Professor", "organisation": "Rabat", "since": "2020"}
    answer = cast.client("officer").post(url("post_add", amal), told)
    assert answer.status_code == 302, answer.context["form"].errors
    held = posts_at(amal, Moment.now(date(2026, 1, 1)))
    assert [(str(post.post), post.organisation.name) for post in held] == [("Engineer", "Sfax"), ("Professor", "Rabat")]


def test_a_department_of_another_house_is_refused(cast: Cast, amal: Person) -> None:
    told = {"name": "Amal", "organisation": "AMB", "department": amal.department_id}
    form = cast.client("officer").post(reverse("staff:people_add"), told).context["form"]
    assert form.errors == {
        "department": ["Water unit is a department of Sfax. Choose one of the organisation above, or none."]
    }


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"basis": "consent"}, {"basis_from", "basis_how"}),
        ({"basis": "consent", "basis_from": "2026-05-03", "basis_how": "mail"}, set()),
        ({"basis": "public-task"}, set()),
        ({"basis": "because"}, {"basis"}),
        ({"since": "2024", "until": "2020"}, {"until"}),
        ({"basis": "contract", "basis_from": "2024", "basis_until": "2020"}, {"basis_until"}),
    ],
)
def test_consent_is_kept_with_its_proof(cast: Cast, told: dict[str, str], wrong: set[str]) -> None:
    answer = cast.client("officer").post(reverse("staff:people_add"), {"name": "Nour", "organisation": "Sfax", **told})
    assert set(answer.context["form"].errors if answer.context else ()) == wrong
    assert Person.objects.count() == (0 if wrong else 1)


def test_whose_basis_ran_out_is_listed_and_no_longer_proposed(cast: Cast, amal: Person) -> None:
    amal.basis, amal.basis_until = "consent", PartialDate.parse("2020")
    amal.save()
    Person.objects.create(organisation=cast.sfax, name="Nour", basis="public-task")
    officer = cast.client("officer")
    waiting = officer.get(reverse("staff:dashboard")).context["waiting"]
    line = next(one for one in waiting if "legal basis" in one.words)
    assert line.words == "1 person whose legal basis has run out"
    assert [row.record.name for row in officer.get(line.url).context["list"].rows] == ["Amal"]
    assert [may_be_named(amal, date(year, 1, 1)) for year in (2020, 2021)] == [True, False]


@pytest.mark.parametrize("page", ["change", "new_post", "post_add"])
def test_only_the_office_and_the_own_house_open_a_person(cast: Cast, amal: Person, page: str) -> None:
    seen = {
        who: cast.client(who).get(url(page, amal)).status_code
        for who in ("visitor", "outsider", "participant", "contact", "officer", "administrator")
    }
    assert seen == {
        "visitor": 302, "outsider": 404, "participant": 404, "contact": 200, "officer": 200, "administrator": 200,
    }  # fmt: skip


def test_a_contact_takes_nobody_to_another_house(cast: Cast, amal: Person) -> None:
    for page in ("new_post", "post_add"):
        told = {"post_en": "Director", "organisation": "AMB"}
        form: Any = cast.client("contact").post(url(page, amal), told).context["form"]
        assert form.errors == {"organisation": ["You can write this for your own organisation only."]}
    assert Post.objects.count() == 0
