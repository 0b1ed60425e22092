"""Projects, calls, needs and offers, as search reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.searchable import OFFICE, PartOf, Searchable, audiences, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import countries_told
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.enums import NeedStage
from sympolis.office.projects.models import Application, Call, Need, Practice, Project
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_needs, visible_projects
from sympolis.office.projects.running.queries import running_of


def project_documents(project: Project) -> Iterator[Document]:
    partners = list(project.organisations.all())
    steps: list[Any] = [*project.milestones.all(), *project.indicators.all()]
    told = [one.title for one in steps if one.is_public]
    entry = public_document(
        project,
        "project",
        text=joined(project.summary, running_of(project).results, *told),
        countries=tuple(dict.fromkeys([*project.countries, *countries_told(partners)])),
        themes=project.themes,
        sdgs=tuple(int(goal) for goal in project.sdgs if goal.isdigit()),
        earliest=project.start_earliest,
        latest=project.end_latest,
        audiences=audiences(project, *(one.public_id for one in partners)),
    )
    yield entry
    yield from office_document(entry, project.note, *_run_by_the_office(project))


def _run_by_the_office(project: Project) -> Iterator[str]:
    """The words of how it is run, which nobody outside reads: its work, what may go wrong, what is owed."""
    titled: Any = (*project.work_packages.all(), *project.milestones.all(), *project.indicators.all())
    for one in titled:
        yield from one.title.plain().values()
    for package in project.work_packages.all():
        yield package.code
    for risk in project.risks.all():
        yield from (risk.what, risk.answer)


def all_projects() -> QuerySet[Project]:
    kept = ("organisations", "work_packages", "milestones", "indicators", "risks")
    return Project.objects.select_related("running").prefetch_related(*kept)


def call_documents(call: Call) -> Iterator[Document]:
    entry = public_document(
        call,
        "call",
        text=call.summary.plain(),
        aliases=(call.programme,) if call.programme else (),
        countries=call.eligible_countries,
        themes=call.themes,
        earliest=call.opens_earliest,
        latest=call.closes_latest,
    )
    yield entry
    yield from office_document(entry, call.note)


def need_documents(need: Need) -> Iterator[Document]:
    entry = public_document(
        need,
        "practice" if need.stage == NeedStage.OFFER else "need",
        text=need.text.plain(),
        countries=(need.organisation.country,) if need.organisation.country else (),
        themes=need.themes,
        audiences=audiences(need, need.organisation.public_id),
    )
    yield entry
    yield from office_document(entry, need.note)


def all_needs() -> QuerySet[Need]:
    return Need.objects.select_related("organisation")


def practice_documents(practice: Practice) -> Iterator[Document]:
    entry = public_document(
        practice,
        "practice",
        text=joined(practice.problem, practice.done, practice.results, practice.lessons, practice.evidence),
        aliases=(practice.place,) if practice.place else (),
        countries=practice.countries or ((practice.organisation.country,) if practice.organisation.country else ()),
        themes=practice.themes,
        sdgs=tuple(int(goal) for goal in practice.sdgs if goal.isdigit()),
        earliest=practice.start_earliest,
        latest=practice.end_latest,
        audiences=audiences(practice, practice.organisation.public_id),
    )
    yield entry
    yield from office_document(entry, practice.note)


def all_practices() -> QuerySet[Practice]:
    return Practice.objects.select_related("organisation")


def application_documents(application: Application) -> Iterator[Document]:
    """For the office alone, whatever the record says."""
    public = public_document(
        application,
        "application",
        text=application.summary.plain(),
        aliases=(application.programme,) if application.programme else (),
        latest=application.deadline_on,
    )
    entry = replace(public, audiences=(OFFICE,))
    yield entry
    yield from office_document(entry, application.note, application.result, application.decision_reason)


def told_of(public_ids: Iterable[str]) -> Iterable[str]:
    """The projects and needs whose entries say the country of these organisations: it is told as far as they are."""
    listed = list(public_ids)
    projects = Project.objects.filter(organisations__public_id__in=listed).order_by()
    needs = Need.objects.filter(organisation__public_id__in=listed).order_by()
    rows = (one.values_list("public_id", flat=True) for one in (projects, needs))
    return dict.fromkeys(public_id for found in rows for public_id in found)


SEARCHABLE = (
    Searchable(Application, Application.objects.all, application_documents, visible_applications),
    Searchable(Project, all_projects, project_documents, visible_projects),
    Searchable(Practice, all_practices, practice_documents, visible_practices),
    Searchable(Call, Call.objects.all, call_documents, visible_calls),
    Searchable(Need, all_needs, need_documents, visible_needs, "organisation__slug", "organisation__public_id"),
)
PARTS = (PartOf(Organisation.ID_PREFIX, told_of),)
