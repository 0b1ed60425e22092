"""The public data for machines: read-only, each reader sees what the pages would show them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from sympolis.engine.model import Stage
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader, among
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import (
    visible_agreements,
    visible_organisations,
    visible_positions,
    visible_relations,
)
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import at_stage, visible_calls, visible_needs, visible_projects
from sympolis.web.api import columns as c
from sympolis.web.api.lists import PageOf, Paging, answer
from sympolis.web.public.lists import containing, with_code

api = NinjaAPI(
    title="Sympolis",
    version="1",
    description="Organisations, what links them, and what they do together. Read-only; what is public needs no key.",
    urls_namespace="api-v1",
    docs_url=None,
)
IDS = ("public_id", "slug")


class Words(Schema):
    q: str = Field("", max_length=300, description="Words of the name or title, in any script, accents aside")


class ThemedFilter(Words):
    theme: str = Field("", max_length=60, pattern=r"^[a-z-]*$")


class OrganisationFilter(ThemedFilter):
    kind: str = Field("", max_length=40)
    country: str = Field("", max_length=2)


class ProjectFilter(ThemedFilter):
    country: str = Field("", max_length=2)
    stage: Stage | None = None
    programme: str = Field("", max_length=200)
    organisation: str = Field("", max_length=20)


class CallFilter(ThemedFilter):
    open: bool = Field(False, description="Only those whose deadline has not passed")
    programme: str = Field("", max_length=200)


class RelationFilter(Schema):
    type: str = Field("", max_length=40)
    organisation: str = Field("", max_length=20, description="Either end")


class NeedFilter(ThemedFilter):
    stage: str = Field("", max_length=20)
    organisation: str = Field("", max_length=20)


def ordered[R: Record](records: QuerySet[R]) -> QuerySet[R]:
    return records.order_by("sort_key", "pk")


def only(records: QuerySet[Any], field: str, value: Any) -> QuerySet[Any]:
    """The records with a value in a field; no value asked for leaves all."""
    return records.filter(**{field: value}) if value else records


def seen_id(records: QuerySet[Any], key: str) -> Subquery:
    """The public id behind a foreign key when the reader may see what it leads to."""
    return Subquery(records.filter(pk=OuterRef(key)).values("public_id")[:1])


def seen_organisations(user: Reader) -> QuerySet[Organisation]:
    return visible_organisations(user).only(*IDS)


def organisations_of(user: Reader) -> QuerySet[Organisation]:
    return ordered(visible_organisations(user)).annotate(seen_parent=seen_id(visible_organisations(user), "parent"))


def projects_of(user: Reader) -> QuerySet[Project]:
    parts = Participation.objects.filter(among(visible_organisations(user), "organisation"))
    parts = parts.select_related("organisation").only("project", "role", *(f"organisation__{name}" for name in IDS))
    return ordered(visible_projects(user)).prefetch_related(Prefetch("participations", parts, to_attr="seen_parts"))


@api.get("/organisations", response=PageOf[c.OrganisationOut], tags=["Directory"])
def organisations(request: HttpRequest, which: Query[OrganisationFilter], paging: Query[Paging]) -> Any:
    found = with_code(containing(organisations_of(request.user), which.q), "themes", which.theme)
    found = only(only(found, "kind", which.kind), "country", which.country.upper())
    return answer(found, c.organisation_row, c.OrganisationOut, paging, "organisations")


@api.get("/organisations/{public_id}", response=c.OrganisationOut, tags=["Directory"])
def organisation(request: HttpRequest, public_id: str) -> Any:
    return c.organisation_row(one(organisations_of(request.user), public_id))


@api.get("/relations", response=PageOf[c.RelationOut], tags=["Directory"])
def relations(request: HttpRequest, which: Query[RelationFilter], paging: Query[Paging]) -> Any:
    found = visible_relations(request.user).select_related("from_organisation", "to_organisation").order_by("pk")
    found = only(found, "type", which.type)
    if which.organisation:
        ends = Q(from_organisation__public_id=which.organisation) | Q(to_organisation__public_id=which.organisation)
        found = found.filter(ends)
    return answer(found, c.relation_row, c.RelationOut, paging, "relations")


@api.get("/agreements", response=PageOf[c.AgreementOut], tags=["Directory"])
def agreements(request: HttpRequest, which: Query[ThemedFilter], paging: Query[Paging]) -> Any:
    user = request.user
    found = with_code(containing(ordered(visible_agreements(user)), which.q), "themes", which.theme)
    found = found.annotate(seen_renewal=seen_id(visible_agreements(user), "renewed_by"))
    found = found.prefetch_related(Prefetch("parties", seen_organisations(user)))
    return answer(found, c.agreement_row, c.AgreementOut, paging, "agreements")


@api.get("/positions", response=PageOf[c.PositionOut], tags=["Directory"])
def positions(request: HttpRequest, which: Query[ThemedFilter], paging: Query[Paging]) -> Any:
    user = request.user
    found = with_code(containing(ordered(visible_positions(user)), which.q), "themes", which.theme)
    found = found.annotate(seen_addressee=seen_id(visible_organisations(user), "addressed_to"))
    found = found.prefetch_related(Prefetch("signatories", seen_organisations(user)))
    return answer(found, c.position_row, c.PositionOut, paging, "positions")


@api.get("/projects", response=PageOf[c.ProjectOut], tags=["Work"])
def projects(request: HttpRequest, which: Query[ProjectFilter], paging: Query[Paging]) -> Any:
    today = timezone.localdate()
    found = with_code(containing(projects_of(request.user), which.q), "themes", which.theme)
    found = only(with_code(found, "countries", which.country.upper()), "programme", which.programme)
    if which.stage:
        found = at_stage(found, which.stage, today)
    if which.organisation:
        whose = visible_organisations(request.user).filter(public_id=which.organisation)
        found = found.filter(pk__in=Participation.objects.filter(organisation__in=whose).values("project"))
    return answer(found, lambda project: c.project_row(project, today), c.ProjectOut, paging, "projects")


@api.get("/projects/{public_id}", response=c.ProjectOut, tags=["Work"])
def project(request: HttpRequest, public_id: str) -> Any:
    return c.project_row(one(projects_of(request.user), public_id), timezone.localdate())


@api.get("/calls", response=PageOf[c.CallOut], tags=["Work"])
def calls(request: HttpRequest, which: Query[CallFilter], paging: Query[Paging]) -> Any:
    found = with_code(containing(visible_calls(request.user), which.q), "themes", which.theme)
    found = only(found, "programme", which.programme).order_by(F("closes_latest").asc(nulls_last=True), "pk")
    if which.open:
        found = found.filter(closes_latest__gte=timezone.localdate())
    return answer(found, c.call_row, c.CallOut, paging, "calls")


@api.get("/needs", response=PageOf[c.NeedOut], tags=["Work"])
def needs(request: HttpRequest, which: Query[NeedFilter], paging: Query[Paging]) -> Any:
    owners = visible_organisations(request.user)
    found = visible_needs(request.user).filter(among(owners, "organisation")).select_related("organisation")
    found = with_code(containing(ordered(found), which.q), "themes", which.theme)
    found = only(only(found, "stage", which.stage), "organisation__public_id", which.organisation)
    return answer(found, c.need_row, c.NeedOut, paging, "needs")


@api.get("/events", response=PageOf[c.EventOut], tags=["Events"])
def events(request: HttpRequest, which: Query[Words], paging: Query[Paging]) -> Any:
    ends = seen_organisations(request.user)
    found = containing(visible_events(request.user), which.q).order_by("-start_latest", "pk")
    found = found.prefetch_related(Prefetch("organisers", ends), Prefetch("cities", ends))
    return answer(found, c.event_row, c.EventOut, paging, "events")


@api.get("/plans", response=PageOf[c.PlanOut], tags=["Plans"])
def plans(request: HttpRequest, which: Query[Words], paging: Query[Paging]) -> Any:
    user = request.user
    found = visible_plans(user).filter(among(visible_organisations(user), "organisation"))
    found = containing(ordered(found), which.q).select_related("organisation")
    found = found.annotate(seen_parent=seen_id(visible_plans(user), "parent"))
    return answer(found, c.plan_row, c.PlanOut, paging, "plans")


@api.get("/actions", response=PageOf[c.ActionOut], tags=["Plans"])
def actions(request: HttpRequest, which: Query[ThemedFilter], paging: Query[Paging]) -> Any:
    user = request.user
    found = with_code(containing(ordered(visible_actions(user)), which.q), "themes", which.theme)
    found = found.annotate(seen_plan=seen_id(visible_plans(user), "plan"))
    found = found.prefetch_related(Prefetch("organisations", seen_organisations(user)))
    return answer(found, c.action_row, c.ActionOut, paging, "actions")


def one[R: Record](records: QuerySet[R], public_id: str) -> R:
    found = records.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
