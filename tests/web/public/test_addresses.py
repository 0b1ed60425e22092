"""The id decides; old slugs and merged ids lead on, deleted ones are gone, languages stay on the same page."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from sympolis.office.core.models import RetiredId
from sympolis.office.directory.models import Office
from tests.cast import Cast
from tests.web.public.site import Site

GONE = "org_aaaaaaaaaaaa"


def page(slug: str, public_id: str) -> str:
    return reverse("public:organisation", kwargs={"slug": slug, "public_id": public_id})


def test_a_wrong_slug_leads_to_the_right_one(cast: Cast) -> None:
    answer = cast.client("visitor").get(page("old-name", cast.amb.public_id))
    assert (answer.status_code, answer["Location"]) == (301, cast.amb.get_absolute_url())


def test_an_unknown_id_is_not_found(cast: Cast) -> None:
    answer = cast.client("visitor").get(page("amb", GONE))
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_merged_id_leads_on(cast: Cast) -> None:
    RetiredId.objects.create(public_id=GONE, leads_to=cast.amb.public_id)
    answer = cast.client("visitor").get(page("any", GONE))
    assert (answer.status_code, answer["Location"]) == (301, cast.amb.get_absolute_url())


def test_a_merged_id_does_not_tell_what_is_not_seen(cast: Cast, site: Site) -> None:
    RetiredId.objects.create(public_id=GONE, leads_to=site.secret["organisation"].public_id)
    assert cast.client("visitor").get(page("any", GONE)).status_code == 404


def test_a_deleted_id_is_gone(cast: Cast) -> None:
    RetiredId.objects.create(public_id=GONE)
    answer = cast.client("visitor").get(page("any", GONE))
    assert answer.status_code == 410
    assert "taken away for good" in answer.content.decode()


@pytest.mark.parametrize("kind", ["organisation", "project", "call", "event", "plan", "news", "agreement", "position"])
def test_the_address_without_language(cast: Cast, site: Site, kind: str) -> None:
    record = site.public[kind]
    bare = reverse("identity", kwargs={"kind": record.PAGE.replace("_", "-"), "public_id": record.public_id})
    client = cast.client("visitor")
    to_page = client.get(bare, headers={"accept": "text/html", "accept-language": "fr"})
    assert (to_page.status_code, to_page["Location"]) == (303, record.get_absolute_url().replace("/en/", "/fr/"))
    document = client.get(bare, headers={"accept": "application/ld+json"})
    assert document["Content-Type"] == "application/ld+json"
    said = json.loads(document.content)
    assert said["@id"] == f"http://testserver{bare}"
    assert said == json.loads(client.get(f"{bare}.jsonld").content)
    assert f'href="{bare}.jsonld"' in client.get(record.get_absolute_url()).content.decode()


def test_an_id_is_known_under_its_own_kind_only(cast: Cast) -> None:
    assert cast.client("visitor").get(f"/project/{cast.amb.public_id}").status_code == 404


def test_the_same_page_in_other_languages(cast: Cast, site: Site) -> None:
    said = cast.client("visitor").get(cast.amb.get_absolute_url()).content.decode()
    for code in ("en", "ca", "es", "fr", "ar"):
        assert f'hreflang="{code}"' in said
        assert cast.amb.get_absolute_url().replace("/en/", f"/{code}/") in said
    assert f'<link rel="canonical"\n        href="http://testserver{cast.amb.get_absolute_url()}">' in said


def test_arabic_runs_from_right_to_left_and_other_texts_keep_their_language(cast: Cast, site: Site) -> None:
    address = site.public["organisation"].get_absolute_url().replace("/en/", "/ar/")
    said = cast.client("visitor").get(address).content.decode()
    assert '<html lang="ar"' in said
    assert 'dir="rtl"' in said.split("<head>")[0]
    assert '<span lang="en" dir="ltr">Harbourlight text</span>' in said


def test_the_bare_address_leads_to_the_readers_language(cast: Cast) -> None:
    answer = cast.client("visitor").get("/", headers={"accept-language": "ca"})
    assert (answer.status_code, answer["Location"]) == (302, "/ca/")


@pytest.mark.parametrize(("demo", "first"), [(True, "Disallow: /"), (False, "Disallow: /*/office/")])
def test_robots(cast: Cast, demo: bool, first: str) -> None:
    cast.office.is_demo = demo
    cast.office.save()
    assert cast.client("visitor").get("/robots.txt").content.decode().splitlines()[:2] == ["User-agent: *", first]


def test_the_sitemap_names_every_language(cast: Cast, site: Site) -> None:
    assert b"/sitemap-org.xml" in cast.client("visitor").get("/sitemap.xml").content
    said = cast.client("visitor").get("/sitemap-prj.xml").content.decode()
    for code in ("en", "ca", "es", "fr", "ar"):
        assert site.public["project"].get_absolute_url().replace("/en/", f"/{code}/") in said


@pytest.mark.parametrize("default", ["ca", "es"])
def test_a_language_that_is_not_offered_leads_to_one_that_is(cast: Cast, default: str) -> None:
    """A default that is itself not offered would lead round in circles: then the first that is."""
    Office.objects.update(languages=("ca", "ar"), default_language=default)
    client, here = cast.client("visitor"), cast.amb.get_absolute_url()
    for asked, status in (("es", 302), ("en", 302), ("ar", 200), ("ca", 200)):
        answer = client.get(here.replace("/en/", f"/{asked}/") + "?tab=about")
        leads_to = here.replace("/en/", "/ca/") + "?tab=about" if status == 302 else None
        assert (answer.status_code, answer.get("Location")) == (status, leads_to)
    assert client.get("/es/account/login/").status_code == 200


def test_the_sitemap_names_no_language_that_is_not_offered(cast: Cast, site: Site) -> None:
    Office.objects.update(languages=("ca", "ar"), default_language="ca")
    said = "".join(cast.client("visitor").get(f"/sitemap-{name}.xml").content.decode() for name in ("prj", "pages"))
    assert {code for code in ("en", "ca", "es", "fr", "ar") if f"/{code}/" in said} == {"ca", "ar"}
