"""Projects."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.engine.model import Stage
from sympolis.engine.texts import vocabulary
from sympolis.office.core.enums import TagScheme
from sympolis.office.core.queries import among, visible_documents
from sympolis.office.core.tagging.queries import confirmed_codes
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import at_stage, visible_projects
from sympolis.office.projects.running.queries import running_of
from sympolis.office.projects.running.sums import financing
from sympolis.office.publishing.queries import news_about
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import (
    PROJECT_ROW,
    Choice,
    asked,
    containing,
    country_choices,
    language,
    listing,
    plain_choices,
    theme_choices,
    with_code,
)
from sympolis.web.public.serves import serves

NAMES = ("project", "role", "money", *(f"organisation__{name}" for name in (
    "public_id", "slug", "name", "name_language", "names", "short_name", "country", "sort_key")))  # fmt: skip


def projects(request: HttpRequest) -> HttpResponse:
    """All projects, filtered by theme, country, stage, programme and words of their titles."""
    seen = visible_projects(request.user)
    question, theme, country, stage, programme = (
        asked(request, name) for name in ("q", "theme", "country", "stage", "programme")
    )
    found = with_code(with_code(containing(seen, question), "themes", theme), "countries", country)
    if stage in set(Stage):
        found = at_stage(found, Stage(stage), timezone.localdate())
    if programme:
        found = found.filter(programme=programme)
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
    found = find_page(request, visible_projects(request.user).select_related("running"), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    parts = list(
        Participation.objects.filter(among(visible_organisations(request.user), "organisation"), project=found)
        .select_related("organisation")
        .only(*NAMES)
        .order_by("organisation__sort_key")
    )
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
        "results": running.results,
        "financing": financing(found.shares.all()) if shows_money else None,
        "milestones": list(found.milestones.filter(is_public=True)),
        "today": timezone.localdate(),
        "goals": [*found.sdgs, *confirmed_codes(found.public_id)[TagScheme.TARGET]],
    }
    return render(request, "public/project.html", context)
