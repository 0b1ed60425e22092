"""Every kind of record as the API reads it: who sees which, how a row is told, what its columns are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, OuterRef, Prefetch, QuerySet, StringAgg, Subquery, Value
from django.utils import timezone
from ninja import Schema

from sympolis.office.core.models import Document, Record
from sympolis.office.core.queries import Reader, among
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
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import (
    of_seen_houses,
    visible_agreements,
    visible_departments,
    visible_fees,
    visible_figures,
    visible_organisations,
    visible_people,
    visible_positions,
    visible_posts,
    visible_relations,
)
from sympolis.office.directory.world.queries import with_world_links
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.models import Action, Plan, Session
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.sessions.queries import visible_sessions
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.models import Application, Call, Need, Participation, Practice, Project
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_needs, visible_projects
from sympolis.office.projects.running.models import ProjectIndicator, ProjectMilestone
from sympolis.office.publishing.models import NewsItem, Page, Publication
from sympolis.office.publishing.pages.queries import visible_pages
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.office.publishing.queries import visible_news
from sympolis.office.synergies.helping.queries import visible_requests
from sympolis.office.synergies.models import Commitment, HelpRequest, Meeting
from sympolis.office.synergies.queries import visible_commitments, visible_meetings
from sympolis.web.api import application_columns as a
from sympolis.web.api import columns as c
from sympolis.web.api import house_columns as h
from sympolis.web.api import meeting_columns as m
from sympolis.web.api import plan_columns as p
from sympolis.web.staff.records.documents import visible_documents

IDS = ("public_id", "slug")


@dataclass(frozen=True, slots=True)
class Reading:
    """One kind of record: ``of`` are the rows a reader sees, with what ``row`` needs fetched along."""

    name: str
    columns: type[Schema]
    of: Callable[[Reader], QuerySet[Any]]
    row: Callable[[Any, Reader], c.Row]


def as_held(reading: Reading, moment: Moment) -> Reading:
    """The same, each row with whether its post was held at a time."""

    def row(record: Any, reader: Reader) -> c.Row:
        return {**reading.row(record, reader), "held": moment.holds(record.since, record.until).value}

    return replace(reading, row=row)


def ordered[R: Record](records: QuerySet[R]) -> QuerySet[R]:
    return records.order_by("sort_key", "pk")


def seen_id(records: QuerySet[Any], key: str) -> Subquery:
    """The public id behind a foreign key when the reader may see what it leads to."""
    return Subquery(records.order_by().filter(pk=OuterRef(key)).values("public_id")[:1])


def seen_organisations(user: Reader) -> QuerySet[Organisation]:
    return visible_organisations(user).only(*IDS)


def with_owner[R: Record](user: Reader, records: QuerySet[R]) -> QuerySet[R]:
    owners: Any = records.annotate(seen_organisation=seen_id(visible_organisations(user), "organisation"))
    found: QuerySet[R] = owners
    return found


def organisations_of(user: Reader) -> QuerySet[Organisation]:
    found = ordered(visible_organisations(user)).annotate(seen_parent=seen_id(visible_organisations(user), "parent"))
    return with_world_links(found)


def listed_relations_of(user: Reader) -> QuerySet[Relation]:
    """With no more of their ends than a row says: a page has a hundred of these."""
    said = {"id", "public_id", "name"}
    unread = [field.name for field in Organisation._meta.concrete_fields if field.name not in said]
    return relations_of(user).defer(*(f"{end}__{name}" for end in Relation.BETWEEN for name in unread))


def relations_of(user: Reader) -> QuerySet[Relation]:
    return visible_relations(user).select_related("from_organisation", "to_organisation").order_by("pk")


def agreements_of(user: Reader) -> QuerySet[Agreement]:
    found = ordered(visible_agreements(user)).annotate(seen_renewal=seen_id(visible_agreements(user), "renewed_by"))
    return found.prefetch_related(Prefetch("parties", seen_organisations(user)))


def positions_of(user: Reader) -> QuerySet[Position]:
    seen = visible_organisations(user)
    found = ordered(visible_positions(user)).annotate(seen_addressee=seen_id(seen, "addressed_to"))
    return found.prefetch_related(Prefetch("signatories", seen_organisations(user)))


def fees_of(user: Reader) -> QuerySet[MembershipFee]:
    """What networks cost is the office's own."""
    found = with_owner(user, visible_fees(user).order_by("year", "pk"))
    return found.annotate(seen_network=seen_id(visible_organisations(user), "network"))


