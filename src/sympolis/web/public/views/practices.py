"""Practices: what was tried, what came of it, and what others can learn from it."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.enums import TagScheme
from sympolis.office.core.form_fields import goal_choices
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.tagging.queries import confirmed_of, with_confirmed
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_projects
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import (
    PRACTICE_ROW,
    Choice,
    asked,
    country_choices,
    listing,
    theme_choices,
    with_code,
)
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.serves import serves
from sympolis.web.public.then import at

NAMES = ("public_id", "slug", "name", "name_language", "names", "short_name", "country", "sort_key")


def practices(request: HttpRequest) -> HttpResponse:
    """All practices, filtered by theme, goal, country and words of their titles."""
    seen = visible_practices(request.user)
    question, theme, goal, country = (asked(request, name) for name in ("q", "theme", "goal", "country"))
    found = with_code(with_code(containing(seen, question), "themes", theme), "sdgs", goal)
    then = asked_moment(request)
    found = at("practices", with_code(found, "countries", country), then.only, request.user)
    owners = visible_organisations(request.user).only(*NAMES)
    rows = found.only(*PRACTICE_ROW, "problem", "organisation").prefetch_related(Prefetch("organisation", owners))
    countries = {code for codes in seen.order_by().values_list("countries", flat=True).distinct() for code in codes}
    context = {
        "listing": listing(request, rows),
        "question": question,
        "asked": then,
        "themes": theme_choices(theme),
        "goals": [Choice(code, label, code == goal) for code, label in goal_choices()],
        "countries": country_choices(countries, country),
    }
    return render(request, "public/practices.html", context)


def practice(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, with_confirmed(visible_practices(request.user)), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    context = {
        "record": found,
        "practice": found,
        "organisation": visible_organisations(request.user).only(*NAMES).filter(pk=found.organisation_id).first(),
        "project": visible_projects(request.user).filter(pk=found.project_id).first() if found.project_id else None,
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "serves": serves(request.user, found.countries),
        "goals": [*found.sdgs, *confirmed_of(found)[TagScheme.TARGET]],
    }
    return render(request, "public/practice.html", context)
