"""Records as entities of FollowTheMoney, one at a time: what investigators' tools read without being told how.

Its library is not needed to write them; the tests hold each entity to it. Examples are left out, as they are facts of
nobody; what is unconfirmed says so. https://followthemoney.tech/explorer/
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TextIO
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone

from sympolis.engine.texts import vocabulary
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import Record, User
from sympolis.office.core.queries import Reader, reads_office
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Agreement, Organisation, Person, Post, Relation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_people, visible_posts
from sympolis.office.directory.world.wikidata import wikidata_ids
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import stage_on
from sympolis.web.api.lists import CHUNK
from sympolis.web.api.readings import agreements_of, events_of, organisations_of, projects_of, relations_of
from sympolis.web.public.then import at

type Entity = dict[str, Any]

LANGUAGE = "en"  # of the words that say what a link is
SCHEMATA = {
    "city": "PublicBody",
    "metropolitan-authority": "PublicBody",
    "region": "PublicBody",
    "ministry": "PublicBody",
    "national-agency": "PublicBody",
    "intergovernmental": "PublicBody",
    "company": "Company",
}
LINKS = {
    RelationType.MEMBER_OF: ("Membership", "member", "organization"),
    RelationType.SITS_ON: ("Membership", "member", "organization"),
    RelationType.OBSERVER_OF: ("Membership", "member", "organization"),
    RelationType.PRESIDENT_OF: ("Directorship", "director", "organization"),
    RelationType.VICE_PRESIDENT_OF: ("Directorship", "director", "organization"),
    RelationType.SUCCEEDED_BY: ("Succession", "predecessor", "successor"),
}
OTHER_LINK = ("UnknownLink", "subject", "object")
_WEB = re.compile(r"\Ahttps?://[^\s/]+\.[^\s]+\Z")


def entities(reader: Reader, moment: Moment | None = None) -> Iterator[Entity]:
    """All this reader may see, things before the links between them; as of a time where one is asked about."""

    def then(name: str, rows: QuerySet[Any]) -> Iterator[Any]:
        return each(at(name, rows, moment, reader))

    yield from map(organisation_entity, then("organisations", organisations_of(reader)))
    yield from map(relation_entity, then("relations", relations_of(reader)))
    for project in then("projects", projects_of(reader)):
        yield from project_entities(project)
    for agreement in then("agreements", agreements_of(reader)):
        yield from agreement_entities(agreement)
    yield from map(event_entity, then("events", events_of(reader)))
    if reads_office(reader):
        yield from people_entities(reader, moment)


def write_entities(lines: TextIO) -> int:
    """All that officers see, an entity a line, as they are read; how many there are."""
    officer = User(role=SiteRole.OFFICER)  # nobody in person: what an officer may see, whoever asks at the command line
    count = 0
    for one in entities(officer):
        lines.write(line_of(one))
        count += 1
    return count


def line_of(one: Entity) -> str:
    return json.dumps(one, ensure_ascii=False) + "\n"


def each(records: QuerySet[Any]) -> Iterator[Any]:
    """Records a few at a time, however many there are."""
    return records.filter(illustrative=False).iterator(chunk_size=CHUNK)


def entity(key: str, schema: str, **properties: Iterable[Any]) -> Entity:
    """Properties are lists of words; what says nothing is left out."""
    told = {
        name: list(dict.fromkeys(str(one) for one in many if one not in (None, "")))
        for name, many in properties.items()
    }
    return {"id": key, "schema": schema, "properties": {name: many for name, many in told.items() if many}}


def key_of(record: Any) -> str:
    """Its id as the library takes ids: no underscore in them."""
    return str(record.public_id).replace("_", "-")


def words(text: Text) -> list[str]:
    return list(text.plain().values())


def said_of(record: Record) -> dict[str, list[Any]]:
    """What every thing says: where it was read, and when it was saved."""
    return {
        "sourceUrl": web(record.source_url),
        "retrievedAt": [record.retrieved_at],
        "modifiedAt": [record.updated_at.date()],
        "notes": [] if record.confirmed else ["Unconfirmed: nobody has checked it yet."],
    }


def said_of_link(record: Record) -> dict[str, list[Any]]:
    told = said_of(record)
    told["status"] = ["unconfirmed"] if told.pop("notes") else []
    return told


def web(address: str) -> list[str]:
    """An address as its library writes it: with a path, be it the shortest."""
    if not _WEB.match(address):
        return []
    return [address if urlsplit(address).path else f"{address}/"]


def between(begins: PartialDate, ends: PartialDate) -> dict[str, list[str]]:
    return {"startDate": [str(begins)], "endDate": [str(ends)]}


def countries(codes: Iterable[str]) -> list[str]:
    return [code.lower() for code in codes if code]


def organisation_entity(organisation: Organisation) -> Entity:
    names = [organisation.name, *words(organisation.title_text())]
    place = "" if organisation.kind == "body" else organisation.place
    called = organisation.called_names
    known: defaultdict[str, list[str]] = defaultdict(list)
    for one in organisation.known_as:
        known[one.kind].append(one.value)
    return entity(
        key_of(organisation),
        SCHEMATA.get(organisation.kind, "Organization"),
        name=names,
        alias=[organisation.short_name, *organisation.aliases, *(one.name for one in called if not one.is_former)],
        previousName=[one.name for one in called if one.is_former],
        summary=words(organisation.line),
        description=words(organisation.description),
        country=countries([organisation.country]),
        address=[place],
        website=[*web(organisation.website), *(found for one in organisation.sites for found in web(one.address))],
        incorporationDate=[organisation.founded_year],
        classification=[vocabulary.label("kinds", organisation.kind, LANGUAGE)],
        keywords=organisation.themes,
        wikidataId=[*known.get("wikidata", ()), *wikidata_ids(organisation)],
        vatCode=known.get("vat", ()),
        leiCode=known.get("lei", ()),
        registrationNumber=known.get("national", ()),
        idNumber=[f"{kind.upper()} {one}" for kind in ("pic", "ror", "iati") for one in known.get(kind, ())],
        parent=[(getattr(organisation, "seen_parent", None) or "").replace("_", "-")],
        **said_of(organisation),
    )


def relation_entity(relation: Relation) -> Entity:
    schema, left, right = LINKS.get(RelationType(relation.type), OTHER_LINK) if _is_known(relation) else OTHER_LINK
    return entity(
        key_of(relation),
        schema,
        **{left: [key_of(relation.from_organisation)], right: [key_of(relation.to_organisation)]},
        role=[vocabulary.label("relation_types", relation.type, LANGUAGE), relation.role],
        date=[relation.attested_on],
        **between(relation.since, relation.until),
        **said_of_link(relation),
    )


def _is_known(relation: Relation) -> bool:
    return relation.type in RelationType.values


def project_entities(project: Project) -> Iterator[Entity]:
    yield entity(
        key_of(project),
        "Project",
        name=words(project.title),
        alias=[project.acronym],
        summary=words(project.summary),
        program=[project.programme],
        status=[stage_on(project, timezone.localdate()).value],
        country=countries(project.countries),
        amount=[project.budget],
        currency=[project.currency] if project.budget is not None else [],
        keywords=[*project.themes, *(f"SDG {goal}" for goal in project.sdgs)],
        **between(project.start, project.end),
        **said_of(project),
    )
    for part in getattr(project, "seen_parts", ()):
        yield entity(
            f"{key_of(project)}-{key_of(part.organisation)}",
            "ProjectParticipant",
            project=[key_of(project)],
            participant=[key_of(part.organisation)],
            role=[part.role],
        )


def agreement_entities(agreement: Agreement) -> Iterator[Entity]:
    """The paper, and a link from each party to it."""
    yield entity(
        key_of(agreement),
        "Contract",
        title=words(agreement.title),
        name=words(agreement.title),
        type=[vocabulary.label("agreement_kinds", agreement.kind, LANGUAGE)],
        contractDate=[str(agreement.signed)],
        keywords=agreement.themes,
        **said_of(agreement),
    )
    for party in agreement.parties.all():
        yield entity(
            f"{key_of(agreement)}-{key_of(party)}",
            "UnknownLink",
            subject=[key_of(party)],
            object=[key_of(agreement)],
            role=["party"],
            **between(agreement.in_force or agreement.signed, agreement.over),
        )


def event_entity(event: Event) -> Entity:
    return entity(
        key_of(event),
        "Event",
        name=words(event.title),
        summary=words(event.topic),
        location=[event.place],
        organizer=[key_of(one) for one in event.organisers.all()],
        involved=[key_of(one) for one in event.cities.all()],
        **between(event.start, event.end),
        **said_of(event),
    )


def people_entities(reader: Reader, moment: Moment | None) -> Iterator[Entity]:
    """For officers: people who have a name, and the posts they hold and held, or may have held at a time."""
    named = visible_people(reader).exclude(name="").select_related("organisation").order_by("pk")
    for person in each(named):
        yield person_entity(person)
        if moment is None or moment.may_hold(person.since, person.until):
            yield post_entity(person, person)
    held = visible_posts(reader).exclude(person__name="").filter(person__illustrative=False)
    held = at("posts", held, moment, reader)
    for post in each(held.select_related("organisation", "person").order_by("pk")):
        yield post_entity(post, post.person)


def person_entity(person: Person) -> Entity:
    """A telephone is a note: the library takes numbers as the whole world dials them, people write them otherwise."""
    about = said_of(person)
    if person.telephone:
        about["notes"] = [*about["notes"], f"Telephone: {person.telephone}"]
    return entity(
        key_of(person),
        "Person",
        name=[person.name],
        position=words(person.post),
        email=[person.email],
        keywords=person.themes,
        **about,
    )


def post_entity(held: Person | Post, person: Person) -> Entity:
    return entity(
        f"{key_of(held)}-post",
        "Employment",
        employee=[key_of(person)],
        employer=[key_of(held.organisation)],
        role=words(held.post),
        **between(held.since, held.until),
    )
