"""The world's projects on an organisation's page: whose, how many, where they were read, and who is asked what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from sympolis.config.home import Home
from sympolis.engine.world import World
from sympolis.office.core.indexing import open_writer
from sympolis.office.directory.world.actions import link_to_world
from tests.cast import Cast
from tests.factories import make_project

AMB = "facts:amb-en"
EVERYBODY = ("visitor", "participant", "contact", "outsider", "officer", "administrator")
OFFICE = ("officer", "administrator")


def world_page(cast: Cast) -> str:
    return reverse("public:organisation_world", args=[cast.amb.slug, cast.amb.public_id])


def test_the_latest_ten_with_role_dates_and_source(cast: Cast, world: Home) -> None:
    link_to_world(cast.officer, cast.amb, AMB)
    for who in EVERYBODY:
        page = cast.client(who).get(cast.amb.get_absolute_url())
        assert [one.acronym for one in page.context["world_projects"]] == [f"WP{at}" for at in range(11, 1, -1)]
        assert page.context["world_count"] == 12
    row = page.text.partition("Water plan 11")[2].partition("</li>")[0]
    assert "World data · projects.example" in row
    assert "Lead partner · 2021 to 2023 · <bdi>Sea Programme</bdi>" in row
    assert "€1,000,000" in row
    assert f'<a href="{world_page(cast)}">All of them' in page.text


def test_all_of_them_are_paged(cast: Cast, world: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolis.web.public.views.organisations.PAGE_LENGTH", 5)
    link_to_world(cast.officer, cast.amb, AMB)
    client = cast.client("visitor")
    page = client.get(world_page(cast), {"page": 3})
    assert [one.acronym for one in page.context["page"]] == ["WP1", "WP0"]
    assert [one.acronym for one in client.get(world_page(cast), {"page": "99"}).context["page"]] == ["WP1", "WP0"]
    none = reverse("public:organisation_world", args=[cast.sfax.slug, cast.sfax.public_id])
    assert "World data knows no project of it" in client.get(none).text


def test_what_the_office_keeps_is_not_shown_twice(cast: Cast, world: Home) -> None:
    link_to_world(cast.officer, cast.amb, AMB)
    make_project("Our water plan", cast.amb, source="facts", source_id="water-11")
    make_project("Hidden plan", cast.amb, source="facts", source_id="water-10", visibility="office")
    page = cast.client("officer").get(cast.amb.get_absolute_url())
    assert (page.context["world_count"], page.text.count("Water plan 11"), page.text.count("Water plan 10")) == (
        10,
        0,
        0,
    )
    page = cast.client("visitor").get(cast.amb.get_absolute_url())  # what one may not see of ours stays the world's
    assert (page.context["world_count"], page.text.count("Hidden plan")) == (11, 0)
    assert page.context["world_projects"][0].acronym == "WP10"
    assert cast.client("officer").get(world_page(cast)).context["page"].paginator.count == 10


def test_only_the_office_is_asked_who_it_is(cast: Cast, world: Home) -> None:
    for who in EVERYBODY:
        page = cast.client(who).get(cast.amb.get_absolute_url())
        assert ("Is this us?" in page.text) is (who in OFFICE)
        assert (reverse("staff:world_of", args=[cast.amb.public_id]) in page.text) is (who in OFFICE)
    link_to_world(cast.officer, cast.amb, AMB)
    assert "Is this us?" not in cast.client("officer").get(cast.amb.get_absolute_url()).text


def test_nobody_is_asked_where_the_world_knows_no_organisation(
    cast: Cast, world: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "has_organisations", lambda _: False)
    assert "Is this us?" not in cast.client("officer").get(cast.amb.get_absolute_url()).text


def test_the_page_of_one_nobody_may_see_is_not_there(cast: Cast, world: Home) -> None:
    link_to_world(cast.officer, cast.amb, AMB)
    cast.amb.visibility = "office"
    cast.amb.save()
    for who in ("visitor", "contact", "participant", "outsider"):
        assert cast.client(who).get(world_page(cast)).status_code == 404
    assert cast.client("officer").get(world_page(cast)).status_code == 200


def test_search_offers_the_office_to_take_it(cast: Cast, world: Home) -> None:
    open_writer().close()
    for who in EVERYBODY:
        page = cast.client(who).get(reverse("public:search"), {"q": "Gothenburg", "kind": "organisation"})
        assert "City of Gothenburg" in page.text
        assert ("office/world/organisation/?id=facts%3Agothenburg" in page.text) is (who in OFFICE)


@pytest.mark.parametrize("who", ["visitor", "officer"])
@pytest.mark.parametrize("linked", [False, True])
def test_it_asks_little(
    cast: Cast, world: Home, who: str, linked: bool, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    if linked:
        link_to_world(cast.officer, cast.amb, AMB)
    client = cast.client(who)
    for address in (cast.amb.get_absolute_url(), world_page(cast)):
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code == 200
