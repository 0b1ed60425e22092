"""Projects."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.engine.iati.markers import markers, screened
from sympolis.engine.model import Stage
from sympolis.engine.texts import vocabulary
from sympolis.office.core.enums import TagScheme
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import among, visible_documents
from sympolis.office.core.tagging.queries import confirmed_of, with_confirmed
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.models import Action
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.practices.queries import practices_of
from sympolis.office.projects.queries import at_stage, visible_projects
from sympolis.office.projects.running.forms import SCORES
from sympolis.office.projects.running.models import Running
from sympolis.office.projects.running.queries import running_of
from sympolis.office.projects.running.sums import financing
from sympolis.office.publishing.publications.queries import publications_from
from sympolis.office.publishing.queries import news_about
from sympolis.web.public.addresses import find_page
from sympolis.web.public.carries import carries
from sympolis.web.public.charts import project_chart
from sympolis.web.public.lists import (
    PRACTICE_ROW,
    PROJECT_ROW,
    PUBLICATION_ROW,
    Choice,
    asked,
    country_choices,
    language,
    listing,
    plain_choices,
    theme_choices,
    with_code,
)
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.reach import is_located
from sympolis.web.public.serves import serves
from sympolis.web.public.then import at
from sympolis.web.public.views.charts import kept_for_a_while

NAMES = ("project", "role", "money", *(f"organisation__{name}" for name in (
    "public_id", "slug", "name", "name_language", "names", "short_name", "country", "sort_key", "kind", "latitude",
    "longitude")))  # fmt: skip


def projects(request: HttpRequest) -> HttpResponse:
    """All projects, filtered by theme, country, stage, programme and words of their titles."""
    seen = visible_projects(request.user)
    question, theme, country, stage, programme = (
        asked(request, name) for name in ("q", "theme", "country", "stage", "programme")
    )
    found = with_code(with_code(containing(seen, question), "themes", theme), "countries", country)
    then = asked_moment(request)
    if stage in set(Stage):
        found = at_stage(found, Stage(stage), then.day)
    if programme:
        found = found.filter(programme=programme)
    found = at("projects", found, then.only, request.user)
    facets = list(seen.order_by().values_list("programme", "countries").distinct())
    leads = Participation.objects.filter(
        among(visible_organisations(request.user), "organisation"), role=ParticipationRole.LEAD
    )
    rows = found.only(*PROJECT_ROW).prefetch_related(
        Prefetch("participations", leads.select_related("organisation").only(*NAMES), to_attr="leads")
    )
    context = {
        "listing": listing(request, rows),
        "question": question,
        "asked": then,
        "themes": theme_choices(theme),
        "countries": country_choices({code for _, codes in facets for code in codes}, country),
        "stages": stage_choices(stage),
        "programmes": plain_choices(sorted({one for one, _ in facets if one}), programme),
    }
    return render(request, "public/projects.html", context)


def stage_choices(chosen: str) -> list[Choice]:
    return [
        Choice(term.code, vocabulary.label("stages", term.code, language()), term.code == chosen)
        for term in vocabulary.terms("stages")
    ]


def project(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    seen: Any = with_confirmed(visible_projects(request.user).select_related("running")).annotate(**_has())
    found = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    parts = _seen_parts(request, found)
    running = running_of(found)
    shows_money = running.shows_money and "money_visibility" not in found.withheld
    if "money_visibility" in found.withheld:
        for part in parts:
            part.money = None
    context = {
        "record": found,
        "project": found,
        "leads": [part for part in parts if part.role == ParticipationRole.LEAD],
        "partners": [part for part in parts if part.role != ParticipationRole.LEAD],
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "news": list(news_about(request.user, projects=found)),
        "serves": serves(request.user, found.countries),
        "carries": carries(request.user, "projects", found.pk) if found.has_actions else [],
        "results": running.results,
        "indicators": list(found.indicators.filter(is_public=True)) if found.has_indicators else [],
        "aims": _aims(running),
        "has_map": any(is_located(part.organisation) for part in parts),
        "financing": financing(found.shares.all()) if shows_money else None,
        "practices": practices_of(request.user, found).only(*PRACTICE_ROW),
        "publications": publications_from(request.user, found).only(*PUBLICATION_ROW),
        "milestones": list(found.milestones.filter(is_public=True)) if found.has_milestones else [],
        "today": timezone.localdate(),
        "goals": [*found.sdgs, *confirmed_of(found)[TagScheme.TARGET]],
    }
    return render(request, "public/project.html", context)


def _has() -> dict[str, Exists]:
    """What most projects have none of: it is not asked for where there is none."""
    rows: dict[str, Any] = {name: Project._meta.get_field(name) for name in ("indicators", "milestones")}
    public = {
        f"has_{name}": Exists(field.related_model.objects.filter(project=OuterRef("pk"), is_public=True).order_by())
        for name, field in rows.items()
    }
    carried: Any = Action.projects.through.objects.filter(project=OuterRef("pk"))
    return {**public, "has_actions": Exists(carried)}


def project_map(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Who takes part, by where they are, as GeoJSON."""
    found = find_page(request, visible_projects(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    parts = _seen_parts(request, found)
    lead = next((part for part in parts if part.role == ParticipationRole.LEAD), None)
    others = [(part.organisation, str(part.get_role_display())) for part in parts if part is not lead]
    chart = project_chart(lead.organisation if lead else None, others)
    return kept_for_a_while(request, JsonResponse(chart))


def _seen_parts(request: HttpRequest, project: Project) -> list[Participation]:
    seen = among(visible_organisations(request.user), "organisation")
    parts = Participation.objects.filter(seen, project=project).select_related("organisation").only(*NAMES)
    return list(parts.order_by("organisation__sort_key"))


def _aims(running: Running) -> list[tuple[str, str]]:
    """Policy markers that say the project has an aim, in the reader's words."""
    names = markers()
    told = [(code, score) for code, score in screened(running.markers) if score != "0"]
    return [(names[code].label(language()), str(SCORES[score])) for code, score in told]
