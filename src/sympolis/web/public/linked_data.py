"""Records as JSON-LD in the words of schema.org; the ``@id`` is the address without language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import Record
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.rich import bare_words
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Agreement, Organisation, Position, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.directory.world.wikidata import wikidata_address, wikidata_ids
from sympolis.office.events.dates import Moments, moments_of, zone_of
from sympolis.office.events.models import Event
from sympolis.office.events.queries import speakers_of
from sympolis.office.planning.models import Action, Plan, Session
from sympolis.office.projects.models import Call, Practice, Project
from sympolis.office.projects.queries import visible_projects
from sympolis.office.publishing.models import NewsItem, Page, Publication
from sympolis.office.publishing.pages.blocks import picture_names
from sympolis.office.publishing.pages.pictures import share_address
from sympolis.office.publishing.publications.enums import PublicationKind
from sympolis.office.publishing.publications.numbers import doi_address
from sympolis.web.public.addresses import identity

type Node = dict[str, Any]

ORGANISATION_TYPES = {
    "city": "GovernmentOrganization",
    "metropolitan-authority": "GovernmentOrganization",
    "region": "GovernmentOrganization",
    "ministry": "GovernmentOrganization",
    "national-agency": "GovernmentOrganization",
    "ngo": "NGO",
    "research": "ResearchOrganization",
}


WORKS = frozenset({"Article", "Book", "CreativeWork", "NewsArticle", "Report", "ScholarlyArticle", "WebPage"})
"""What schema.org has a source and a status for by themselves; of everything else its page has them."""


def linked_data(request: HttpRequest, record: Record) -> Node:
    """The whole document of one record. What is not known is left out; addresses of ours are whole ones."""
    address = request.build_absolute_uri(record.get_absolute_url())
    node: Node = {
        "@context": "https://schema.org",
        "@id": identity(record),
        "url": address,
        **NODES[type(record)](record),
    }
    page = {"isBasedOn": _read_at(record), "creativeWorkStatus": _status(record), **node.pop(PAGE, {})}
    if node["@type"] in WORKS:
        node |= page
    elif any(page.values()):
        node[PAGE] = {"@type": "WebPage", "url": address, **_known(page)}
    whole: Node = _whole(request, _known(node))
    return whole


PAGE = "mainEntityOfPage"


def _status(record: Record) -> str:
    return "Example" if record.illustrative else "" if record.confirmed else "Unconfirmed"


def _read_at(record: Record) -> list[str]:
    """The addresses among what is said of where it was read; names of sources stand there too."""
    return [part for part in re.split(r"[\s;]+", record.source_url) if part.startswith(("http://", "https://"))]


def _known(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in ("", None, [], {})}


OURS = frozenset({"@id", "contentUrl", "image", "logo"})
"""Whose values are addresses on this site."""


def _whole(request: HttpRequest, said: Any, key: str = "") -> Any:
    """The same with whole addresses in the place of those of this site."""
    if isinstance(said, list):
        return [_whole(request, one, key) for one in said]
    if isinstance(said, dict):
        return {name: _whole(request, value, name) for name, value in said.items()}
    return request.build_absolute_uri(said) if key in OURS else said


def named(organisations: Iterable[Organisation]) -> list[Node]:
    """Organisations that another record names; only those a visitor may see are to be given."""
    return [{"@type": type_of(one), "@id": identity(one), "name": one.name} for one in organisations]


def type_of(organisation: Organisation) -> str:
    return ORGANISATION_TYPES.get(organisation.kind, "Organization")


def values(text: Text) -> list[Node]:
    return [{"@language": language, "@value": words} for language, words in text.plain().items()]


def day(value: PartialDate) -> str:
    return str(value)


def amount(value: Decimal | None, currency: str) -> Node:
    if value is None:
        return {}
    return {"@type": "MonetaryAmount", "value": float(value), "currency": currency}


def organisation_node(organisation: Organisation) -> Node:
    place: Node = {}
    if organisation.latitude is not None and organisation.longitude is not None:
        geo = {"@type": "GeoCoordinates", "latitude": organisation.latitude, "longitude": organisation.longitude}
        place = {"@type": "Place", "name": organisation.place or organisation.name, "geo": geo}
    address = {"@type": "PostalAddress", "addressCountry": organisation.country} if organisation.country else {}
    return {
        "@type": type_of(organisation),
        "name": values(organisation.title_text()),
        "alternateName": [name for name in organisation.other_names()[1:] if name],
        "description": values(organisation.description),
        "sameAs": list(dict.fromkeys(filter(None, _same_as(organisation)))),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": one.kind, "value": one.value} for one in organisation.known_as
        ],
        "foundingDate": str(organisation.founded_year or ""),
        "address": address,
        "location": place,
        "logo": organisation.logo.url if organisation.logo else "",
        "parentOrganization": named(visible_organisations(AnonymousUser()).filter(bodies=organisation)),
        "memberOf": named(_belonged_to(organisation)),
        "knowsAbout": list(organisation.themes),
    }


def _belonged_to(organisation: Organisation) -> list[Organisation]:
    """What a visitor knows for certain that it is a member of today."""
    today = Moment.now(timezone.localdate())
    said = visible_relations(AnonymousUser()).filter(
        from_organisation=organisation, type=RelationType.MEMBER_OF, illustrative=False, confirmed=True
    )
    held = [one for one in said.select_related("to_organisation") if _holds(today, one)]
    return sorted({one.to_organisation for one in held}, key=lambda one: (one.sort_key, one.pk))


def _holds(moment: Moment, relation: Relation) -> bool:
    return moment.holds(relation.since, relation.until, relation.attested_on) is Holds.YES


def _same_as(organisation: Organisation) -> Iterator[str]:
    yield organisation.website
    yield from (site.address for site in organisation.sites)
    yield from map(wikidata_address, wikidata_ids(organisation))
    yield from (one.address for one in organisation.known_as)


def project_node(project: Project) -> Node:
    return {
        "@type": "ResearchProject",
        "name": values(project.title),
        "alternateName": project.acronym,
        "description": values(project.summary),
        "foundingDate": day(project.start),
        "dissolutionDate": day(project.end),
        "funding": _grant(project),
        "member": named(visible_organisations(AnonymousUser()).filter(projects=project)),
        "keywords": list(project.themes),
    }


def _grant(project: Project) -> Node:
    """Its money comes from a programme; where only the sum is known, that is said."""
    funder = {"@type": "Organization", "name": project.programme} if project.programme else {}
    return _told({"@type": "MonetaryGrant", "funder": funder, "amount": amount(project.budget, project.currency)})


def practice_node(practice: Practice) -> Node:
    who = visible_organisations(AnonymousUser()).filter(pk=practice.organisation_id).first()
    reachable = {"@type": "ContactPoint", "contactType": practice.contact, "email": practice.mailbox}
    return {
        "@type": "Article",
        "name": values(practice.title),
        "abstract": values(practice.problem),
        "articleBody": [*values(practice.done), *values(practice.results), *values(practice.lessons)],
        "creator": {"@type": "Organization", "name": who.name, "contactPoint": _told(reachable)} if who else {},
        "temporalCoverage": "/".join(part for part in (day(practice.start), day(practice.end)) if part),
        "contentLocation": [
            *([{"@type": "Place", "name": practice.place}] if practice.place else []),
            *({"@type": "Country", "name": code} for code in practice.countries),
        ],
        "citation": practice.evidence_url,
        "keywords": list(practice.themes),
    }


def _told(node: Node) -> Node:
    """What says something besides its type; nothing where it doesn't."""
    told = {key: value for key, value in node.items() if value}
    return told if len(told) > 1 else {}


