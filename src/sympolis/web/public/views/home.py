"""The first page: what this office does, where its links lead, what is new."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.office.events.queries import visible_events
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.events.encounters import Switches
from sympolis.web.public.lists import kind_choices, theme_choices
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.reach import countries_of, reach_of
from sympolis.web.public.views.charts import narrowing_of

FEW = 5
NAMED = ("public_id", "slug", "title", "confirmed", "illustrative", "sort_key")
LASTING = ("start_earliest", "start_latest", "end_earliest", "end_latest")


def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    office = getattr(request, "office", None)
    organisation = office.organisation if office else None
    asked = asked_moment(request)
    switches = Switches.of(request, asked)
    whole = reach_of(user, organisation, asked.moment, switches.on) if organisation else None
    kind, theme = narrowing_of(request)
    reach = whole.narrowed(kind, theme) if whole else None
    real = {"illustrative": False}
    calls = (
        visible_calls(user)
        .only(*NAMED, "programme", "opens_earliest", "opens_latest", "closes_earliest", "closes_latest")
        .filter(closes_latest__gte=today, **real)
        .order_by("closes_latest", "sort_key")
    )
    context = {
        "organisation": organisation,
        "asked": asked,
        "about": office.about if office else "",
        "reach": reach,
        "is_narrow": bool(kind or theme),
        "map_query": _map_query(switches, kind, theme),
        "kinds": kind_choices({one.organisation.kind for one in whole.located}, kind) if whole else (),
        "themes": theme_choices(theme),
        "switches": switches,
        "reached_countries": countries_of(harbour.organisation for harbour in reach.located) if reach else 0,
        "projects": visible_projects(user)
        .only(*NAMED, *LASTING, "programme", "stage")
        .filter(**real)
        .order_by("-start_latest", "sort_key")[:FEW],
        "coming": visible_events(user)
        .only(*NAMED, *LASTING, "place")
        .filter(start_latest__gte=today, **real)
        .order_by("start_latest")[:FEW],
        "held": visible_events(user).only(*NAMED, *LASTING, "place").filter(start_latest__lt=today, **real)[:FEW],
        "news": visible_news(user).only(*NAMED, "published_earliest", "published_latest").filter(**real)[:FEW],
        "calls": calls[:FEW],
    }
    return render(request, "public/home.html", context)


def _map_query(switches: Switches, kind: str, theme: str) -> str:
    """What the map and the graph are asked for, as the page is."""
    narrow = [(name, value) for name, value in (("kind", kind), ("theme", theme)) if value]
    said = [*switches.pairs, *narrow]
    return "?" + urlencode(said) if said else ""
