"""People: their posts over time, why they are kept, and who may see any of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation, Person, Post
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.posts import may_be_named, posts_at
from tests.cast import Cast

AMB = "<bdi>Àrea Metropolitana de Barcelona</bdi>"


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
    assert [str(post.post) for post, _then in page.context["posts"]] == ["Director", "Engineer"]
    then = Moment.asked(PartialDate.parse("2020"), date(2026, 1, 1))
    assert [str(post.post) for post in posts_at(amal, then)] == ["Engineer"]
    assert [str(post.post) for post in posts_at(amal, Moment.now(date(2026, 1, 1)))] == ["Director"]


def test_where_nobody_held_such_a_post_it_is_said_what_to_do(cast: Cast, amal: Person) -> None:
    amal.since = PartialDate.parse("2018")
    amal.save()
    page = cast.client("officer").get("/en/office/people/?on=2010").text
    assert "Nobody is known to have held such a post" in page
    assert '<a class="button" href="/en/office/relations/?on=2010">Relations of that time</a>' in page
    page = cast.client("officer").get("/en/office/people/?at=nowhere").text
    assert '<a class="button" href="/en/office/relations/">Relations of that time</a>' in page
    assert "Nothing fits" in cast.client("officer").get("/en/office/people/?q=nobody").text


def test_the_list_tells_who_held_a_post_when(cast: Cast, amal: Person) -> None:
    """Who sat on a commission in 2019 is read off the list, without opening each."""
    amal.since, amal.until = PartialDate.parse("2018"), PartialDate.parse("2020-06")
    amal.save()
    answer = cast.client("officer").get("/en/office/people/?q=sfax&format=json")
    (told,) = json.loads(answer.getvalue())
    assert (told["name"], told["since"], told["until"]) == ("Amal", "2018", "2020-06")


@pytest.fixture
def moved(cast: Cast, amal: Person) -> Person:
    """Amal directs Barcelona's since July 2024, was engineer in Sfax until June, and taught in Rabat in those years."""
    rabat = Organisation.objects.get(slug="rabat")
    engineer = Post(person=amal, organisation=amal.organisation, department=amal.department, post=amal.post)
    lecturer = Post(person=amal, organisation=rabat, post=Text.of(en="Lecturer"))
    for post, since, until in ((engineer, "2018", "2024-06"), (lecturer, "2019-09", "2021-06")):
        post.since, post.until = PartialDate.parse(since), PartialDate.parse(until)
        post.save()
    amal.organisation, amal.department, amal.post = cast.amb, None, Text.of(en="Director")
    amal.since = PartialDate.parse("2024-07")
    amal.save()
    return amal


def listed(cast: Cast, **asked: str) -> list[tuple[str, ...]]:
    rows = cast.client("officer").get(reverse("staff:people"), asked).context["list"].rows
    return [tuple(str(cell.value) for cell in (row.first, *row.cells[:5])) for row in rows]


def test_the_list_of_a_day_tells_the_post_held_on_it(cast: Cast, moved: Person) -> None:
    engineer = ("Amal", "Engineer", "<bdi>Sfax</bdi>", "2018", "June 2024", "held then")
    lecturer = ("Amal", "Lecturer", "<bdi>Rabat</bdi>", "September 2019", "June 2021", "held then")
    assert listed(cast, on="2020") == [engineer, lecturer]
    assert listed(cast, on="2022-03-01") == [engineer]
    assert listed(cast, on="2025") == [("Amal", "Director", AMB, "July 2024", "", "held then")]
    assert listed(cast, on="2017") == []  # who held none then is not shown with another one
    assert listed(cast, on="2019-10", at="rabat") == [lecturer]
    assert listed(cast, at="sfax") == [(*engineer[:5], "")]  # found for an earlier post, and shown with that one
    assert [row[1] for row in listed(cast)] == ["Director"]


def test_of_a_post_without_dates_nobody_can_tell(cast: Cast, amal: Person) -> None:
    (row,) = listed(cast, on="2012")
    assert row == ("Amal", "Engineer", "<bdi>Sfax</bdi>", "", "", "perhaps held then: its dates are not all known")


def test_files_of_a_day_tell_the_same(cast: Cast, moved: Person) -> None:
    asked = {"on": "2020-01-31", "format": "json"}
    told = json.loads(cast.client("officer").get(reverse("staff:people"), asked).getvalue())
    keys = ("post", "organisation", "since", "until", "then")
    assert [tuple(one[key] for key in keys) for one in told] == [
        ({"en": "Engineer", "fr": "Ingénieure"}, "Sfax", "2018", "2024-06", "held then"),
        ({"en": "Lecturer"}, "Rabat", "2019-09", "2021-06", "held then"),
    ]
    sheet = cast.client("officer").get(reverse("staff:people"), {"on": "2022", "format": "csv"}).content.decode()
    assert "Engineer,Sfax,2018,2024-06,held then" in sheet
    assert "Director" not in sheet


def test_the_page_of_a_person_takes_a_day(cast: Cast, moved: Person) -> None:
    officer = cast.client("officer")
    page = officer.get(reverse("staff:people"), {"on": "2020"})
    address = f"{url('change', moved)}?on=2020"
    assert f'href="{address}"' in page.text
    then = {"Director": "", "Engineer": "held then", "Lecturer": "held then"}
    assert {str(post.post): str(held) for post, held in officer.get(address).context["posts"]} == then
    assert "No post held then is known." in officer.get(url("change", moved), {"on": "2001"}).text
    assert "No post held then is known." not in officer.get(url("change", moved)).text


def test_a_house_that_is_hidden_is_not_named_by_a_post_of_then(cast: Cast, moved: Person) -> None:
    Organisation.objects.filter(slug="rabat").update(visibility="office", name="A hidden university")
    moved.organisation = cast.sfax
    moved.save()
    contact = cast.client("contact")
    for page in (contact.get(reverse("staff:people"), {"on": "2020"}), contact.get(url("change", moved))):
        assert ("Lecturer" in page.text, "A hidden university" in page.text) == (True, False)


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
