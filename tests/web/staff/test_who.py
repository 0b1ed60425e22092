"""Who works on what: departments, people, local partners; in this order, each where it is seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation, Person, Post
from sympolis.office.directory.who import WhoWorks, who_works_on
from tests.cast import Cast
from tests.factories import make_organisation, make_relation

TODAY = date(2026, 3, 3)


def person(house: Organisation, name: str, **fields: Any) -> Person:
    made = Person(organisation=house, name=name, **{name: fields.pop(name) for name in list(fields) if name != "until"})
    made.until = fields.get("until", PartialDate())
    made.save()
    return made


@pytest.fixture
def house(cast: Cast) -> Organisation:
    sfax, water = cast.sfax, ("water", "health")
    unit = Department.objects.create(organisation=sfax, name=Text.of(en="Water unit"), themes=water)
    culture = Department.objects.create(organisation=sfax, name=Text.of(en="Culture unit"), themes=("culture",))
    person(sfax, "Amal", department=unit)
    person(sfax, "Gone", department=unit, until=PartialDate.parse("2020"))
    forgotten = person(sfax, "Forgotten", department=unit, basis="consent")
    forgotten.basis_until = PartialDate.parse("2021")
    forgotten.save()
    person(sfax, "Nour", department=culture, themes=("water",))
    elsewhere = person(cast.amb, "Lent")
    Post.objects.create(person=elsewhere, organisation=sfax, department=unit, post=Text.of(en="Adviser"))
    operator = make_organisation("Waterworks", kind="company", themes=("water",))
    make_relation(operator, "local_partner_of", sfax, role="operator")
    make_relation(
        make_organisation("Old works", themes=("water",)), "local_partner_of", sfax, until_latest="2020-01-01"
    )
    make_relation(make_organisation("Club", themes=("sport",)), "local_partner_of", sfax)
    return sfax


def told(answer: WhoWorks) -> dict[str, Any]:
    return {
        "units": {
            str(one.department): (one.themes, [(each.person.name, str(each.held.post)) for each in one.people])
            for one in answer.units
        },
        "others": [each.person.name for each in answer.others],
        "circle": [(one.organisation.name, one.themes) for one in answer.circle],
        "unknown": answer.unknown,
    }


def test_departments_first_then_people_then_the_circle(cast: Cast, house: Organisation) -> None:
    (answer,) = who_works_on(cast.officer, [house], ["water", "ports"], TODAY)
    assert told(answer) == {
        "units": {"Water unit": (("water",), [("Amal", ""), ("Lent", "Adviser")])},
        "others": ["Nour"],
        "circle": [("Waterworks", ("water",))],
        "unknown": ("ports",),
    }


@pytest.mark.parametrize("who", ["participant", "outsider"])
def test_others_are_told_of_departments_alone(cast: Cast, house: Organisation, who: str) -> None:
    (answer,) = who_works_on(getattr(cast, who), [house], ["water"], TODAY)
    assert (told(answer)["units"], told(answer)["others"]) == ({"Water unit": (("water",), [])}, [])


def test_without_a_theme_everybody(cast: Cast, house: Organisation) -> None:
    (answer,) = who_works_on(cast.officer, [house], [], TODAY)
    assert set(told(answer)["units"]) == {"Water unit", "Culture unit"}
    assert told(answer)["circle"] == [("Club", ("sport",)), ("Waterworks", ("water",))]


def test_the_page_is_the_offices(cast: Cast, house: Organisation) -> None:
    address = reverse("staff:who")
    seen = {
        who: cast.client(who).get(address, {"host": "Sfax"}).status_code
        for who in ("visitor", "outsider", "participant", "contact", "officer")
    }
    assert seen == {"visitor": 302, "outsider": 403, "participant": 403, "contact": 403, "officer": 200}


def test_the_page_in_few_queries_whatever_there_is(cast: Cast, house: Organisation) -> None:
    officer, ask = cast.client("officer"), {"host": "Sfax", "guest": "AMB", "themes": "water"}
    counts = []
    for size in (0, 12):
        for number in range(size):
            unit = Department.objects.create(organisation=house, name=Text.of(en=f"U{number}"), themes=("water",))
            person(house, f"P{number}", department=unit)
            make_relation(make_organisation(f"Works {number}", themes=("water",)), "local_partner_of", house)
        with CaptureQueriesContext(connection) as queries:
            page = officer.get(reverse("staff:who"), ask)
        assert [one.organisation.name for one in page.context["answers"]] == ["Sfax", "Àrea Metropolitana de Barcelona"]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert "Waterworks" in page.text
    assert "local partner of" in page.text


def test_hostile_words_are_words_and_an_unknown_house_is_said(cast: Cast, house: Organisation) -> None:
    person(house, "<script>alert(1)</script>", themes=("water",))
    officer = cast.client("officer")
    assert "<script>alert(1)" not in officer.get(reverse("staff:who"), {"host": "Sfax"}).text
    page = officer.get(reverse("staff:who"), {"host": "Nowhere at all"})
    assert list(page.context["form"].errors) == ["host"]
    assert page.context["answers"] == []


def test_the_public_page_says_departments_and_nobody(cast: Cast, house: Organisation) -> None:
    unit = Department.objects.get(organisation=house, sort_key="water unit")
    unit.post, unit.mailbox = Text.of(en="Head of water"), "water@sfax.example"
    unit.save()
    said = cast.client("visitor").get(house.get_absolute_url()).text
    assert [words in said for words in ("Water unit", "Head of water", "water@sfax.example")] == [True] * 3
    assert [name in said for name in ("Amal", "Nour", "Lent", "Adviser")] == [False] * 4
