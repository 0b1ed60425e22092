"""Who sits on a body, on its page and as of any day; and with whom an organisation sits there, on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.directory.models import Organisation
from tests.cast import Cast
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
