"""JSON-LD on every public page: of one record, of a list, of the site itself."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import Record
from sympolis.web.public.linked_data import NODES
from sympolis.web.public.page_data import PAGES
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.web.public.site import SECRET, Site

LINK = re.compile(r'<link rel="alternate"\s+type="application/ld\+json"\s+href="([^"]+)"')
# Not pages: what a map draws, a feed, a file.
NO_PAGES = {"map_data", "graph_data", "graph_file", "news_feed", "news_rss", "pages_feed", "pages_rss", "document",
            "plan_data", "events_feed", "events_rss", "events_calendar", "event_calendar", "event_register",
            "event_registered", "plan_report", "plan_widget", "plan_map", "project_map", "plan_comments_data",
            "plan_supports_data"}  # fmt: skip
MORE = {"plan_by": {"way": "goals"}}
OF_KIND = {"project": "project", "call": "call", "event": "event", "plan": "plan", "agreement": "agreement",
           "news_item": "news", "office_page": "office_page", "position": "position", "publication": "publication",
           "practice": "practice",
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


# Of schema.org's terms those that are told, with the types it gives them to (release 16); who inherits from whom.
ABOVE = {
    "GovernmentOrganization": "Organization", "NGO": "Organization", "ResearchOrganization": "Organization",
    "ResearchProject": "Project", "Project": "Organization", "MonetaryGrant": "Grant",
    "Article": "CreativeWork", "ScholarlyArticle": "Article", "Report": "Article", "Book": "CreativeWork",
    "MediaObject": "CreativeWork", "NewsArticle": "Article", "WebSite": "CreativeWork", "WebPage": "CreativeWork",
    "CollectionPage": "WebPage", "SearchResultsPage": "WebPage", "DefinedTermSet": "CreativeWork",
    "VideoObject": "CreativeWork", "SearchAction": "Action", "Country": "Place",
}  # fmt: skip
THINGS = {"@context", "@id", "@type", "name", "description", "alternateName", "identifier", "image", "sameAs", "url",
          "mainEntityOfPage", "potentialAction"}  # fmt: skip
OF_TYPE = {
    "Organization": {"address", "contactPoint", "dissolutionDate", "foundingDate", "funding", "keywords", "knowsAbout",
                     "location", "logo", "member", "memberOf", "parentOrganization"},
    "CreativeWork": {"abstract", "author", "citation", "contentLocation", "contributor", "creativeWorkStatus",
                     "creator", "creditText", "dateCreated", "dateModified", "datePublished", "encoding", "expires",
                     "headline", "inLanguage", "isBasedOn", "isPartOf", "keywords", "mainEntity", "publisher",
                     "sourceOrganization", "temporalCoverage", "text", "translator"},
    "Article": {"articleBody"}, "Book": {"isbn"}, "MediaObject": {"contentUrl"},
    "Event": {"endDate", "eventAttendanceMode", "eventStatus", "funder", "inLanguage", "location", "organizer",
              "performer", "recordedIn", "startDate", "superEvent"},
    "Action": {"startTime", "endTime", "target", "query-input"},
    "Grant": {"funder"}, "MonetaryGrant": {"amount"}, "MonetaryAmount": {"currency", "value"},
    "DefinedTerm": {"inDefinedTermSet", "termCode"}, "ItemList": {"itemListElement", "numberOfItems"},
    "ListItem": {"item", "position"}, "Place": {"geo"}, "GeoCoordinates": {"latitude", "longitude"},
    "PostalAddress": {"addressCountry"}, "PropertyValue": {"propertyID", "value"}, "Person": set(),
    "ContactPoint": {"contactType", "email"}, "EntryPoint": {"urlTemplate"},
}  # fmt: skip
RANGES = {"funding": {"MonetaryGrant"}, "amount": {"MonetaryAmount"}, "mainEntityOfPage": {"WebPage"}}


def held_to_schema_org(said: Any, key: str = "") -> None:
    """Every node is of a type of theirs and says only what such a thing has."""
    if isinstance(said, list):
        for one in said:
            held_to_schema_org(one, key)
    elif isinstance(said, dict) and "@value" in said:
        assert set(said) == {"@language", "@value"}
    elif isinstance(said, dict) and set(said) != {"@id"}:
        known, kind = set(THINGS), said["@type"]
        assert kind in ABOVE or kind in OF_TYPE, kind
        assert kind in RANGES.get(key, {kind}), (key, kind)
        while kind:
            known |= OF_TYPE.get(kind, set())
            kind = ABOVE.get(kind, "")
        assert set(said) <= known, (said["@type"], set(said) - known)
        for name, value in said.items():
            held_to_schema_org(value, name)


def test_what_is_told_are_words_of_schema_org(cast: Cast, site: Site) -> None:
    """Of every kind a record that says all it can, with where it was taken from and that nobody confirmed it."""
    day, more = (
        PartialDate.parse("2024-03-05"),
        {"confirmed": False, "source_url": "geonames ; https://source.example/"},
    )
    kinds: Any = {
        "project": {"budget": 1000, "start": day, "end": day},
        "call": {"max_grant": 1000, "opens": day},
        "practice": {"countries": ("TN",), "mailbox": "unit@example.org", "evidence_url": "https://proof.example/"},
        "event": {"place": "Sfax", "languages": ("fr",), "is_cancelled": True}, "session": {"starts": day},
        "news": {"translated_by": "Laia", "published": day}, "agreement": {"signed": day, "ends": day},
        "plan": {"starts": day}, "action": {"starts": day}, "position": {"adopted": day}, "office_page": {},
        "publication": {"published": day, "doi": "10.1000/182", "isbn": "080442957X", "languages": ("ca",)},
        "organisation": {"website": "https://h.example/", "founded_year": 1860, "logo": "logos/h.png"},
    }  # fmt: skip
    assert {type(site.public[kind]) for kind in kinds} == set(NODES)
    told = {}
    for kind, values in kinds.items():
        record = site.public[kind]
        for name, value in {**values, **more}.items():
            setattr(record, name, value)
        record.save()
        told[kind] = document_of(Client(), record.get_absolute_url())
    for pattern in public_patterns():
        if pattern.name in PAGES:
            told[pattern.name] = document_of(Client(), page_of(pattern, site))
    told["theme"] = document_of(Client(), reverse("public:theme", kwargs={"code": "water"}))
    for document in told.values():
        held_to_schema_org(document)
    page = {"@type": "WebPage", "creativeWorkStatus": "Unconfirmed", "isBasedOn": ["https://source.example/"]}
    assert told["event"]["mainEntityOfPage"] == {**page, "url": told["event"]["url"]}
    assert (told["plan"]["creativeWorkStatus"], "mainEntityOfPage" in told["plan"]) == ("Unconfirmed", False)
    assert told["call"]["mainEntityOfPage"]["expires"] == "2099-05-01"
    assert told["project"]["funding"]["amount"] == {"@type": "MonetaryAmount", "value": 1000.0, "currency": "EUR"}
    assert told["organisation"]["logo"] == "http://testserver/media/logos/h.png"


def test_records_name_those_they_join_as_far_as_a_visitor_sees_them(cast: Cast, site: Site) -> None:
    kept: Any = site.secret["organisation"]
    site.public["agreement"].parties.add(kept)  # type: ignore[attr-defined]
    site.public["position"].signatories.add(kept)  # type: ignore[attr-defined]
    make_relation(site.public["organisation"], "member_of", kept)  # type: ignore[arg-type]
    make_relation(cast.amb, "member_of", site.public["organisation"], confirmed=False)  # type: ignore[arg-type]
    both = [f"http://testserver/organisation/{one.public_id}" for one in (cast.amb, site.public["organisation"])]
    told = {
        kind: document_of(cast.client("officer"), site.public[kind].get_absolute_url())
        for kind in ("agreement", "position", "project", "organisation", "body")
    }
    for kind, name in (("agreement", "contributor"), ("position", "creator"), ("project", "member")):
        assert sorted(one["@id"] for one in told[kind][name]) == sorted(both), kind
    network = f"http://testserver/organisation/{site.network.public_id}"
    assert [one["@id"] for one in told["organisation"]["memberOf"]] == [network]
    assert [one["@id"] for one in told["body"]["parentOrganization"]] == [network]
    ours = document_of(Client(), cast.amb.get_absolute_url())
    assert [one["@id"] for one in ours["memberOf"]] == [network]
