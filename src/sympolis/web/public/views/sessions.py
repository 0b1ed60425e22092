"""The public page of a session: its minutes and, without names, what was said."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.templatetags.show import number, reader_language
from sympolis.office.planning.enums import ParticipantKind
from sympolis.office.planning.models import Contribution, Session
from sympolis.office.planning.queries import visible_plans
from sympolis.office.planning.sessions.queries import (
    counts_of,
    results_of,
    visible_contributions,
    visible_sessions,
)
from sympolis.office.planning.tracing.places import places_of_all
from sympolis.office.planning.tracing.queries import with_homes
from sympolis.web.public.addresses import find_page

SHOWN_PLACES = 12


def session(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """There once the minutes are published; for the office before that, to look at."""
    found = find_page(request, visible_sessions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    rows = visible_contributions(request.user).filter(session=found).order_by("pk")
    said = list(with_homes(request.user, rows) if found.decisions_published_at else rows)
    context = {
        "record": found,
        "session": found,
        "plan": visible_plans(request.user).filter(pk=found.plan_id).first() if found.plan_id else None,
        "counts": counts_of(found),
        "kinds": ParticipantKind.labels,
        "results": with_members(found, said),
        "loose": [one for one in said if one.group_id is None],
    }
    return render(request, "public/session.html", context)


def with_members(found: Session, said: list[Contribution]) -> list[dict[str, Any]]:
    """Each group with what it got, how long its bar is (of 100), what was said in it, and where that is about."""
    results = results_of(found)
    most = max((one.dots for one in results), default=0) or 1
    inside: dict[int | None, list[Contribution]] = {}
    for each in said:
        inside.setdefault(each.group_id, []).append(each)
    return [
        {
            "result": one,
            "length": round(100 * one.dots / most),
            "said": inside.get(one.group.pk, []),
            "places": _named(places_of_all(inside.get(one.group.pk, []))[:SHOWN_PLACES]),
        }
        for one in results
    ]


def _named(places: list[tuple[str, int]]) -> str:
    """As the reader calls them; towns are called what was said."""
    language = reader_language()
    return " · ".join(f"{COUNTRIES.name(place, language)} ({number(count)})" for place, count in places)
