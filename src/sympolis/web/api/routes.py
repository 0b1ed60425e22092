"""The lists of the API: each reader sees what the pages would show them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from sympolis.engine.model import Stage
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import leads_to
from sympolis.office.directory.queries import count_of_relations, of_id, visible_organisations, visible_posts
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import at_stage, visible_projects
from sympolis.office.publishing.publications.queries import of_bodies
from sympolis.web.api import application_columns as a
from sympolis.web.api import columns as c
from sympolis.web.api import house_columns as h
from sympolis.web.api import meeting_columns as m
from sympolis.web.api import plan_columns as p
from sympolis.web.api.interface import api
from sympolis.web.api.lists import AsOf, DueBy, PageOf, Paging, answer, moment_of
from sympolis.web.api.readings import READINGS, as_held
from sympolis.web.public.lists import with_code
from sympolis.web.public.then import THEN, at


class Words(Schema):
    q: str = Field("", max_length=300, description="Words of the name or title, in any script, accents aside")


class ThemedFilter(Words):
    theme: str = Field("", max_length=60, pattern=r"^[a-z-]*$")


class WordsThen(Words, AsOf):
    pass


class ThemedThen(ThemedFilter, AsOf):
    pass


class OrganisationFilter(ThemedFilter, AsOf):
    kind: str = Field("", max_length=40)
    country: str = Field("", max_length=2)


class ProjectFilter(ThemedFilter, AsOf):
    country: str = Field("", max_length=2)
    stage: Stage | None = None
    programme: str = Field("", max_length=200)
    organisation: str = Field("", max_length=20)


class CallFilter(ThemedFilter, AsOf):
    gives: str = Field("", max_length=10)
    open: bool = Field(False, description="Only those whose deadline has not passed")
    programme: str = Field("", max_length=200)


class RelationFilter(AsOf):
    type: str = Field("", max_length=40)
    organisation: str = Field("", max_length=20, description="Either end")


class NeedFilter(ThemedFilter):
    stage: str = Field("", max_length=20)
    organisation: str = Field("", max_length=20)


class PracticeFilter(ThemedFilter, AsOf):
    goal: str = Field("", max_length=2, pattern=r"^[0-9]*$")
    country: str = Field("", max_length=2)
    organisation: str = Field("", max_length=20)


class PublicationFilter(ThemedFilter, AsOf):
    kind: str = Field("", max_length=20, description="study, report, article, book, guide or other")
    organisation: str = Field("", max_length=20, description="One of the bodies whose it is")
    project: str = Field("", max_length=20)
    language: str = Field("", max_length=10)


class OwnedFilter(Words):
    organisation: str = Field("", max_length=20)


class RequestFilter(Words, AsOf):
    state: str = Field("", max_length=20)


class ApplicationFilter(OwnedFilter, DueBy):
    stage: str = Field("", max_length=20)


class OwnedThemedFilter(ThemedFilter):
    organisation: str = Field("", max_length=20)


class PersonFilter(OwnedThemedFilter, AsOf):
    organisation: str = Field("", max_length=20, description="Of the post they hold, or as of a time held then")


class OwnedThen(OwnedFilter, AsOf):
    pass


class CommitmentFilter(OwnedFilter, DueBy):
    status: str = Field("", max_length=20, description="open, done, dropped or unknown")


class DocumentFilter(Words):
    record: str = Field("", max_length=20, description="The id of what it hangs on")


def only(records: QuerySet[Any], field: str, value: Any) -> QuerySet[Any]:
    """The records with a value in a field; no value asked for leaves all."""
    return records.filter(**{field: value}) if value else records


def owned_by(records: QuerySet[Any], organisation: str) -> QuerySet[Any]:
    return only(records, "organisation__public_id", stays(organisation))


def stays(public_id: str) -> str:
    """What an id asks for: the record it was made one with, where it was."""
    return (leads_to(public_id) or public_id) if public_id else ""


def found_of(request: HttpRequest, name: str, which: Schema) -> QuerySet[Any]:
    """The records of a kind this reader sees: with words in their name, a theme, at a time, where these are asked."""
    found = READINGS[name].of(request.user)
    if isinstance(which, Words):
        found = containing(found, which.q)
    if isinstance(which, ThemedFilter):
        found = with_code(found, "themes", which.theme)
    return at(name, found, moment_of(which), request.user) if name in THEN else found


@api.get("/organisations", response=PageOf[c.OrganisationOut], tags=["Directory"])
def organisations(request: HttpRequest, which: Query[OrganisationFilter], paging: Query[Paging]) -> Any:
    found = found_of(request, "organisations", which)
    found = only(only(found, "kind", which.kind), "country", which.country.upper())
    return answer(request, found, READINGS["organisations"], paging)


@api.get("/relations", response=PageOf[c.RelationOut], tags=["Directory"])
def relations(request: HttpRequest, which: Query[RelationFilter], paging: Query[Paging]) -> Any:
    found = only(found_of(request, "relations", which), "type", which.type)
    if which.organisation:
        whose = of_id(stays(which.organisation))
        found = found.filter(Q(from_organisation__in=whose) | Q(to_organisation__in=whose))
    is_whole = not (which.type or which.organisation or which.as_of)
    many = partial(count_of_relations, request.user, with_examples=False) if is_whole else None
    return answer(request, found, READINGS["relations"], paging, many)


@api.get("/agreements", response=PageOf[c.AgreementOut], tags=["Directory"])
def agreements(request: HttpRequest, which: Query[ThemedThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "agreements", which), READINGS["agreements"], paging)


@api.get("/departments", response=PageOf[h.DepartmentOut], tags=["Directory"])
def departments(request: HttpRequest, which: Query[OwnedThemedFilter], paging: Query[Paging]) -> Any:
    found = found_of(request, "departments", which)
    return answer(request, owned_by(found, which.organisation), READINGS["departments"], paging)


@api.get("/people", response=PageOf[h.PersonOut], tags=["Directory"])
def people(request: HttpRequest, which: Query[PersonFilter], paging: Query[Paging]) -> Any:
    """People are seen by officers, and those of an organisation by who acts for it. As of a time these are who may have
    held a post then: the one told here, as ``held`` says, or one of their others, which are in the list of posts."""
    found = found_of(request, "people", which)
    moment = moment_of(which)
    if moment is None:
        return answer(request, owned_by(found, which.organisation), READINGS["people"], paging)
    asked = moment.may_hold_of_rows
    if which.organisation:
        asked &= Q(organisation__in=visible_organisations(request.user).filter(public_id=stays(which.organisation)))
    others = visible_posts(request.user).filter(asked).order_by().values("person")
    return answer(request, found.filter(asked | Q(pk__in=others)), as_held(READINGS["people"], moment), paging)


@api.get("/posts", response=PageOf[h.PostOut], tags=["Directory"])
def posts(request: HttpRequest, which: Query[OwnedThen], paging: Query[Paging]) -> Any:
    """Posts people held before, or hold besides the one that stands with them."""
    found, moment = owned_by(found_of(request, "posts", which), which.organisation), moment_of(which)
    return answer(request, found, as_held(READINGS["posts"], moment) if moment else READINGS["posts"], paging)


@api.get("/figures", response=PageOf[h.FigureOut], tags=["Directory"])
def figures(request: HttpRequest, which: Query[OwnedThen], paging: Query[Paging]) -> Any:
    found = found_of(request, "figures", which)
    return answer(request, owned_by(found, which.organisation), READINGS["figures"], paging)


@api.get("/positions", response=PageOf[c.PositionOut], tags=["Directory"])
def positions(request: HttpRequest, which: Query[ThemedThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "positions", which), READINGS["positions"], paging)


@api.get("/fees", response=PageOf[h.FeeOut], tags=["Directory"])
def fees(request: HttpRequest, which: Query[OwnedThen], paging: Query[Paging]) -> Any:
    """What memberships cost, for officers."""
    found = found_of(request, "fees", which)
    return answer(request, owned_by(found, which.organisation), READINGS["fees"], paging)


@api.get("/projects", response=PageOf[c.ProjectOut], tags=["Work"])
def projects(request: HttpRequest, which: Query[ProjectFilter], paging: Query[Paging]) -> Any:
    found = found_of(request, "projects", which)
    found = only(with_code(found, "countries", which.country.upper()), "programme", which.programme)
    if which.stage:
        found = at_stage(found, which.stage, timezone.localdate())
    if which.organisation:
        whose = visible_organisations(request.user).filter(public_id=stays(which.organisation))
        found = found.filter(pk__in=Participation.objects.filter(organisation__in=whose).values("project"))
    return answer(request, found, READINGS["projects"], paging)


@api.get("/calls", response=PageOf[c.CallOut], tags=["Work"])
def calls(request: HttpRequest, which: Query[CallFilter], paging: Query[Paging]) -> Any:
    found = only(found_of(request, "calls", which), "programme", which.programme)
    found = only(found, "gives", which.gives)
    if which.open:
        found = found.filter(closes_latest__gte=timezone.localdate())
    return answer(request, found, READINGS["calls"], paging)


@api.get("/applications", response=PageOf[a.ApplicationOut], tags=["Work"])
def applications(request: HttpRequest, which: Query[ApplicationFilter], paging: Query[Paging]) -> Any:
    """What the office applies for, for officers."""
    found = only(found_of(request, "applications", which), "stage", which.stage)
    return answer(request, owned_by(found, which.organisation), READINGS["applications"], paging)


@api.get("/needs", response=PageOf[c.NeedOut], tags=["Work"])
def needs(request: HttpRequest, which: Query[NeedFilter], paging: Query[Paging]) -> Any:
    found = only(found_of(request, "needs", which), "stage", which.stage)
    return answer(request, owned_by(found, which.organisation), READINGS["needs"], paging)


@api.get("/practices", response=PageOf[c.PracticeOut], tags=["Work"])
def practices(request: HttpRequest, which: Query[PracticeFilter], paging: Query[Paging]) -> Any:
    """What was tried and what others can learn from it."""
    found = found_of(request, "practices", which)
    found = with_code(with_code(found, "sdgs", which.goal), "countries", which.country.upper())
    return answer(request, owned_by(found, which.organisation), READINGS["practices"], paging)


@api.get("/events", response=PageOf[c.EventOut], tags=["Events"])
def events(request: HttpRequest, which: Query[WordsThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "events", which), READINGS["events"], paging)


@api.get("/meetings", response=PageOf[m.MeetingOut], tags=["Events"])
def meetings(request: HttpRequest, which: Query[WordsThen], paging: Query[Paging]) -> Any:
    """For who signs in or has a token."""
    return answer(request, found_of(request, "meetings", which), READINGS["meetings"], paging)


@api.get("/commitments", response=PageOf[m.CommitmentOut], tags=["Events"])
def commitments(request: HttpRequest, which: Query[CommitmentFilter], paging: Query[Paging]) -> Any:
    """Promises, for who signs in or has a token."""
    found = only(found_of(request, "commitments", which), "status", which.status)
    return answer(request, owned_by(found, which.organisation), READINGS["commitments"], paging)


@api.get("/requests", response=PageOf[m.RequestOut], tags=["Work"])
def requests(request: HttpRequest, which: Query[RequestFilter], paging: Query[Paging]) -> Any:
    """What departments asked the office for, for officers."""
    found = only(found_of(request, "requests", which), "state", which.state)
    return answer(request, found, READINGS["requests"], paging)


@api.get("/plans", response=PageOf[p.PlanOut], tags=["Plans"])
def plans(request: HttpRequest, which: Query[WordsThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "plans", which), READINGS["plans"], paging)


@api.get("/actions", response=PageOf[p.ActionOut], tags=["Plans"])
def actions(request: HttpRequest, which: Query[ThemedThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "actions", which), READINGS["actions"], paging)


@api.get("/sessions", response=PageOf[m.SessionOut], tags=["Plans"])
def sessions(request: HttpRequest, which: Query[OwnedThen], paging: Query[Paging]) -> Any:
    """Working sessions: all for officers, for others those whose minutes are published."""
    found = found_of(request, "sessions", which)
    return answer(request, owned_by(found, which.organisation), READINGS["sessions"], paging)


@api.get("/news", response=PageOf[m.NewsOut], tags=["Events"])
def news(request: HttpRequest, which: Query[WordsThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "news", which), READINGS["news"], paging)


@api.get("/site-pages", response=PageOf[m.PageOut], tags=["Events"])
def site_pages(request: HttpRequest, which: Query[WordsThen], paging: Query[Paging]) -> Any:
    return answer(request, found_of(request, "site-pages", which), READINGS["site-pages"], paging)


@api.get("/publications", response=PageOf[c.PublicationOut], tags=["Work"])
def publications(request: HttpRequest, which: Query[PublicationFilter], paging: Query[Paging]) -> Any:
    """Studies, reports and other publications; their files are documents."""
    found = only(found_of(request, "publications", which), "kind", which.kind)
    found = with_code(found, "languages", which.language.lower())
    if which.organisation:
        whose = visible_organisations(request.user).filter(public_id=stays(which.organisation))
        found = of_bodies(found, whose)
    if which.project:
        found = found.filter(project__in=visible_projects(request.user).filter(public_id=stays(which.project)))
    return answer(request, found, READINGS["publications"], paging)


@api.get("/documents", response=PageOf[m.DocumentOut], tags=["Directory"])
def documents(request: HttpRequest, which: Query[DocumentFilter], paging: Query[Paging]) -> Any:
    """What is known of documents; the file itself is at its address."""
    found = only(found_of(request, "documents", which), "record", which.record)
    return answer(request, found, READINGS["documents"], paging)
