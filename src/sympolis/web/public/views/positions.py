"""Positions: what organisations said together, to whom, and what came of it."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import visible_documents
from sympolis.office.directory.queries import visible_organisations, visible_positions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.links import NAMED
from sympolis.web.public.lists import asked, listing, theme_choices, with_code

SIGNATORIES_SHOWN = 6


def positions(request: HttpRequest) -> HttpResponse:
    """All positions, the latest first, with who signed them."""
    question, theme = asked(request, "q"), asked(request, "theme")
    found = with_code(containing(visible_positions(request.user), question), "themes", theme)
    seen = visible_organisations(request.user).only(*NAMED)
    rows = found.order_by("-adopted_latest", "sort_key").defer("text", "outcome", "imported", "folded", "note")
    first = seen.order_by("sort_key")[:SIGNATORIES_SHOWN]
    rows = rows.prefetch_related(Prefetch("signatories", first, "first_signatories"), Prefetch("addressed_to", seen))
    context = {"listing": listing(request, rows), "question": question, "themes": theme_choices(theme)}
    return render(request, "public/positions.html", context)


def position(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_positions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    seen = visible_organisations(request.user)
    context = {
        "record": found,
        "position": found,
        "signatories": seen.filter(pk__in=found.signatories.order_by().values("pk")).order_by("sort_key"),
        "addressed_to": seen.filter(positions_received=found).first(),
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/position.html", context)
