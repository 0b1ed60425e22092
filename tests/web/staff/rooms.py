"""One row of every kind, with words of a hostile author in it, and what each form takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import Document
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    MembershipFee,
    Organisation,
    Person,
    Position,
    Post,
    Relation,
)
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan, Session
from sympolis.office.projects.models import Application, Call, Need, Practice, Project
from sympolis.office.publishing.models import NewsItem, Page, Publication
from sympolis.office.synergies.models import Commitment, HelpRequest, Meeting
from tests.cast import Cast, office_today

HOSTILE = '<script>alert("x")</script> & \'"><img src=x onerror=alert(1)>'
PRIVATE = "Not for strangers"

# What the adding form of each kind takes at least.
LEAST: dict[str, dict[str, str]] = {
    "organisations": {"name": "Tunis"},
    "relations": {"from_organisation": "Sfax", "type": "member_of", "to_organisation": "AMB"},
    "agreements": {"title_en": "An agreement"},
    "positions": {"title_en": "A position"},
    "fees": {"network": "Sfax", "year": "2024", "amount": "100", "organisation": "AMB"},
    "figures": {"what": "Staff", "value": "120", "unit": "people", "year": "2024", "organisation": "Sfax"},
    "departments": {"name_en": "Water", "organisation": "Sfax"},
    "people": {"name": "Amal", "organisation": "Sfax"},
    "projects": {"title_en": "A project"},
    "calls": {"title_en": "A call"},
    "applications": {"title_en": "An application", "organisation": "AMB"},
    "needs": {"title_en": "A need", "organisation": "Sfax", "stage": "need"},
    "practices": {"title_en": "A practice", "organisation": "Sfax"},
    "events": {"title_en": "An event"},
    "meetings": {"title_en": "A meeting"},
    "commitments": {"text_en": "A promise", "organisation": "Sfax", "status": "open"},
    "requests": {"title_en": "A request"},
    "plans": {"title_en": "A plan", "organisation": "AMB", "kind": "plan"},
    "actions": {"title_en": "An action"},
    "sessions": {"title_en": "A session", "organisation": "AMB", "dots": "5"},
    "news": {"title_en": "Some news"},
    "site-pages": {"title_en": "A page"},
    "publications": {"title_en": "A study", "kind": "study"},
}


def day(days: int) -> PartialDate:
    on = office_today() + timedelta(days=days)
    return PartialDate(on, on)


def one_of_each(cast: Cast, words: str = HOSTILE, visibility: str = "public") -> dict[str, Any]:
    """A row of every kind, all of the office's own organisation."""
    title, seen = Text.of(en=words), {"visibility": visibility}
    ours = Organisation.objects.create(name=words, kind="body", parent=cast.amb, **seen)
    plan = Plan(organisation=cast.amb, title=title, **seen)
    plan.save()
    person = Person(organisation=cast.amb, name=words, email="mayor@example.org", **seen)
    person.save()
    rows: dict[str, Any] = {
        "organisations": ours,
        "relations": Relation(from_organisation=cast.amb, type="member_of", to_organisation=ours, role=words, **seen),
        "agreements": Agreement(title=title, kind="other", **seen),
        "positions": Position(title=title, **seen),
        "fees": MembershipFee(organisation=cast.amb, network=ours, year=2024, amount=100),
        "figures": Figure(organisation=cast.amb, what=words[:200], value=7, unit="people", year=2024, **seen),
        "departments": Department(organisation=cast.amb, name=title, post=title, mailbox="unit@example.org", **seen),
        "people": person,
        "posts": Post(person=person, organisation=cast.amb, post=title, **seen),
        "projects": Project(title=title, acronym=words[:40], **seen),
        "calls": Call(title=title, programme=words, **seen),
        "applications": Application(organisation=cast.amb, title=title, programme=words[:200], **seen),
        "needs": Need(organisation=cast.amb, title=title, **seen),
        "practices": Practice(organisation=cast.amb, title=title, problem=title, place=words, contact=words, **seen),
        "events": Event(title=title, place=words, **seen),
        "meetings": Meeting(title=title, kind="bilateral", place=words, **seen),
        "commitments": Commitment(organisation=cast.amb, text=title, **seen),
        "requests": HelpRequest(title=title, asked_by=words[:200], answer=words, **seen),
        "plans": plan,
        "actions": Action(plan=plan, title=title, **seen),
        "sessions": Session(organisation=cast.amb, title=title, place=words, **seen),
        "news": NewsItem(title=title, **seen),
        "site-pages": Page(title=title, summary=title, published_at=timezone.now(), **seen),
        "publications": Publication(title=title, summary=title, authors=words, **seen),
    }
    rows["agreements"].ends = day(30)
    rows["calls"].closes = day(10)
    rows["meetings"].starts = day(3)
    rows["commitments"].due = day(-3)
    for row in rows.values():
        row.save()
    rows["projects"].participations.create(organisation=cast.amb, role="lead")
    rows["agreements"].parties.add(cast.amb, ours)
    rows["meetings"].organisations.add(cast.amb)
    rows["events"].organisers.add(cast.amb)
    rows["publications"].bodies.add(cast.amb)
    rows["documents"] = Document.objects.create(
        record=ours.public_id, title=words, kind="other", language="en", file_name="a.txt", **seen,
        file=ContentFile(b"the words in it", name="a.txt"),
    )  # fmt: skip
    return rows
