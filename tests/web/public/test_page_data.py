"""JSON-LD on every public page: of one record, of a list, of the site itself."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from sympolis.office.core.models import Record
from tests.cast import Cast
from tests.factories import make_organisation
from tests.web.public.site import SECRET, Site

LINK = re.compile(r'<link rel="alternate"\s+type="application/ld\+json"\s+href="([^"]+)"')
# Not pages: what a map draws, a feed, a file.
NO_PAGES = {"map_data", "graph_data", "news_feed", "news_rss", "document", "plan_data", "events_feed", "events_rss",
            "events_calendar", "event_calendar", "event_register", "event_registered", "plan_report", "plan_widget",
            "plan_map", "project_map", "plan_comments_data", "plan_supports_data"}  # fmt: skip
MORE = {"plan_by": {"way": "goals"}}
OF_KIND = {"project": "project", "call": "call", "event": "event", "plan": "plan", "agreement": "agreement",
           "news_item": "news", "office_page": "office_page", "position": "position", "practice": "practice",
           "session": "session",
           "action": "action", "plan_by": "plan", "plan_versions": "plan"}  # fmt: skip


def public_patterns() -> list[URLPattern]:
    found: list[URLPattern] = []

    def walk(patterns: Any, space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                found.extend([pattern] if space == "public" else [])
            else:
                walk(pattern.url_patterns, pattern.namespace or space)

    walk(get_resolver().url_patterns, "")
    return found


def page_of(pattern: URLPattern, site: Site) -> str:
    """The address of a page, of the records that are seen."""
    name = pattern.name or ""
    if "public_id" not in str(pattern.pattern):
        return reverse(f"public:{name}", kwargs={"code": "water"} if "code" in str(pattern.pattern) else {})
    record: Record = site.public[OF_KIND[name]] if name in OF_KIND else site.network
    return reverse(f"public:{name}", kwargs={"slug": record.slug, "public_id": record.public_id, **MORE.get(name, {})})


def document_of(client: Client, page: str) -> dict[str, Any]:
    """The JSON-LD a page leads to."""
    answer = client.get(page)
    assert answer.status_code == 200, page
    found = LINK.findall(answer.content.decode())
    assert len(found) == 1, page
    document = client.get(found[0])
    assert (document.status_code, document["Content-Type"]) == (200, "application/ld+json"), page
    told: dict[str, Any] = json.loads(document.content)
    return told


def test_every_public_page_leads_to_its_data(cast: Cast, site: Site) -> None:
    client, told = Client(), {}
    for pattern in public_patterns():
        if pattern.name not in NO_PAGES and not (pattern.name or "").startswith(("comment", "voices_", "letter_")):
            told[pattern.name] = document_of(client, page_of(pattern, site))
    assert len(told) >= 24
    for name, document in told.items():
        assert document["@context"] == "https://schema.org", name
        assert document["@id"].startswith("http://testserver/"), name
        assert document["@type"], name
        assert document["url"], name
        assert SECRET not in json.dumps(document), name
    types = {name: told[name]["@type"] for name in ("home", "projects", "theme", "themes", "project", "organisation")}
    assert types == {
        "home": "WebSite", "projects": "CollectionPage", "theme": "DefinedTerm", "themes": "DefinedTermSet",
        "project": "ResearchProject", "organisation": "Organization",
    }  # fmt: skip


def test_the_site_says_whose_it_is_and_how_it_is_searched(cast: Cast, site: Site) -> None:
    told = document_of(Client(), reverse("public:home"))
    assert told["publisher"]["@id"] == f"http://testserver/organisation/{cast.amb.public_id}"
    assert told["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={q}")
    assert told["inLanguage"] == ["en", "ca", "es", "fr", "ar"]
    assert told["name"] == [{"@language": "en", "@value": "International Relations"}]
    cast.amb.visibility = "office"
    cast.amb.save()
    assert "publisher" not in document_of(Client(), reverse("public:home"))


@pytest.mark.parametrize("who", ["visitor", "officer"])
def test_a_list_names_what_a_visitor_sees_of_what_is_real(cast: Cast, site: Site, who: str) -> None:
    make_organisation("Made up", illustrative=True)
    make_organisation("Unsure", confirmed=False)
    told = document_of(cast.client(who), reverse("public:organisations"))
    names = {one["@language"]: one["@value"] for one in told["name"]}
    assert (names["ca"], names["fr"]) == ("Organitzacions", "Organisations")
    items = told["mainEntity"]
    assert items["numberOfItems"] == len(items["itemListElement"]) == 6
    assert items["itemListElement"][0]["item"]["@id"].startswith("http://testserver/organisation/org_")


def test_no_other_pages_are_made_up(cast: Cast) -> None:
    for path in ("/page/theme.jsonld", "/page/nothing.jsonld", "/theme/nothing.jsonld"):
        assert Client().get(path).status_code == 404
