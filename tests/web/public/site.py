"""A small site for tests of pages: of each kind one public record and one of the office only."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.utils import timezone

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import Document, Record
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Department, Figure, Organisation, Person, Position
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan, Session
from sympolis.office.projects.models import Call, Need, Practice
from sympolis.office.publishing.models import NewsItem, Page, Publication
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation

SECRET = "Zuhaitz"  # stands in every text of every record that is the office's only
KNOWN = "Harbourlight"  # stands in every text of the public ones
NEXT_YEAR = PartialDate.parse("2099-05-01")


@dataclass
class Site:
    """What was made, by kind: ``public`` and ``secret``."""

    network: Organisation
    public: dict[str, Record] = field(default_factory=dict)
    secret: dict[str, Record] = field(default_factory=dict)


def make_site(cast: Cast) -> Site:
    amb = cast.amb
    amb.latitude, amb.longitude, amb.themes = 41.4, 2.2, ("water",)
    amb.save()
    network = make_organisation("MedCities", kind="city-network", slug="medcities", latitude=41.39, longitude=2.16)
    make_relation(amb, "member_of", network)
    site = Site(network)
    for word, visibility, made in ((KNOWN, "public", site.public), (SECRET, "office", site.secret)):
        make_records(cast, network, word, visibility, made)
    return site


def make_records(cast: Cast, network: Organisation, word: str, visibility: str, made: dict[str, Record]) -> None:
    """One record of each kind around the office's organisation, with a word in all its texts."""
    amb, text, kept = cast.amb, Text.of(en=f"{word} text"), {"visibility": visibility}
    themed = {"themes": ("water",), **kept}
    place = {"latitude": 36.8, "longitude": 10.2, "country": "TN", "line": text, "description": text}
    org = make_organisation(f"{word} city", **place, **themed)
    made["organisation"] = org
    made["body"] = body = make_organisation(f"{word} body", kind="body", parent=network, **kept)
    made["partner"] = make_relation(amb, "partner_of", org, role=f"{word} role", **kept)
    made["twin"] = make_relation(amb, "twinned_with", org, **kept)
    made["member"] = make_relation(org, "member_of", network, role=f"{word} member", **kept)
    made["ally"] = make_relation(network, "partner_of", org, role=f"{word} alliance", **kept)
    made["seat"] = make_relation(network, "sits_on", body, role=f"{word} seat", **kept)
    project = make_project(f"{word} project", amb, org, summary=text, programme=f"{word} programme", **themed)
    project.start, project.end = PartialDate.parse("2020"), PartialDate.parse("2098")
    project.save()
    made["project"] = project
    made["call"] = Call.objects.create(
        title=Text.of(en=f"{word} call"), summary=text, programme=f"{word} fund", **themed
    )
    made["call"].closes = NEXT_YEAR  # type: ignore[attr-defined]
    made["call"].save()
    made["need"] = Need.objects.create(organisation=amb, title=Text.of(en=f"{word} need"), text=text, **themed)
    made["practice"] = Practice.objects.create(
        organisation=amb, project=project, title=Text.of(en=f"{word} practice"), problem=text, done=text, results=text,
        lessons=text, evidence=text, place=f"{word} place", contact=f"{word} service", **themed,
    )  # fmt: skip
    made["event"] = Event.objects.create(
        title=Text.of(en=f"{word} event"), topic=text, speakers=f"{word} speaker", **kept
    )
    made["event"].start = NEXT_YEAR  # type: ignore[attr-defined]
    made["event"].save()
    made["event"].organisers.add(amb, org)  # type: ignore[attr-defined]
    made["event"].cities.add(org)  # type: ignore[attr-defined]
    made["plan"] = plan = Plan.objects.create(organisation=amb, title=Text.of(en=f"{word} plan"), text=text, **kept)
    made["action"] = Action.objects.create(plan=plan, title=Text.of(en=f"{word} action"), text=text, **themed)
    made["session"] = Session.objects.create(
        organisation=amb, title=Text.of(en=f"{word} session"), minutes=text, published_at=timezone.now(), **kept
    )
    made["news"] = NewsItem.objects.create(title=Text.of(en=f"{word} news"), summary=text, organisation=amb, **kept)
    made["office_page"] = Page.objects.create(
        title=Text.of(en=f"{word} page"),
        summary=text,
        blocks=[{"key": "a", "kind": "text", "words": text}],
        published_at=timezone.now(),
        **kept,
    )
    made["agreement"] = Agreement.objects.create(title=Text.of(en=f"{word} agreement"), kind="twinning", **themed)
    made["agreement"].parties.add(amb, org)  # type: ignore[attr-defined]
    made["position"] = Position.objects.create(
        title=Text.of(en=f"{word} position"), text=text, outcome=text, addressed_to=org, **themed
    )
    made["position"].signatories.add(amb, org)  # type: ignore[attr-defined]
    made["publication"] = Publication.objects.create(
        title=Text.of(en=f"{word} study"), summary=text, authors=f"{word} author", project=project, **themed
    )
    made["publication"].bodies.add(amb, org)  # type: ignore[attr-defined]
    made["department"] = Department.objects.create(organisation=amb, name=Text.of(en=f"{word} unit"), **themed)
    made["person"] = Person.objects.create(
        organisation=amb,
        name=f"{word} Person",
        post=text,
        email=f"{word.lower()}@example.org",
        telephone="555-7711",
        **kept,
    )
    made["figure"] = Figure.objects.create(organisation=amb, what=f"{word} figure", value=7, unit="x", **kept)
    made["document"] = make_document(amb, f"{word} document", visibility=visibility)


def make_document(record: Record, title: str, **fields: str) -> Document:
    document = Document(
        record=record.public_id, title=title, kind="report", language="en", file_name="report.txt", **fields
    )
    document.file.save("report.txt", ContentFile(b"words"), save=False)
    document.save()
    return document
