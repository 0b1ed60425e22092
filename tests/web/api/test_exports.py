"""All of it at once: entities their own library takes, a map as the standard has it, written as they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from types import GeneratorType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from followthemoney import model
from followthemoney.proxy import EntityProxy

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Post, WorldLink
from sympolis.office.events.models import Event
from sympolis.web.api import entities, map_features
from sympolis.web.api.entities import key_of
from sympolis.web.api.exports import collection
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation
from tests.web.public.site import KNOWN, Site


def lines(client: Client, path: str = "/api/v1/entities.ftm.json") -> list[dict[str, Any]]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json+ftm")
    written = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return [json.loads(line) for line in written.splitlines()]


def held_to_it(told: dict[str, Any]) -> EntityProxy:
    """The entity as the library reads it: valid, and nothing of it lost in the reading."""
    proxy = model.get_proxy(told, cleaned=False)
    proxy.schema.validate(told)
    for prop in proxy.iterprops():
        assert sorted(proxy.get(prop)) == sorted(told["properties"][prop.name]), (told, prop.name)
    missing = [name for name in proxy.schema.required if not told["properties"].get(name)]
    assert missing == [], told
    return proxy


def test_every_entity_is_valid_and_says_what_the_record_says(cast: Cast, site: Site) -> None:
    org: Any = site.public["organisation"]
    org.website, org.founded_year, org.short_name, org.aliases = "https://h.example/x", 1860, "HL", ["Harbour Light"]
    org.source_url = "https://facts.example/h"
    org.save()
    project: Any = site.public["project"]
    type(project).objects.filter(pk=project.pk).update(budget="1200000.50", acronym="HARBOUR", sdgs=",6,14,")
    event: Any = site.public["event"]
    Event.objects.filter(pk=event.pk).update(place="Sfax, Tunisia")
    found = {told["id"]: held_to_it(told) for told in lines(Client())}
    schemata = {proxy.schema.name for proxy in found.values()}
    assert schemata == {
        "PublicBody", "Organization", "Membership", "UnknownLink", "Project", "ProjectParticipant", "Contract", "Event"
    }  # fmt: skip
    town = found[key_of(org)]
    assert town.schema.name == "PublicBody"
    assert (town.get("name"), town.get("country"), town.get("website")) == (
        [f"{KNOWN} city"], ["tn"], ["https://h.example/x"]
    )  # fmt: skip
    assert sorted(town.get("alias")) == ["HL", "Harbour Light"]
    assert (town.get("incorporationDate"), town.get("keywords")) == (["1860"], ["water"])
    member = found[key_of(site.public["member"])]
    assert (member.schema.name, member.get("member"), member.get("organization")) == (
        "Membership", [key_of(org)], [key_of(site.network)]
    )  # fmt: skip
    twin = found[key_of(site.public["twin"])]
    assert (twin.get("subject"), twin.get("object")) == ([key_of(cast.amb)], [key_of(org)])
    work = found[key_of(project)]
    assert (work.get("startDate"), work.get("endDate"), work.get("status")) == (["2020"], ["2098"], ["ongoing"])
    assert (work.get("amount"), work.get("currency"), work.get("alias")) == (["1200000.50"], ["EUR"], ["HARBOUR"])
    part = found[f"{key_of(project)}-{key_of(cast.amb)}"]
    assert (part.get("project"), part.get("participant"), part.get("role")) == (
        [key_of(project)], [key_of(cast.amb)], ["lead"]
    )  # fmt: skip
    assert found[key_of(event)].get("involved") == [key_of(org)]
    paper = key_of(site.public["agreement"])
    assert {link.first("subject") for link in found.values() if link.get("object", quiet=True) == [paper]} == {
        key_of(cast.amb), key_of(org)
    }  # fmt: skip


def test_whatever_kinds_are_linked_however(cast: Cast) -> None:
    kinds = [term.code for term in vocabulary.terms("kinds")]
    types = [term.code for term in vocabulary.terms("relation_types")]
    for kind in kinds:
        left, right = (make_organisation(f"{side} {kind}", kind=kind) for side in ("Left", "Right"))
        for type_ in types:
            make_relation(left, type_, right)
    found = [held_to_it(told) for told in lines(Client())]
    assert len([one for one in found if one.schema.edge]) == len(kinds) * len(types)


def test_links_lead_to_entities_that_are_told(cast: Cast, site: Site) -> None:
    for who in ("visitor", "officer"):
        told = [held_to_it(one) for one in lines(cast.client(who))]
        known = {proxy.id for proxy in told}
        ends = {end for proxy in told for prop, end in proxy.edgepairs() for end in (prop, end)}
        assert {str(end) for end in ends} <= known


def test_people_are_for_officers(cast: Cast, site: Site) -> None:
    person: Any = site.public["person"]
    held = Post(person=person, organisation=cast.sfax, post=Text.of(en="Harbour master"))
    held.since = PartialDate.parse("2011")
    held.save()
    for who in ("visitor", "contact", "participant", "outsider"):
        assert {one["schema"] for one in lines(cast.client(who))}.isdisjoint({"Person", "Employment"})
    told = {one["id"]: held_to_it(one) for one in lines(cast.client("officer"))}
    assert told[key_of(person)].get("name") == [f"{KNOWN} Person"]
    assert told[key_of(person)].get("notes") == ["Telephone: 555-7711"]
    job = told[f"{key_of(held)}-post"]
    assert (job.get("employee"), job.get("employer"), job.get("startDate")) == (
        [key_of(person)], [key_of(cast.sfax)], ["2011"]
    )  # fmt: skip


def test_examples_are_left_out_and_what_is_unconfirmed_says_so(cast: Cast) -> None:
    make_organisation("Made up", illustrative=True)
    make_organisation("Unsure", confirmed=False)
    told = {one["properties"]["name"][0]: one["properties"] for one in lines(Client())}
    assert "Made up" not in told
    assert told["Unsure"]["notes"] == ["Unconfirmed: nobody has checked it yet."]
    assert "notes" not in told["Sfax"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many organisations came out of the database."""
    made: list[int] = []
    original = Organisation.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: Any, *args: Any, **more: Any) -> Any:
        made.append(1)
        return original(cls, *args, **more)

    monkeypatch.setattr(Organisation, "from_db", classmethod(from_db))
    return made


