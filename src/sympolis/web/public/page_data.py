"""Pages that are not of one record as JSON-LD: the site itself, its lists with what stands first in them, its themes.

They tell what a visitor sees of what is real and confirmed, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, override

from sympolis.engine.texts import vocabulary
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import NETWORK_KINDS
from sympolis.office.directory.models import Office, Organisation
from sympolis.office.directory.queries import visible_organisations, visible_positions
from sympolis.office.events.queries import recorded_events, visible_events
from sympolis.office.planning.queries import visible_plans
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.office.publishing.pages.queries import visible_pages
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.addresses import identity
from sympolis.web.public.linked_data import Node, values
from sympolis.web.public.lists import PAGE_LENGTH


def visible_networks(user: Reader) -> QuerySet[Organisation]:
    return visible_organisations(user).filter(kind__in=NETWORK_KINDS)


@dataclass(frozen=True, slots=True)
class PageData:
    """A page: what it is called, what it is in the words of schema.org, and what it lists."""

    name: str
    type: str = "CollectionPage"
    lists: Callable[[Reader], QuerySet[Any]] | None = None


PAGES: dict[str, PageData] = {
    "home": PageData("", "WebSite"),
    "organisations": PageData(gettext_noop("Organisations"), lists=visible_organisations),
    "networks": PageData(gettext_noop("Networks"), lists=visible_networks),
    "projects": PageData(gettext_noop("Projects"), lists=visible_projects),
    "practices": PageData(gettext_noop("Practices"), lists=visible_practices),
    "calls": PageData(gettext_noop("Calls"), lists=visible_calls),
    "events": PageData(gettext_noop("Events"), lists=visible_events),
    "recordings": PageData(gettext_noop("Recordings"), lists=recorded_events),
    "plans": PageData(gettext_noop("Plans"), lists=visible_plans),
    "positions": PageData(gettext_noop("Positions"), lists=visible_positions),
    "publications": PageData(gettext_noop("Publications"), lists=visible_publications),
    "graph": PageData(gettext_noop("Who is linked to whom"), "WebPage"),
    "news": PageData(gettext_noop("News"), lists=visible_news),
    "pages": PageData(gettext_noop("Pages"), lists=visible_pages),
    "newsletter": PageData(gettext_noop("Newsletter"), "WebPage"),
    "themes": PageData(gettext_noop("Themes"), "DefinedTermSet"),
    "search": PageData(gettext_noop("Search"), "SearchResultsPage"),
    "credits": PageData(gettext_noop("Sources and credits"), "WebPage"),
    "legal": PageData(gettext_noop("Legal notice and accessibility"), "WebPage"),
}


def page_node(request: HttpRequest, name: str, office: Office | None) -> Node:
    """The document of one page."""
    page, languages = PAGES[name], _languages(office)
    node: Node = {
        "@context": "https://schema.org",
        "@id": request.build_absolute_uri(reverse("page_data", kwargs={"name": name})),
        "@type": page.type,
        "url": _addresses(request, name, languages),
        "inLanguage": languages,
    }
    if name == "home":
        return {**node, **_site(request, office)}
    node |= {"name": _in_each(page.name, languages), "isPartOf": _part_of(request)}
    if page.lists:
        node["mainEntity"] = _listed(request, page.lists(AnonymousUser()))
    return node


def theme_node(request: HttpRequest, code: str, office: Office | None) -> Node:
    """A theme as a term of ours, in the languages of the site."""
    languages = _languages(office)
    return {
        "@context": "https://schema.org",
        "@id": request.build_absolute_uri(reverse("theme_data", kwargs={"code": code})),
        "@type": "DefinedTerm",
        "termCode": code,
        "name": [
            {"@language": one, "@value": vocabulary.label("themes", code, one)} for one in languages
        ],
        "url": _addresses(request, "theme", languages, code=code),
        "inDefinedTermSet": request.build_absolute_uri(reverse("page_data", kwargs={"name": "themes"})),
    }  # fmt: skip


def _languages(office: Office | None) -> list[str]:
    return list(office.languages) if office and office.languages else ["en"]


def _addresses(request: HttpRequest, name: str, languages: list[str], **about: str) -> list[str]:
    found = []
    for one in languages:
        with override(one):
            found.append(request.build_absolute_uri(reverse(f"public:{name}", kwargs=about)))
    return found


def _in_each(words: str, languages: list[str]) -> list[Node]:
    found = []
    for one in languages:
        with override(one):
            found.append({"@language": one, "@value": gettext(words)})
    return found


def _part_of(request: HttpRequest) -> Node:
    return {"@type": "WebSite", "@id": request.build_absolute_uri(reverse("page_data", kwargs={"name": "home"}))}


def _site(request: HttpRequest, office: Office | None) -> Node:
    """The site, whose it is, and how it is searched."""
    node: Node = {"name": values(office.name) if office else [], "description": values(office.about) if office else []}
    whose = office.organisation_id if office else None
    ours = visible_organisations(AnonymousUser()).filter(pk=whose).first() if whose is not None else None
    if ours is not None:
        node["publisher"] = {
            "@type": "Organization",
            "@id": request.build_absolute_uri(identity(ours)),
            "name": ours.name,
        }
    question = request.build_absolute_uri(reverse("public:search")) + "?q={q}"
    node["potentialAction"] = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": question},
        "query-input": "required name=q",
    }
    return {key: value for key, value in node.items() if value}


def _listed(request: HttpRequest, records: QuerySet[Any]) -> Node:
    real = records.filter(illustrative=False, confirmed=True)
    return {
        "@type": "ItemList",
        "numberOfItems": real.order_by().count(),
        "itemListElement": [
            {"@type": "ListItem", "position": place, "item": {"@id": request.build_absolute_uri(identity(record))}}
            for place, record in enumerate(real.only("slug", "public_id")[:PAGE_LENGTH], 1)
        ],
    }
