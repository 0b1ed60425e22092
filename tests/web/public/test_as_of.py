"""Pages as of another time, and what changed in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Organisation
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation

EVERYBODY = ["visitor", "outsider", "participant", "contact", "officer", "administrator"]


def dates(**written: str) -> dict[str, date | None]:
    found: dict[str, date | None] = {}
    for name, words in written.items():
        day = PartialDate.parse(words)
        found |= {f"{name}_earliest": day.earliest, f"{name}_latest": day.latest}
    return found


def page(name: str, record: Record) -> str:
    return reverse(f"public:{name}", kwargs={"slug": record.slug, "public_id": record.public_id})


@pytest.fixture
def network(cast: Cast) -> Organisation:
    """A network whose members came and went; AMB presides it since 2020, before that Rabat did."""
    network = make_organisation("MedNet", slug="mednet", kind="city-network")
    for name, since, until in (("Oran", "2010", "2017"), ("Split", "2018", ""), ("Tirana", "", "")):
        member = make_organisation(name, slug=name.lower(), country="HR", latitude=43.5, longitude=16.4)
        make_relation(member, "member_of", network, **dates(since=since, until=until))
    make_relation(cast.amb, "president_of", network, **dates(since="2020-01-01"))
    make_relation(
        make_organisation("Larnaka"), "president_of", network, **dates(since="2016-01-01", until="2019-12-31")
    )
    hidden = make_organisation("Hidden City", slug="hidden", visibility="office")
    make_relation(hidden, "member_of", network, **dates(since="2010"))
    return network


def test_the_president_of_2019(cast: Cast, network: Organisation) -> None:
    then = cast.client("visitor").get(page("organisation", network) + "?on=2019").content.decode()
    assert "Larnaka" in then
    assert "Àrea Metropolitana" not in then
    now = cast.client("visitor").get(page("organisation", network)).content.decode()
    assert "As it was" not in now
    assert "Àrea Metropolitana" in now


@pytest.mark.parametrize(
    ("on", "there", "missing", "unsure"),
    [("2012", {"Oran", "Tirana"}, {"Split"}, 1), ("2019-06", {"Split", "Tirana"}, {"Oran"}, 1), ("", set(), set(), 0)],
)
def test_members_as_of(
    cast: Cast, network: Organisation, on: str, there: set[str], missing: set[str], unsure: int
) -> None:
    found = cast.client("visitor").get(page("network_members", network) + f"?on={on}").content.decode()
    body = found[found.index("<main") :]
    assert all(name in body for name in there)
    assert not any(name in body for name in missing)
    # The word stands once in the explanation, and once for each whose dates leave it open.
    assert body.count("perhaps") == (unsure + 1 if on else 0)


def test_the_map_draws_the_members_of_then(cast: Cast, network: Organisation) -> None:
    address = reverse("public:map_data", args=[network.public_id])
    names = [
        {feature["properties"]["name"] for feature in cast.client("visitor").get(address + on).json()["features"]}
        for on in ("", "?on=2012")
    ]
    assert names == [{"Split", "Tirana"}, {"Oran", "Tirana"}]


def test_links_carry_the_date_on(cast: Cast, network: Organisation) -> None:
    make_relation(network, "partner_of", make_organisation("A bank"), **dates(since="2010"))
    found = cast.client("visitor").get(page("organisation", network) + "?on=03/2012").content.decode()
    for name in ("network_members", "alliances"):
        assert f'{page(name, network)}?on=2012-03"' in found
    assert f'data-src="{reverse("public:map_data", args=[network.public_id])}?on=2012-03"' in found


@pytest.mark.parametrize("name", ["organisation", "organisation_links", "network_members", "alliances"])
def test_what_is_no_date_is_said_and_the_page_stays_at_today(cast: Cast, network: Organisation, name: str) -> None:
    answer = cast.client("visitor").get(page(name, network), {"on": "<b>soon</b>"})
    found = answer.content.decode()
    assert answer.status_code == 200
    assert "“&lt;b&gt;soon&lt;/b&gt;” is no date. Write a year (2019)" in found
    assert "As it was" not in found
    assert "<b>soon" not in found


def test_work_and_agreements_of_another_time(cast: Cast) -> None:
    make_project("Later", cast.amb, **dates(start="2022"))
    make_project("Earlier", cast.amb, **dates(start="2015", end="2016"))
    for title, signed, ends in (("Old pact", "2001", "2005"), ("Long pact", "2003", ""), ("New pact", "2020", "")):
        pact = Agreement.objects.create(title=Text.of(en=title), **dates(signed=signed, ends=ends))
        pact.parties.add(cast.amb, cast.sfax)
    then = cast.client("visitor").get(page("organisation", cast.amb) + "?on=2016").content.decode()
    assert [name in then for name in ("Later", "Earlier", "Old pact", "Long pact", "New pact")] == [
        False, True, False, True, False,
    ]  # fmt: skip
    now = cast.client("visitor").get(page("organisation", cast.amb)).content.decode()
    assert all(name in now for name in ("Later", "Old pact", "Long pact", "New pact"))


def changes(cast: Cast, network: Organisation, who: str = "visitor", **asked: str) -> list[tuple[Any, ...]]:
    answer = cast.client(who).get(page("organisation_changes", network), asked)
    assert answer.status_code == 200
    return [(str(each.day), str(each.title), each.began, each.is_sure) for each in answer.context["changes"]]


def test_what_changed_since_then(cast: Cast, network: Organisation) -> None:
    assert changes(cast, network, since="2016", until="2020") == [
        ("2020-01-01", "Àrea Metropolitana de Barcelona", True, True),
        ("2019-12-31", "Larnaka", False, True),
        ("2018", "Split", True, True),
        ("2017", "Oran", False, True),
    ]
    assert changes(cast, network, since="2017-06", until="2018-06") == [
        ("2018", "Split", True, False),
        ("2017", "Oran", False, False),
    ]
    assert changes(cast, network, since="2020", until="2021") == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_not_see_a_member_does_not_see_it_come(cast: Cast, network: Organisation, who: str) -> None:
    found = [title for _, title, _, _ in changes(cast, network, who, since="2009", until="2011")]
    assert ("Hidden City" in found) is (who in {"officer", "administrator"})
    for name in ("network_members", "organisation", "organisation_links"):
        text = cast.client(who).get(page(name, network) + "?on=2012").content.decode()
        assert ("Hidden City" in text) is (name == "network_members" and who in {"officer", "administrator"})


def test_an_end_before_the_beginning_is_refused(cast: Cast, network: Organisation) -> None:
    answer = cast.client("visitor").get(page("organisation_changes", network), {"since": "2020", "until": "2019"})
    assert "It ends before it begins. Write a later date." in answer.content.decode()


@pytest.mark.parametrize("name", ["organisation", "organisation_links", "network_members", "alliances"])
def test_another_time_asks_no_more(
    cast: Cast, network: Organisation, name: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("officer")
    for number in range(2):
        for at in range(20 * number):
            city = make_organisation(f"City {number} {at}")
            make_relation(city, "member_of", network, **dates(since="2012"))
            make_relation(network, "partner_of", city, **dates(since="2012"))
        for address in (page(name, network) + "?on=2016", page("organisation_changes", network) + "?since=2009"):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200
