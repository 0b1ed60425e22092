"""Themes of urban action, and what there is on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.engine.texts import vocabulary
from sympolis.office.core.queries import Reader, among
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.queries import visible_calls, visible_needs, visible_projects
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.web.public.lists import CALL_ROW, PROJECT_ROW, PUBLICATION_ROW, language
from sympolis.web.public.views.calls import open_first

FEW = 12
NAMED = ("public_id", "slug", "name", "name_language", "names", "short_name", "confirmed", "illustrative", "sort_key")
NEED = ("organisation", "title", "text", "stage", "confirmed", "illustrative")
COUNTED: dict[str, Callable[[Reader], QuerySet[Any]]] = {
    "organisations": visible_organisations,
    "projects": visible_projects,
    "calls": visible_calls,
    "needs": visible_needs,
}


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme and how many real records carry it."""

    theme: vocabulary.Theme
    label: str
    counts: dict[str, int]


def themes(request: HttpRequest) -> HttpResponse:
    counts = {name: _counts(visible(request.user)) for name, visible in COUNTED.items()}
    rows = [
        ThemeRow(theme, theme.labels[language()], {name: found[theme.code] for name, found in counts.items()})
        for theme in vocabulary.themes()
    ]
    return render(request, "public/themes.html", {"rows": rows})


def _counts(records: QuerySet[Any]) -> Counter[str]:
    """How many records carry each theme; the database puts equal lists together first."""
    counts: Counter[str] = Counter()
    for codes, count in records.filter(illustrative=False).order_by().values_list("themes").annotate(count=Count("pk")):
        for code in codes:
            counts[code] += count
    return counts


def theme(request: HttpRequest, code: str) -> HttpResponse:
    found = next((theme for theme in vocabulary.themes() if theme.code == code), None)
    if found is None:
        raise Http404
    has_it = {"themes__contains": f",{code},"}
    owners = visible_organisations(request.user).only(*NAMED)
    needs = visible_needs(request.user).filter(among(owners, "organisation"), **has_it)
    projects = visible_projects(request.user).filter(**has_it).order_by("-start_latest", "sort_key")
    calls = visible_calls(request.user).filter(closes_latest__gte=timezone.localdate(), **has_it)
    publications = visible_publications(request.user).filter(**has_it)
    context = {
        "theme": found,
        "label": found.labels[language()],
        "goals": [str(goal) for goal in found.sdgs],
        "counts": {
            "organisations": owners.filter(illustrative=False, **has_it).count(),
            "projects": projects.filter(illustrative=False).count(),
        },
        "organisations": owners.filter(**has_it)[:FEW],
        "projects": projects.only(*PROJECT_ROW)[:FEW],
        "calls": open_first(calls.only(*CALL_ROW))[:FEW],
        "publications": publications.only(*PUBLICATION_ROW)[:FEW],
        "needs": needs.only(*NEED).prefetch_related(Prefetch("organisation", owners)).order_by("sort_key")[: 2 * FEW],
    }
    return render(request, "public/theme.html", context)
