"""Calls for funding: those one can still answer first."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.office.core.enums import TagScheme
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.tagging.queries import confirmed_of, with_confirmed
from sympolis.office.projects.enums import Gives
from sympolis.office.projects.models import Call
from sympolis.office.projects.queries import visible_calls
from sympolis.office.synergies.eligibility import asking, rows_for
from sympolis.office.synergies.watching.queries import changes_of
from sympolis.web.public.addresses import find_page
from sympolis.web.public.carries import carries
from sympolis.web.public.lists import (
    CALL_ROW,
    Choice,
    asked,
    country_choices,
    kind_choices,
    listing,
    plain_choices,
    theme_choices,
    with_code,
)
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.then import at


def calls(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, then those whose deadline nobody knows, then closed ones, the latest first."""
    seen = visible_calls(request.user)
    question, theme, country, kind, gives, programme = (
        asked(request, name) for name in ("q", "theme", "country", "kind", "gives", "programme")
    )
    found = with_code(containing(seen, question), "themes", theme)
    if country:  # calls that do not say who may apply stay: nobody knows that one may not
        found = found.filter(Q(eligible_countries__contains=f",{country},") | Q(eligible_countries=""))
    if kind:
        found = found.filter(Q(eligible_kinds__contains=f",{kind},") | Q(eligible_kinds=""))
    if gives:
        found = found.filter(gives=gives)
    if programme:
        found = found.filter(programme=programme)
    then = asked_moment(request)
    found = at("calls", found, then.only, request.user)
    facets = list(seen.order_by().values_list("programme", "eligible_countries", "eligible_kinds").distinct())
    context = {
        "listing": listing(request, open_first(found).only(*CALL_ROW)),
        "question": question,
        "asked": then,
        "watched": {
            "words": question,
            "theme": theme,
            "country": country,
            "kind": kind,
            "gives": gives,
            "programme": programme,
        },
        "themes": theme_choices(theme),
        "countries": country_choices({code for _, codes, _kinds in facets for code in codes}, country),
        "kinds": kind_choices({code for *_, kinds in facets for code in kinds}, kind),
        "givings": [Choice(code, str(label), code == gives) for code, label in Gives.choices],
        "programmes": plain_choices(sorted({one for one, *_ in facets if one}), programme),
    }
    return render(request, "public/calls.html", context)


def open_first(found: QuerySet[Call]) -> QuerySet[Call]:
    today = timezone.localdate()
    rank = Case(
        When(closes_latest__gte=today, then=Value(0)),
        When(closes_latest=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    still_open = Case(When(closes_latest__gte=today, then="closes_latest"))
    return found.annotate(rank=rank, deadline=still_open).order_by("rank", "deadline", "-closes_latest", "sort_key")


def call(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, with_confirmed(visible_calls(request.user)), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    organisation, confirmed = asking(request.user), confirmed_of(found)
    context = {
        "record": found,
        "call": found,
        "goals": [*confirmed[TagScheme.GOAL], *confirmed[TagScheme.TARGET]],
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "carries": carries(request.user, "calls", found.pk),
        "changes": changes_of(found, timezone.localdate()),
        "asking": organisation,
        "eligibility": rows_for(found, organisation, timezone.localdate()) if organisation else [],
    }
    return render(request, "public/call.html", context)
