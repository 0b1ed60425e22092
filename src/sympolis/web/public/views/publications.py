"""Studies and publications: whose they are, what they are on, which project they came from."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core import names
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.templatetags.show import plain
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.queries import visible_projects
from sympolis.office.publishing.publications.enums import PublicationKind
from sympolis.office.publishing.publications.models import Publication
from sympolis.office.publishing.publications.numbers import doi_address
from sympolis.office.publishing.publications.queries import of_bodies, of_year, visible_publications, with_bodies
from sympolis.web.public.addresses import find_page
from sympolis.web.public.links import NAMED
from sympolis.web.public.lists import (
    PUBLICATION_ROW,
    Choice,
    asked,
    by_name,
    language,
    listing,
    plain_choices,
    theme_choices,
    with_code,
)
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.then import at


def publications(request: HttpRequest) -> HttpResponse:
    """All publications, the latest first, filtered by kind, theme, body, language, year and words of their titles."""
    seen = visible_publications(request.user)
    question, kind, theme, body, tongue, year = (
        asked(request, name) for name in ("q", "kind", "theme", "body", "language", "year")
    )
    found = with_code(with_code(containing(seen, question), "themes", theme), "languages", tongue)
    if kind:
        found = found.filter(kind=kind)
    if body:
        found = of_bodies(found, visible_organisations(request.user).filter(public_id=body))
    if year:
        found = of_year(found, int(year)) if year.isdecimal() and len(year) == 4 and int(year) else found.none()
    then = asked_moment(request)
    found = at("publications", found, then.only, request.user)
    facets = list(seen.order_by().values_list("languages", "published_latest").distinct())
    context = {
        "listing": listing(request, with_bodies(found.only(*PUBLICATION_ROW), request.user, *NAMED)),
        "question": question,
        "asked": then,
        "kinds": [Choice(one.value, str(one.label), one == kind) for one in PublicationKind],
        "themes": theme_choices(theme),
        "bodies": _bodies(visible_organisations(request.user), seen, body),
        "languages": _tongues((code for codes, _day in facets for code in codes), tongue),
        "years": plain_choices(sorted({str(day.year) for _codes, day in facets if day}, reverse=True), year),
    }
    return render(request, "public/publications.html", context)


def _bodies(seen: QuerySet[Organisation], publications: QuerySet[Publication], chosen: str) -> list[Choice]:
    """The bodies that published what the reader sees, of those the reader sees."""
    theirs = Publication.bodies.through.objects.filter(publication__in=publications.order_by().values("pk"))
    found = seen.filter(pk__in=theirs.values("organisation")).only(*NAMED)
    named = by_name((plain(one.title_text()), one.public_id) for one in found)
    return [Choice(public_id, label, public_id == chosen) for label, public_id in named]


def _tongues(codes: Iterable[str], chosen: str) -> list[Choice]:
    named = by_name((names.TONGUES.name(code, language()), code) for code in {*codes, chosen} if code)
    return [Choice(code, label, code == chosen) for label, code in named]


def publication(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_publications(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    seen = visible_organisations(request.user)
    context = {
        "record": found,
        "publication": found,
        "bodies": seen.filter(publications=found).order_by("sort_key", "pk"),
        "project": visible_projects(request.user).filter(pk=found.project_id).first() if found.project_id else None,
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "doi_address": doi_address(found.doi),
    }
    return render(request, "public/publication.html", context)
