"""Examples and what nobody confirmed are shown as such, and stay out of counts, feeds and maps."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from sympolis.office.core.models import Record
from tests.cast import Cast
from tests.web.public.site import KNOWN, Site


def mark(record: Record, **fields: bool) -> None:
    type(record).objects.filter(pk=record.pk).update(**fields)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("organisation", "organisations"), ("project", "projects"), ("call", "calls"), ("event", "events"),
        ("news", "news"), ("plan", "plans"),
    ],
)  # fmt: skip
def test_an_example_is_marked_and_not_counted(cast: Cast, site: Site, kind: str, page: str) -> None:
    client = cast.client("visitor")
    before = client.get(reverse(f"public:{page}"))
    assert "badge-example" not in before.content.decode()
    mark(site.public[kind], illustrative=True)
    after = client.get(reverse(f"public:{page}"))
    assert after.context["listing"].count == before.context["listing"].count - 1
    assert str(site.public[kind]) in after.content.decode()
    assert ("examples besides" in before.content.decode(), "examples besides: 1" in after.content.decode()) == (
        False,
        True,
    )
    assert "badge-example" in after.content.decode()
    assert "badge-example" in client.get(site.public[kind].get_absolute_url()).content.decode()


def test_home_feed_and_sitemap_have_no_examples(cast: Cast, site: Site) -> None:
    for kind in ("project", "event", "news", "call", "organisation"):
        mark(site.public[kind], illustrative=True)
    client = cast.client("visitor")
    for address in (reverse("public:home"), reverse("public:news_feed"), "/sitemap-new.xml", "/sitemap-prj.xml"):
        said = client.get(address).content.decode()
        assert KNOWN not in said
        assert KNOWN.lower() not in said


@pytest.mark.parametrize("fields", [{"confirmed": False}, {"illustrative": True}])
def test_a_relation_nobody_confirmed_stays_off_the_map(cast: Cast, site: Site, fields: dict[str, bool]) -> None:
    client, address = cast.client("visitor"), reverse("public:map_data", kwargs={"public_id": cast.amb.public_id})
    names = {feature["properties"].get("name") for feature in client.get(address).json()["features"]}
    assert names == {"AMB", f"{KNOWN} city", "MedCities", None}
    for kind in ("partner", "twin", "project"):
        mark(site.public[kind], **fields)
    cache.clear()
    names = {feature["properties"].get("name") for feature in client.get(address).json()["features"]}
    assert names == {"AMB", "MedCities", None}
    said = client.get(cast.amb.get_absolute_url()).content.decode()
    assert f"{KNOWN} city" in said
    assert ("badge-unconfirmed" if "confirmed" in fields else "badge-example") in said


def test_lines_of_the_map_say_why(cast: Cast, site: Site) -> None:
    features = cast.client("visitor").get(reverse("public:map_data")).json()["features"]
    lines = {f["properties"]["label"]: f for f in features if f["geometry"]["type"] == "LineString"}
    line = lines[f"Àrea Metropolitana de Barcelona – {KNOWN} city"]
    assert line["geometry"]["coordinates"] == [[2.2, 41.4], [10.2, 36.8]]
    assert line["properties"]["note"] == "partner of · twinned with · 1 shared project"
    assert line["properties"]["strength"] == "strong"
    assert line["properties"]["url"] == site.public["organisation"].get_absolute_url()


def test_the_map_says_when_nothing_changed(cast: Cast, site: Site) -> None:
    client, address = cast.client("visitor"), reverse("public:map_data")
    first = client.get(address, headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_the_map_shows_stands_beside_it(cast: Cast, site: Site) -> None:
    answer = cast.client("visitor").get(reverse("public:home"))
    assert "The links of AMB lead to 2 partners in 1 countries" in answer.content.decode()
    assert [(name, [h.name for h in there]) for name, there in answer.context["reach"].countries] == [
        ("Tunisia", [f"{KNOWN} city"])
    ]