@pytest.mark.parametrize(
    "begun",
    [
        lambda: entities.entities(AnonymousUser()),
        lambda: collection(map_features.features(AnonymousUser(), ["organisations"])),
    ],
)
def test_an_export_reads_no_further_than_it_writes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, counted: list[int], begun: Callable[[], Any]
) -> None:
    monkeypatch.setattr(entities, "CHUNK", 10)
    for number in range(200):
        make_organisation(f"Town {number:03}", latitude=1.0, longitude=float(number % 90))
    counted.clear()
    found = begun()
    assert isinstance(found, GeneratorType)
    assert counted == []
    assert len(list(islice(found, 5))) == 5
    assert 0 < len(counted) <= 110  # what the database hands over at once, never all
    sum(1 for _line in found)
    assert len(counted) >= 200


def map_of(client: Client, **asked: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/map.geojson", asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
    found: dict[str, Any] = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    return found


def check_geometry(geometry: dict[str, Any]) -> None:
    """RFC 7946, 3.1: positions are longitude and latitude; a line has two or more of them."""
    parts = {
        "Point": lambda told: [[told]],
        "LineString": lambda told: [told],
        "MultiLineString": lambda told: told,
    }[geometry["type"]](geometry["coordinates"])
    for part in parts:
        assert geometry["type"] == "Point" or len(part) >= 2
        for longitude, latitude in part:
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def test_the_map_is_as_the_standard_has_it(cast: Cast, site: Site) -> None:
    org = site.public["organisation"]
    told = map_of(Client())
    assert set(told) == {"type", "features"}
    assert told["type"] == "FeatureCollection"
    for one in told["features"]:
        assert set(one) == {"id", "type", "geometry", "properties"}
        assert one["type"] == "Feature"
        check_geometry(one["geometry"])
    found = {one["id"]: one for one in told["features"]}
    assert len(found) == len(told["features"])
    assert found[org.public_id]["geometry"] == {"type": "Point", "coordinates": [10.2, 36.8]}
    assert found[site.public["twin"].public_id]["geometry"]["coordinates"] == [[2.2, 41.4], [10.2, 36.8]]
    project = site.public["project"].public_id
    line = found[f"{project}-{org.public_id}"]
    assert (line["properties"]["lead"], line["properties"]["partner"]) == (cast.amb.public_id, org.public_id)
    assert {one["geometry"]["type"] for one in map_of(Client(), what="organisations")["features"]} == {"Point"}
    assert map_of(Client(), what="projects")["features"] == [line]
    assert Client().get("/api/v1/map.geojson?what=people").status_code == 422


def test_an_empty_map_is_one_too(cast: Cast) -> None:
    assert map_of(Client()) == {"type": "FeatureCollection", "features": []}


def test_a_line_across_the_end_of_the_map_is_cut(cast: Cast) -> None:
    suva = make_organisation("Suva", latitude=-18.0, longitude=178.0)
    apia = make_organisation("Apia", latitude=-14.0, longitude=-172.0)
    for pair in ((suva, apia), (apia, suva)):
        drawn = map_features.line(*pair, {})["geometry"]
        assert drawn["type"] == "MultiLineString"
        check_geometry(drawn)
        (first, edge), (other_edge, last) = drawn["coordinates"]
        assert [first, last] == [[one.longitude, one.latitude] for one in pair]
        assert edge == [-other_edge[0], other_edge[1]]
        assert edge[1] == -17.2


def test_the_map_asks_as_much_for_many_projects_as_their_number(
    cast: Cast, site: Site, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(20):
        make_project(f"Alone {number}", cast.amb)
    with django_assert_max_num_queries(12):
        map_of(Client(), what="projects")


def test_wikidata_items_are_told_where_they_are_known(cast: Cast) -> None:
    sfax = cast.sfax
    Organisation.objects.filter(pk=cast.amb.pk).update(source="wikidata", source_id="Q1492")
    WorldLink.objects.create(organisation=sfax, world_id="wikidata:Q130958")
    WorldLink.objects.create(organisation=sfax, world_id="facts:sfax-fr")
    WorldLink.objects.create(organisation=sfax, world_id="wikidata:no-item")
    rows = {row["id"]: row["wikidata"] for row in Client().get("/api/v1/organisations").json()["items"]}
    assert (rows[sfax.public_id], rows[cast.amb.public_id]) == (["Q130958"], ["Q1492"])
    Organisation.objects.filter(pk=sfax.pk).update(website="https://sfax.example/")
    said = Client().get(f"/organisation/{sfax.public_id}.jsonld").json()
    assert said["sameAs"] == ["https://sfax.example/", "https://www.wikidata.org/entity/Q130958"]
    [told] = [one for one in lines(Client()) if one["id"] == key_of(sfax)]
    assert held_to_it(told).get("wikidataId") == ["Q130958"]
