"""Plans with their lines, measures and actions."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from sympolis.office.core.queries import visible_documents
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.queries import visible_plans, visible_versions
from sympolis.office.planning.tracing.heat import heat_map
from sympolis.web.public import heat
from sympolis.web.public.action_page import action_page, readable_actions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.grounds import with_grounds
from sympolis.web.public.lists import asked, containing, listing
from sympolis.web.public.plan_alignment import alignment_page
from sympolis.web.public.plan_data import FORMS, as_file, rows_of
from sympolis.web.public.plan_map import places_chart
from sympolis.web.public.plan_pages import (
    WAYS,
    changed_lately,
    grouped,
    plan_page,
    timeline,
    with_doers,
)
from sympolis.web.public.plan_versions import compared
from sympolis.web.public.views.charts import kept_for_a_while
from sympolis.web.public.voices.shown import voices_of


def plans(request: HttpRequest) -> HttpResponse:
    """Whole plans, the latest first; lines and measures are on their pages."""
    question = asked(request, "q")
    found = containing(visible_plans(request.user), question).filter(kind=PlanKind.PLAN)
    owners = visible_organisations(request.user).defer("description", "imported", "folded")
    rows = found.order_by("-starts_latest", "sort_key").prefetch_related(Prefetch("organisation", owners))
    return render(request, "public/plans.html", {"listing": listing(request, rows), "question": question})


def plan(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """A plan, line or measure: what it is part of, its parts, and the actions of all of them."""
    versions = visible_versions(request.user).order_by().filter(plan=OuterRef("pk"))
    owners = visible_organisations(request.user).order_by().filter(pk=OuterRef("organisation"))
    seen: Any = visible_plans(request.user).select_related("organisation")
    found: Any = find_page(
        request, seen.annotate(has_versions=Exists(versions), names_owner=Exists(owners)), slug, public_id
    )
    if isinstance(found, HttpResponse):
        return found
    page = plan_page(request.user, found)
    if page.is_small:
        with_doers(request.user, page.tree.all_actions())
    with_grounds(request.user, [found, *(node.plan for node, _level in page.lines)])
    context = {
        "record": found,
        "plan": found,
        "page": page,
        "parent": page.parents[-1] if page.parents else None,
        "owner": found.organisation if found.names_owner else None,
        "voices": voices_of(request, found),
        "ways": WAYS,
        "forms": FORMS,
        "action_row": f"public/_action_{'row' if page.is_small else 'line'}.html",
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/plan.html", context)


def plan_by(request: HttpRequest, slug: str, public_id: str, way: str) -> HttpResponse:
    """The actions of a plan by goal, place or department, over time, or as they changed."""
    found = find_page(request, visible_plans(request.user).select_related("organisation"), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if way not in WAYS:
        raise Http404
    page = plan_page(request.user, found, whole=True, how_far=way not in {"heat", "alignment"})
    actions = page.tree.all_actions()
    context: dict[str, Any] = {
        "record": found,
        "plan": found,
        "page": page,
        "ways": WAYS,
        "way": way,
        "heading": WAYS[way],
    }
    if way == "time":
        context["moments"] = timeline(actions)
    elif way == "changes":
        context["changed"] = changed_lately(page)
    elif way == "heat":
        context["heat"] = heat.shown(heat_map(request.user, found, actions))
    elif way == "alignment":
        context |= alignment_page(request.user, page)
    else:
        context["groups"] = grouped(request.user, way, actions)
        context["has_map"] = way == "places" and any(one.countries or one.regions for one in actions)
    return render(request, "public/plan_by.html", context)


@gzip_page
def plan_map(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What the map of a plan by place draws."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    by_place = reverse("public:plan_by", kwargs={"slug": found.slug, "public_id": found.public_id, "way": "places"})
    actions = plan_page(request.user, found).tree.all_actions()
    return kept_for_a_while(request, JsonResponse(places_chart(actions, by_place)))


def plan_data(request: HttpRequest, slug: str, public_id: str, form: str) -> HttpResponseBase:
    """The actions of a plan as a table to take away."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if form not in FORMS:
        raise Http404
    return as_file(form, rows_of(request.user, plan_page(request.user, found, whole=True)), found.public_id)


def plan_versions(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The versions of a plan that went into consultation or were approved, and what differs between two."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    context = {"record": found, "plan": found, "comparison": compared(request.user, found, request.GET)}
    return render(request, "public/plan_versions.html", context)


def action(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """An action: what it is for, who does it, how far it is and what says so."""
    found = find_page(request, readable_actions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    with_grounds(request.user, [], [found])
    context = {"record": found, "voices": voices_of(request, found), **action_page(request.user, found)}
    return render(request, "public/action.html", context)
