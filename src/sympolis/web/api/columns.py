"""What the API says of each record: its own words and where they came from, never what is private to the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from sympolis.office.core.models import Record
from sympolis.office.directory.details import Signature
from sympolis.office.directory.models import Agreement, Organisation, Position, Relation
from sympolis.office.directory.world.wikidata import wikidata_ids
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Call, Need, Practice, Project
from sympolis.office.projects.queries import stage_on
from sympolis.office.projects.running.queries import running_of
from sympolis.office.publishing.models import Publication
from sympolis.web.api.versions import version_of

type Row = dict[str, Any]


class RecordOut(Schema):
    """What every record carries. Dates are as precise as known: ``2019``, ``2019-03`` or ``2019-03-14``."""

    id: str = Field(examples=["org_a2b3c4d5e6f7"])
    version: str = Field(description="Changes with every saving; who changes or removes it sends it as If-Match")
    url: str = Field("", description="Its page; empty for what is read on the page of what it belongs to")
    source: str
    source_url: str
    retrieved_at: date | None
    confirmed: bool = Field(description="false: nobody has checked it yet")
    illustrative: bool = Field(description="true: an example, made up to show how things work")


class NameOut(Schema):
    kind: str
    language: str
    since: str
    until: str
    name: str
    source_url: str


class SiteOut(Schema):
    kind: str
    language: str
    address: str


class IdentifierOut(Schema):
    kind: str
    value: str


class OrganisationOut(RecordOut):
    name: str
    name_language: str
    names: dict[str, str]
    short_name: str
    aliases: list[str]
    kind: str
    part_of: str
    country: str
    place: str
    latitude: float | None
    longitude: float | None
    population: int | None
    website: str
    logo: str = Field(description="The address of a picture on this site; empty where there is none")
    websites: list[SiteOut] = Field(description="Its other sites, by what they are about and in which language")
    former_names: list[NameOut] = Field(description="Former names, and names in other languages and scripts")
    identifiers: list[IdentifierOut] = Field(description="What others know it by: PIC, ROR, VAT number, LEI")
    wikidata: list[str] = Field(description="Its items there, where world data or an import knows them: Q1492")
    founded_year: int | None
    themes: list[str]
    line: dict[str, str]
    description: dict[str, str]


class RelationOut(RecordOut):
    from_id: str
    from_name: str
    type: str
    to_id: str
    to_name: str
    role: str
    since: str
    until: str
    attested_on: date | None


class PartOut(Schema):
    organisation: str
    role: str
    money: Decimal | None


class StepOut(Schema):
    title: dict[str, str]
    kind: str = Field(description="milestone or deliverable")
    due: date | None
    done_on: date | None


class ReachedOut(Schema):
    title: dict[str, str]
    level: str = Field(description="output, outcome or impact; empty where nobody said")
    unit: str
    starts: date | None = Field(description="Of the stretch of time it is for; empty: the whole project")
    ends: date | None
    baseline: Decimal | None
    target: Decimal | None
    reached: Decimal | None
    measured_on: date | None


class ProjectOut(RecordOut):
    title: dict[str, str]
    acronym: str
    summary: dict[str, str]
    programme: str
    start: str
    end: str
    stage: str
    budget: Decimal | None
    currency: str
    countries: list[str]
    themes: list[str]
    sdgs: list[str]
    website: str
    lead: list[str]
    partners: list[str]
    participations: list[PartOut] = Field(description="In CSV as organisation/role/money")
    results: dict[str, str]
    milestones: list[StepOut] = Field(description="Those that everybody may see")
    indicators: list[ReachedOut] = Field(description="Those that everybody may see")


class CallOut(RecordOut):
    title: dict[str, str]
    summary: dict[str, str]
    programme: str
    gives: str = Field(description="grant, cascade, prize, tender, help; empty: not known")
    opens: str
    closes: str
    eligible_countries: list[str] = Field(description="empty: not known")
    eligible_kinds: list[str] = Field(description="empty: not known")
    themes: list[str]
    max_grant: Decimal | None
    currency: str
    cofinancing_rate: Decimal | None


class EventOut(RecordOut):
    title: dict[str, str]
    topic: dict[str, str]
    start: str
    end: str
    place: str
    languages: list[str]
    speakers: str
    organisers: list[str]
    cities: list[str] = Field(description="who took part")
    kind: str
    from_hour: str = Field(description="by the clock of time_zone")
    until_hour: str
    time_zone: str = Field(description="empty: the office's")
    is_cancelled: bool
    edition_of: str = Field(description="the first edition, in another language")
    invited: list[str]
    partners: list[str]
    funders: list[str]


class NeedOut(RecordOut):
    organisation: str
    stage: str = Field(description="need, priority or offer")
    title: dict[str, str]
    text: dict[str, str]
    themes: list[str]


class PracticeOut(RecordOut):
    organisation: str
    project: str = Field(description="The project it came from, where the reader may see it")
    title: dict[str, str]
    problem: dict[str, str]
    done: dict[str, str]
    results: dict[str, str]
    lessons: dict[str, str]
    evidence: dict[str, str]
    evidence_url: str
    cost: Decimal | None
    currency: str
    start: str
    end: str
    place: str
    countries: list[str]
    themes: list[str]
    sdgs: list[str]
    contact: str
    mailbox: str


class PublicationOut(RecordOut):
    title: dict[str, str]
    kind: str = Field(description="study, report, article, book, guide or other")
    summary: dict[str, str]
    bodies: list[str] = Field(description="The organisations whose it is, of those the reader may see")
    authors: str = Field(description="Names as they stand on it")
    project: str = Field(description="The project it came from, where the reader may see it")
    published: str
    languages: list[str]
    themes: list[str]
    link: str
    isbn: str
    doi: str


class SignatureOut(Schema):
    party: str
    post: str
    on: str


class AgreementOut(RecordOut):
    title: dict[str, str]
    kind: str
    parties: list[str]
    language: str
    signed: str
    in_force: str
    ends: str
    renewal: str = Field(description="On its last day: ends, automatic, or empty where nobody knows")
    notice_months: int | None
    signatures: list[SignatureOut] = Field(description="Who signed for which party: names are the office's own")
    renewed_by: str
    themes: list[str]


class PositionOut(RecordOut):
    title: dict[str, str]
    text: dict[str, str]
    signatories: list[str]
    addressed_to: str
    adopted: str
    themes: list[str]
    outcome: dict[str, str]


def about(record: Record) -> Row:
    return {
        "id": record.public_id,
        "version": version_of(record),
        "url": record.get_absolute_url() if record.PAGE else "",
        "source": record.source,
        "source_url": record.source_url,
        "retrieved_at": record.retrieved_at,
        "confirmed": record.confirmed,
        "illustrative": record.illustrative,
    }


def organisation_row(organisation: Organisation) -> Row:
    own = (
        "name", "name_language", "short_name", "aliases", "kind", "country", "place", "latitude", "longitude",
        "population", "website", "founded_year",
    )  # fmt: skip
    return {
        **about(organisation),
        **{name: getattr(organisation, name) for name in own},
        "names": organisation.title_text().plain(),
        "logo": organisation.logo.url if organisation.logo else "",
        "websites": [asdict(one) for one in organisation.sites],
        "former_names": [
            {**asdict(one), "since": str(one.since), "until": str(one.until)} for one in organisation.called_names
        ],
        "identifiers": [asdict(one) for one in organisation.known_as],
        "wikidata": wikidata_ids(organisation),
        "part_of": getattr(organisation, "seen_parent", "") or "",
        "themes": list(organisation.themes),
        "line": organisation.line.plain(),
        "description": organisation.description.plain(),
    }


def relation_row(relation: Relation) -> Row:
    return {
        **about(relation),
        "from_id": relation.from_organisation.public_id,
        "from_name": relation.from_organisation.name,
        "type": relation.type,
        "to_id": relation.to_organisation.public_id,
        "to_name": relation.to_organisation.name,
        "role": relation.role,
        "since": str(relation.since),
        "until": str(relation.until),
        "attested_on": relation.attested_on,
    }


def project_row(project: Project, today: date) -> Row:
    parts = getattr(project, "seen_parts", [])
    tells_money = "money_visibility" not in project.withheld
    return {
        **about(project),
        "title": project.title.plain(),
        "acronym": project.acronym,
        "summary": project.summary.plain(),
        "programme": project.programme,
        "start": str(project.start),
        "end": str(project.end),
        "stage": stage_on(project, today).value,
        "budget": project.budget,
        "currency": project.currency,
        "countries": list(project.countries),
        "themes": list(project.themes),
        "sdgs": list(project.sdgs),
        "website": project.website,
        "lead": ids([part.organisation for part in parts if part.role == "lead"]),
        "partners": ids([part.organisation for part in parts if part.role != "lead"]),
        "participations": [
            {
                "organisation": part.organisation.public_id,
                "role": part.role,
                "money": part.money if tells_money else None,
            }
            for part in parts
        ],
        "results": running_of(project).results.plain(),
        "milestones": [
            {**_own(one, "kind", "due", "done_on"), "title": one.title.plain()}
            for one in getattr(project, "seen_milestones", ())
        ],
        "indicators": [
            {
                **_own(one, "level", "unit", "starts", "ends", "baseline", "target", "reached", "measured_on"),
                "title": one.title.plain(),
            }
            for one in getattr(project, "seen_indicators", ())
        ],
    }


def _own(entry: Any, *names: str) -> Row:
    return {name: getattr(entry, name) for name in names}


def call_row(call: Call) -> Row:
    return {
        **about(call),
        "title": call.title.plain(),
        "summary": call.summary.plain(),
        "programme": call.programme,
        "gives": call.gives,
        "opens": str(call.opens),
        "closes": str(call.closes),
        "eligible_countries": list(call.eligible_countries),
        "eligible_kinds": list(call.eligible_kinds),
        "themes": list(call.themes),
        "max_grant": call.max_grant,
        "currency": call.currency,
        "cofinancing_rate": call.cofinancing_rate,
    }


def event_row(event: Event) -> Row:
    return {
        **about(event),
        "title": event.title.plain(),
        "topic": event.topic.plain(),
        "start": str(event.start),
        "end": str(event.end),
        "place": event.place,
        "languages": list(event.languages),
        "speakers": event.speakers,
        "organisers": ids(event.organisers.all()),
        "cities": ids(event.cities.all()),
        "kind": event.kind,
        "from_hour": event.from_hour.strftime("%H:%M") if event.from_hour else "",
        "until_hour": event.until_hour.strftime("%H:%M") if event.until_hour else "",
        "time_zone": event.time_zone,
        "is_cancelled": event.is_cancelled,
        "edition_of": getattr(event, "seen_edition", "") or "",
        "invited": listed_ids(event, "invited"),
        "partners": listed_ids(event, "partners"),
        "funders": listed_ids(event, "funders"),
    }


def need_row(need: Need) -> Row:
    return {
        **about(need),
        "organisation": need.organisation.public_id,
        "stage": need.stage,
        "title": need.title.plain(),
        "text": need.text.plain(),
        "themes": list(need.themes),
    }


def practice_row(practice: Practice) -> Row:
    texts = ("title", "problem", "done", "results", "lessons", "evidence")
    own = ("evidence_url", "cost", "currency", "place", "contact", "mailbox")
    return {
        **about(practice),
        "organisation": getattr(practice, "seen_organisation", "") or "",
        "project": getattr(practice, "seen_project", "") or "",
        **{name: getattr(practice, name).plain() for name in texts},
        **{name: getattr(practice, name) for name in own},
        "start": str(practice.start),
        "end": str(practice.end),
        **{name: list(getattr(practice, name)) for name in ("countries", "themes", "sdgs")},
    }


def publication_row(publication: Publication) -> Row:
    return {
        **about(publication),
        "title": publication.title.plain(),
        "summary": publication.summary.plain(),
        "bodies": ids(publication.bodies.all()),
        "project": getattr(publication, "seen_project", "") or "",
        "published": str(publication.published),
        **_own(publication, "kind", "authors", "link", "isbn", "doi"),
        **{name: list(getattr(publication, name)) for name in ("languages", "themes")},
    }


def agreement_row(agreement: Agreement) -> Row:
    return {
        **about(agreement),
        "title": agreement.title.plain(),
        "kind": agreement.kind,
        "parties": ids(agreement.parties.all()),
        "language": agreement.language,
        "signed": str(agreement.signed),
        "in_force": str(agreement.in_force),
        "ends": str(agreement.ends),
        "renewal": agreement.renewal,
        "notice_months": agreement.notice_months,
        "signatures": _signatures(agreement),
        "renewed_by": getattr(agreement, "seen_renewal", "") or "",
        "themes": list(agreement.themes),
    }


def _signatures(agreement: Agreement) -> list[Row]:
    """Of the parties this reader may see, which came along with it."""
    seen = set(ids(agreement.parties.all()))
    said = (Signature.of(line) for line in agreement.signatures)
    return [{"party": one.party, "post": one.post, "on": str(one.on)} for one in said if one.party in seen]


def listed_ids(record: Any, name: str) -> list[str]:
    """Of a list that came as one column."""
    said = getattr(record, f"seen_{name}", "") or ""
    return sorted(said.split(",")) if said else []


def ids(records: Any) -> list[str]:
    return [record.public_id for record in records]


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for a table: a column a language, lists in one cell."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells[name] = " | ".join(f"{language}: {words}" for language, words in value.items())
        elif isinstance(value, list):
            cells[name] = ";".join(_cell(part) for part in value)
        else:
            cells[name] = value
    return cells


def _cell(part: Any) -> str:
    if isinstance(part, dict):
        return "/".join("" if value is None else str(value) for value in part.values())
    return str(part)


def position_row(position: Position) -> Row:
    return {
        **about(position),
        "title": position.title.plain(),
        "text": position.text.plain(),
        "signatories": ids(position.signatories.all()),
        "addressed_to": getattr(position, "seen_addressee", "") or "",
        "adopted": str(position.adopted),
        "themes": list(position.themes),
        "outcome": position.outcome.plain(),
    }