def call_node(call: Call) -> Node:
    return {
        "@type": "MonetaryGrant",
        "name": values(call.title),
        "description": values(call.summary),
        "funder": {"@type": "Organization", "name": call.programme} if call.programme else {},
        "amount": amount(call.max_grant, call.currency),
        PAGE: {"keywords": list(call.themes), "expires": day(call.closes)},
    }


def event_node(event: Event) -> Node:
    moments = moments_of(event, zone_of(event))
    return {
        "@type": "Event",
        "name": values(event.title),
        "description": values(event.topic),
        "startDate": _moment(moments.begins, moments) if moments else day(event.start),
        "endDate": _moment(moments.ends, moments) if moments and event.until_hour else day(event.end),
        "eventStatus": "https://schema.org/EventCancelled" if event.is_cancelled else "",
        "location": {"@type": "Place", "name": event.place} if event.place else {},
        "inLanguage": list(event.languages),
        "organizer": [
            {"@type": "Organization", "name": one.name}
            for one in visible_organisations(AnonymousUser()).filter(events_organised=event)
        ],
        "performer": [{"@type": "Person", "name": one.name} for one in speakers_of(event)],
        "recordedIn": [
            {"@type": "VideoObject", "url": one.link, "inLanguage": one.language} for one in event.recordings.all()
        ],
    }


