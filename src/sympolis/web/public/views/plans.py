"""Plans with their lines, measures and actions."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.queries import visible_documents
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.voices.queries import tallied
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import asked, containing, listing
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
    seen = visible_plans(request.user)
    found = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    parts = list(seen.filter(parent=found).order_by("starts_earliest", "pk"))
    context = {
        "record": found,
        "plan": found,
        "parent": seen.filter(pk=found.parent_id).first() if found.parent_id else None,
        "owner": visible_organisations(request.user).filter(pk=found.organisation_id).first(),
        "parts": with_actions(request, found, parts),
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "voices": voices_of(request, found),
    }
    context["actions"] = getattr(found, "listed_actions", [])
    return render(request, "public/plan.html", context)


def with_actions(request: HttpRequest, found: Plan, parts: list[Plan]) -> list[Plan]:
    """Give the plan and each of its parts the actions the reader may see."""
    doers = visible_organisations(request.user).defer("description", "imported", "folded")
    actions: dict[int | None, list[Action]] = defaultdict(list)
    shown = visible_actions(request.user).filter(plan__in=[found.pk, *(part.pk for part in parts)])
    for action in tallied(shown).order_by("pk").prefetch_related(Prefetch("organisations", doers)):
        actions[action.plan_id].append(action)
    for plan in (found, *parts):
        plan.listed_actions = actions[plan.pk]  # type: ignore[attr-defined]
    return parts
