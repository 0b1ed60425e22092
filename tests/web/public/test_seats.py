"""Who sits on a body, on its page and as of any day; and with whom an organisation sits there, on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Person, Post
from tests.cast import Cast, let_read
from tests.factories import make_organisation, make_relation
from tests.web.public.test_as_of import EVERYBODY, dates, page


@pytest.fixture
def commission(cast: Cast) -> Organisation:
    """AMB presides it and sits on it, Sfax sits on it, Oran left, a city that only the office sees sits there too."""
    uclg = make_organisation("UCLG", kind="city-network")
    commission = make_organisation("Mediterranean Commission", kind="body", parent=uclg)
    make_relation(cast.amb, "sits_on", commission, role="member", **dates(since="2015"))
    make_relation(cast.amb, "sits_on", commission, role="member", **dates(since="2015"))
    make_relation(cast.amb, "president_of", commission, **dates(since="2020"))
    make_relation(cast.sfax, "sits_on", commission)
    make_relation(make_organisation("Oran"), "sits_on", commission, role="Observer", **dates(until="2018"))
    make_relation(make_organisation("Zuhaitz", visibility="office"), "sits_on", commission, role="Zuhaitz role")
    make_relation(make_organisation("Invented"), "sits_on", commission, illustrative=True)
    make_relation(make_organisation("A funder"), "funds", commission)
    return commission


def told(cast: Cast, body: Organisation, query: str = "", who: str = "visitor") -> list[tuple[str, list[str], bool]]:
    shown = cast.client(who).get(page("organisation", body) + query).context["sitters"]
    return [(str(one.organisation), [_said(seat) for seat in one.seats], one.past) for one in shown]


def _said(seat: Any) -> str:
    return f"{seat.role} {seat.relation.since}-{seat.relation.until}"


def test_everybody_who_sits_on_it_with_role_and_time(cast: Cast, commission: Organisation) -> None:
    assert told(cast, commission) == [
        ("Àrea Metropolitana de Barcelona", ["President 2020-", "Member 2015-"], False),
        ("Invented", [" -"], False),
        ("Sfax", [" -"], False),
        ("Oran", ["Observer -2018"], True),
    ]
    answer = cast.client("visitor").get(page("organisation", commission))
    assert answer.context["sitter_count"] == 2
    assert [group.type for group in answer.context["seats"]] == ["funds"]
    assert "Who sat on it before" in answer.text


def test_as_of_the_day_that_is_asked(cast: Cast, commission: Organisation) -> None:
    then = told(cast, commission, "?on=2016")
    assert [(name, past) for name, _seats, past in then] == [
        ("Àrea Metropolitana de Barcelona", False), ("Invented", False), ("Oran", False), ("Sfax", False),
    ]  # fmt: skip
    assert then[0][1] == ["Member 2015-"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_only_the_office_sees(cast: Cast, commission: Organisation, who: str) -> None:
    officer = who in {"officer", "administrator"}
    assert ("Zuhaitz" in [name for name, _seats, _past in told(cast, commission, who=who)]) is officer
    for record in (commission, cast.sfax):
        for name in ("organisation", "organisation_links"):
            assert ("Zuhaitz" in cast.client(who).get(page(name, record)).text) is officer


def company(cast: Cast, query: str = "", name: str = "organisation") -> list[str]:
    groups = cast.client("visitor").get(page(name, cast.sfax) + query).context["groups"]
    return [str(one) for group in groups for link in group.links for one in link.together]


def test_with_whom_one_sits_there(cast: Cast, commission: Organisation) -> None:
    make_relation(cast.sfax, "member_of", make_organisation("A network", kind="city-network"))
    assert company(cast) == ["Àrea Metropolitana de Barcelona"]
    assert company(cast, name="organisation_links") == ["Àrea Metropolitana de Barcelona"]
    assert company(cast, "?on=2016") == ["Àrea Metropolitana de Barcelona", "Oran"]
    text = cast.client("visitor").get(page("organisation", cast.sfax)).text
    assert f'together with <a href="{cast.amb.get_absolute_url()}"><bdi>AMB</bdi></a>' in text
    assert "<summary>together" not in text


def test_many_are_folded_and_asked_for_at_once(
    cast: Cast, commission: Organisation, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(20):
        body = make_organisation(f"Group {number}", kind="body", parent=commission.parent)
        make_relation(cast.sfax, "sits_on", body)
        for other in range(3):
            make_relation(make_organisation(f"City {number} {other}"), "sits_on", commission if other else body)
    text = cast.client("visitor").get(page("organisation_links", cast.sfax)).text
    assert "<summary>together with 41 others</summary>" in text
    assert text.count("together with <a") == 20
    assert cast.client("visitor").get(page("organisation", cast.sfax)).text.count("together with <a") == 8
    for who in ("visitor", "contact", "officer"):
        client = cast.client(who)
        for name in ("organisation", "organisation_links"):
            for record in (cast.sfax, commission):
                with django_assert_max_num_queries(12, info=f"{who} {name} {record}"):
                    assert client.get(page(name, record)).status_code == 200


def test_a_body_nobody_sits_on_says_nothing(cast: Cast) -> None:
    body = make_organisation("Empty", kind="body")
    answer = cast.client("visitor").get(reverse("public:organisation", args=[body.slug, body.public_id]))
    assert answer.context["sitters"] == []
    assert "Who sits on it" not in answer.text


def test_people_on_it_as_of_any_day_are_told_to_the_office_and_their_own_house(
    cast: Cast, commission: Organisation
) -> None:
    let_read(cast)
    amal, berta = (Person.objects.create(organisation=house, name=name) for house, name in (
        (cast.sfax, "Amal"), (cast.amb, "Berta")))  # fmt: skip
    chair = {"organisation": commission, "post": Text.of(en="Chair")}
    Post.objects.create(person=amal, **chair, **dates(since="2018", until="2020"))
    Post.objects.create(person=berta, **chair, **dates(since="2021"))
    Person.objects.create(organisation=commission, name="Chafik", post=Text.of(en="Clerk"), **dates(since="2019-06"))
    Post.objects.create(person=berta, organisation=cast.sfax, post=Text.of(en="Elsewhere"), **dates(since="2019"))

    def told_to(who: str, query: str = "") -> list[tuple[str, str, bool]]:
        shown = cast.client(who).get(page("organisation", commission) + query).context.get("people_on_it", [])
        return [(one.fact.words, str(one.fact.title), one.past) for one in shown]

    now = [("Berta", "Chair", False), ("Chafik", "Clerk", False), ("Amal", "Chair", True)]
    in_2019 = [("Amal", "Chair", False), ("Chafik", "Clerk", False)]
    for who in ("administrator", "officer", "reader"):
        assert (told_to(who), told_to(who, "?on=2019")) == (now, in_2019)
    assert (told_to("officer", "?on=2019-03"), told_to("officer", "?on=2017")) == (in_2019[:1], [])
    assert (told_to("contact"), told_to("contact", "?on=2019")) == (now[2:], in_2019[:1])  # Sfax's own
    assert [told_to(who) for who in ("outsider", "participant", "visitor")] == [[], [], []]
    told_of = {who: cast.client(who).get(page("organisation", commission) + "?on=2019").text for who in EVERYBODY}
    assert {who for who, text in told_of.items() if "Amal" in text} == {"administrator", "officer", "contact"}
    assert {who for who, text in told_of.items() if "Chafik" in text} == {"administrator", "officer"}


def test_the_list_of_people_by_house_and_day(cast: Cast, commission: Organisation) -> None:
    amal, berta, chafik = (Person.objects.create(organisation=cast.sfax, name=name, **when) for name, when in (
        ("Amal", dates(since="2015")), ("Berta", dates(since="2022")), ("Chafik", dates(until="2010"))))  # fmt: skip
    seat = {"organisation": commission, "post": Text.of(en="Chair")}
    Post.objects.create(person=berta, **seat, **dates(since="2018", until="2020"))
    Post.objects.create(person=amal, **seat, **dates(since="2010", until="2014"))
    hidden = make_organisation("Zuhaitz house", visibility="office")
    Post.objects.create(person=chafik, organisation=hidden, post=Text.of(en="Adviser"))

    def listed(who: str, **asked: str) -> list[str]:
        rows = cast.client(who).get(reverse("staff:people"), asked).context["list"].rows
        return [row.record.name for row in rows]

    for who in ("officer", "contact"):
        assert listed(who) == ["Amal", "Berta", "Chafik"]
        assert listed(who, at="mediterranean commission") == ["Amal", "Berta"]
        assert listed(who, at="mediterranean commission", on="2019") == ["Berta"]  # Amal was elsewhere then
        assert listed(who, on="2012") == ["Amal", "Chafik"]  # of what has no dates nobody can tell
        assert listed(who, at="sfax", on="2005") == ["Chafik"]
    assert listed("officer", at="zuhaitz") == ["Chafik"]
    assert listed("contact", at="zuhaitz") == []  # what they may not see is not found by guessing
    assert listed("outsider", on="2019") == []


@pytest.mark.parametrize("many", [1, 9])
def test_questions_do_not_grow_with_the_people(
    cast: Cast, commission: Organisation, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        person = Person.objects.create(organisation=commission, name=f"Person {number}")
        Post.objects.create(person=person, organisation=commission, post=Text.of(en="Chair"))
    client = cast.client("officer")
    for path in (page("organisation", commission), f"{reverse('staff:people')}?at=commission&on=2019"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