def _moment(value: datetime, moments: Moments) -> str:
    """With its distance from universal time, where the hour is known."""
    return value.isoformat() if moments.hours_known else value.date().isoformat()


def session_node(session: Session) -> Node:
    return {
        "@type": "Event",
        "name": values(session.title),
        "startDate": day(session.starts),
        "location": {"@type": "Place", "name": session.place} if session.place else {},
    }


def plan_node(plan: Plan) -> Node:
    return {
        "@type": "CreativeWork",
        "name": values(plan.title),
        "abstract": values(plan.text),
        "temporalCoverage": "/".join(part for part in (day(plan.starts), day(plan.ends)) if part),
    }


def action_node(action: Action) -> Node:
    return {
        "@type": "Action",
        "name": values(action.title),
        "description": values(action.text),
        "startTime": day(action.began) or day(action.starts),
        "endTime": day(action.finished) or day(action.ends),
    }


def agreement_node(agreement: Agreement) -> Node:
    return {
        "@type": "CreativeWork",
        "name": values(agreement.title),
        "contributor": named(visible_organisations(AnonymousUser()).filter(agreements=agreement)),
        "dateCreated": day(agreement.signed),
        "expires": day(agreement.ends),
        "inLanguage": agreement.language,
        "keywords": list(agreement.themes),
    }


def position_node(position: Position) -> Node:
    return {
        "@type": "CreativeWork",
        "name": values(position.title),
        "text": values(position.text),
        "creator": named(visible_organisations(AnonymousUser()).filter(positions=position)),
        "dateCreated": day(position.adopted),
        "keywords": list(position.themes),
    }


PUBLICATION_TYPES = {
    PublicationKind.STUDY: "Report",
    PublicationKind.REPORT: "Report",
    PublicationKind.ARTICLE: "ScholarlyArticle",
    PublicationKind.BOOK: "Book",
}


def publication_node(publication: Publication) -> Node:
    anybody = AnonymousUser()
    kind = PUBLICATION_TYPES.get(PublicationKind(publication.kind), "CreativeWork")
    project = visible_projects(anybody).filter(publications=publication).first()
    known = {"DOI": publication.doi, "ISBN": "" if kind == "Book" else publication.isbn}
    files = visible_documents(anybody).filter(record=publication.public_id)
    return {
        "@type": kind,
        "name": values(publication.title),
        "abstract": values(publication.summary),
        "author": named(visible_organisations(anybody).filter(publications=publication)),
        "creditText": publication.authors,
        "sourceOrganization": (
            {"@type": "ResearchProject", "@id": identity(project), "name": values(project.title)} if project else {}
        ),
        "datePublished": day(publication.published),
        "inLanguage": list(publication.languages),
        "isbn": publication.isbn if kind == "Book" else "",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value} for name, value in known.items() if value
        ],
        "sameAs": [one for one in (publication.link, doi_address(publication.doi)) if one],
        "encoding": [
            {"@type": "MediaObject", "contentUrl": one.get_absolute_url(), "inLanguage": one.language} for one in files
        ],
        "keywords": list(publication.themes),
    }


def news_node(item: NewsItem) -> Node:
    return {
        "@type": "NewsArticle",
        "headline": values(item.title),
        "abstract": values(item.summary),
        "articleBody": values(Text.of(**{code: bare_words(said) for code, said in item.body.plain().items()})),
        "datePublished": item.publishes_at.isoformat() if item.publishes_at else day(item.published),
        "translator": {"@type": "Person", "name": item.translated_by} if item.translated_by else {},
        "image": [share_address(name) for name in picture_names(item.blocks)],
    }


def page_node(page: Page) -> Node:
    return {
        "@type": "WebPage",
        "name": values(page.title),
        "abstract": values(page.summary),
        "inLanguage": list(page.title.plain()),
        "dateModified": page.published_at.isoformat() if page.published_at else "",
        "image": [share_address(name) for name in picture_names(page.blocks)],
    }


NODES: dict[type[Record], Callable[[Any], Node]] = {
    Organisation: organisation_node,
    Project: project_node,
    Practice: practice_node,
    Call: call_node,
    Event: event_node,
    Plan: plan_node,
    Action: action_node,
    Session: session_node,
    Agreement: agreement_node,
    Position: position_node,
    Publication: publication_node,
    NewsItem: news_node,
    Page: page_node,
}