def departments_of(user: Reader) -> QuerySet[Department]:
    seen = visible_departments(user).filter(of_seen_houses(user))
    return with_owner(user, ordered(seen))


def people_of(user: Reader) -> QuerySet[Person]:
    found = with_owner(user, ordered(visible_people(user)))
    return found.annotate(seen_department=seen_id(visible_departments(user), "department"))


def posts_of(user: Reader) -> QuerySet[Post]:
    found = with_owner(user, ordered(visible_posts(user)))
    return found.annotate(
        seen_department=seen_id(visible_departments(user), "department"),
        seen_person=seen_id(visible_people(user), "person"),
    )


def figures_of(user: Reader) -> QuerySet[Figure]:
    seen = visible_figures(user).filter(among(visible_organisations(user), "organisation"))
    return with_owner(user, ordered(seen))


def projects_of(user: Reader) -> QuerySet[Project]:
    parts = Participation.objects.filter(among(visible_organisations(user), "organisation"))
    of_each = (*IDS, "latitude", "longitude")
    parts = parts.select_related("organisation").only(
        "project", "role", "money", *(f"organisation__{n}" for n in of_each)
    )
    return ordered(visible_projects(user).select_related("running")).prefetch_related(
        Prefetch("participations", parts.order_by("role", "pk"), to_attr="seen_parts"),
        Prefetch("milestones", ProjectMilestone.objects.filter(is_public=True), to_attr="seen_milestones"),
        Prefetch("indicators", ProjectIndicator.objects.filter(is_public=True), to_attr="seen_indicators"),
    )


def calls_of(user: Reader) -> QuerySet[Call]:
    return visible_calls(user).order_by(F("closes_latest").asc(nulls_last=True), "pk")


def applications_of(user: Reader) -> QuerySet[Application]:
    """What the office applies for is its own."""
    found = with_owner(user, visible_applications(user).order_by("deadline_on", "sort_key", "pk"))
    return found.annotate(
        seen_call=seen_id(visible_calls(user), "call"), seen_project=seen_id(visible_projects(user), "project")
    ).prefetch_related(Prefetch("organisations", seen_organisations(user)))


def needs_of(user: Reader) -> QuerySet[Need]:
    seen = visible_needs(user).filter(among(visible_organisations(user), "organisation"))
    return ordered(seen).select_related("organisation")


def practices_of(user: Reader) -> QuerySet[Practice]:
    seen = visible_practices(user).filter(among(visible_organisations(user), "organisation"))
    return with_owner(user, ordered(seen)).annotate(seen_project=seen_id(visible_projects(user), "project"))


def events_of(user: Reader) -> QuerySet[Event]:
    ends = seen_organisations(user)
    found = visible_events(user).order_by("-start_latest", "pk")
    more = {f"seen_{name}": _seen_round(user, name) for name in ("invited", "partners", "funders")}
    found = found.annotate(seen_edition=seen_id(visible_events(user), "edition_of"), **more)
    return found.prefetch_related(Prefetch("organisers", ends), Prefetch("cities", ends))


def _seen_round(user: Reader, name: str) -> Subquery:
    """The public ids in a list of an event, as one column: three more questions would be too many for a page."""
    return _ids_in(getattr(Event, name).through, "event", visible_organisations(user), "organisation")


def _ids_in(through: Any, owner: str, seen: QuerySet[Any], end: str) -> Subquery:
    rows = through.objects.filter(among(seen, end), **{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(rows.annotate(ids=StringAgg(f"{end}__public_id", Value(","))).values("ids"))


def meetings_of(user: Reader) -> QuerySet[Meeting]:
    """Meetings and promises are on no public page: who is not signed in is told of none."""
    seen = visible_meetings(user) if user.is_authenticated else Meeting.objects.none()
    found = seen.order_by("-starts_latest", "pk")
    return found.prefetch_related(Prefetch("organisations", seen_organisations(user)))


def commitments_of(user: Reader) -> QuerySet[Commitment]:
    seen = visible_commitments(user) if user.is_authenticated else Commitment.objects.none()
    found = with_owner(user, seen.order_by("due_latest", "sort_key", "pk"))
    return found.annotate(seen_meeting=seen_id(visible_meetings(user), "meeting"))


def requests_of(user: Reader) -> QuerySet[HelpRequest]:
    """What departments asked for is the office's own."""
    found = visible_requests(user).order_by("-asked_on", "-pk")
    return found.annotate(seen_department=seen_id(visible_departments(user), "department"))


def plans_of(user: Reader) -> QuerySet[Plan]:
    found = visible_plans(user).filter(among(visible_organisations(user), "organisation"))
    found = ordered(found).select_related("organisation")
    served = Prefetch("serves", visible_plans(user).only(*IDS).order_by("pk"))
    found = found.annotate(seen_parent=seen_id(visible_plans(user), "parent"))
    return found.prefetch_related(served, "priority_versions__priorities")


def actions_of(user: Reader) -> QuerySet[Action]:
    found = ordered(visible_actions(user)).annotate(seen_plan=seen_id(visible_plans(user), "plan"))
    found = found.annotate(seen_department=seen_id(visible_departments(user), "department"))
    return found.prefetch_related(
        Prefetch("organisations", seen_organisations(user)),
        Prefetch("projects", visible_projects(user).only(*IDS)),
        "milestones",
        "indicators__values",
    )


def sessions_of(user: Reader) -> QuerySet[Session]:
    found = with_owner(user, visible_sessions(user).order_by("-starts_latest", "pk"))
    return found.annotate(seen_plan=seen_id(visible_plans(user), "plan"))


def news_of(user: Reader) -> QuerySet[NewsItem]:
    found = with_owner(user, visible_news(user).order_by("-published_latest", "-created_at", "pk"))
    told = {
        "organisations": (NewsItem.organisations.through, visible_organisations(user), "organisation"),
        "projects": (NewsItem.projects.through, visible_projects(user), "project"),
        "events": (NewsItem.events.through, visible_events(user), "event"),
    }
    more = {f"seen_{name}": _ids_in(rows, "newsitem", seen, end) for name, (rows, seen, end) in told.items()}
    return found.annotate(seen_event=seen_id(visible_events(user), "event"), **more)


def publications_of(user: Reader) -> QuerySet[Publication]:
    found = visible_publications(user).annotate(seen_project=seen_id(visible_projects(user), "project"))
    found = found.prefetch_related(Prefetch("bodies", seen_organisations(user)))
    return found.order_by("-published_latest", "sort_key", "pk")


def pages_of(user: Reader) -> QuerySet[Page]:
    found = visible_pages(user).order_by("position", "sort_key", "pk")
    return found.annotate(seen_parent=seen_id(visible_pages(user), "parent"))


def documents_of(user: Reader) -> QuerySet[Document]:
    return visible_documents(user).defer("text").order_by("-created_at", "pk")


def alone(row: Callable[[Any], c.Row]) -> Callable[[Any, Reader], c.Row]:
    """A row that is the same for whoever sees it."""
    return lambda record, _reader: row(record)


READINGS: dict[str, Reading] = {
    reading.name: reading
    for reading in (
        Reading("organisations", c.OrganisationOut, organisations_of, alone(c.organisation_row)),
        Reading("relations", c.RelationOut, listed_relations_of, alone(c.relation_row)),
        Reading("agreements", c.AgreementOut, agreements_of, alone(c.agreement_row)),
        Reading("positions", c.PositionOut, positions_of, alone(c.position_row)),
        Reading("fees", h.FeeOut, fees_of, h.fee_row),
        Reading("departments", h.DepartmentOut, departments_of, h.department_row),
        Reading("people", h.PersonOut, people_of, h.person_row),
        Reading("posts", h.PostOut, posts_of, h.post_row),
        Reading("figures", h.FigureOut, figures_of, h.figure_row),
        Reading("projects", c.ProjectOut, projects_of, lambda project, _: c.project_row(project, timezone.localdate())),
        Reading("calls", c.CallOut, calls_of, alone(c.call_row)),
        Reading("applications", a.ApplicationOut, applications_of, a.application_row),
        Reading("needs", c.NeedOut, needs_of, alone(c.need_row)),
        Reading("practices", c.PracticeOut, practices_of, alone(c.practice_row)),
        Reading("events", c.EventOut, events_of, alone(c.event_row)),
        Reading("meetings", m.MeetingOut, meetings_of, m.meeting_row),
        Reading("commitments", m.CommitmentOut, commitments_of, m.commitment_row),
        Reading("requests", m.RequestOut, requests_of, m.request_row),
        Reading("plans", p.PlanOut, plans_of, alone(p.plan_row)),
        Reading("actions", p.ActionOut, actions_of, alone(p.action_row)),
        Reading("sessions", m.SessionOut, sessions_of, m.session_row),
        Reading("news", m.NewsOut, news_of, m.news_row),
        Reading("site-pages", m.PageOut, pages_of, m.page_row),
        Reading("publications", c.PublicationOut, publications_of, alone(c.publication_row)),
        Reading("documents", m.DocumentOut, documents_of, m.document_row),
    )
}
