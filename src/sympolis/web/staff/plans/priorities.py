"""The geographical priorities of a plan, version by version; how effort stands to them, and what carries the plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.models import User
from sympolis.office.planning.forms import PrioritiesVersionForm, PriorityForm
from sympolis.office.planning.models import GeographicalPriority, Plan
from sympolis.office.planning.priorities.actions import (
    begin_version,
    keep_priority,
    remove_priority,
    remove_version,
)
from sympolis.office.planning.priorities.queries import visible_priorities
from sympolis.office.planning.queries import changeable_plans
from sympolis.office.planning.voices.errors import VoiceRefused
from sympolis.office.synergies.queries import visible_meetings
from sympolis.web.public.plan_alignment import Things, alignment_page
from sympolis.web.public.plan_pages import page_by
from sympolis.web.staff.brief.access import officers, reader

MOST_MEETINGS = 2_000


def plan_of(request: HttpRequest, public_id: str) -> Plan:
    return get_object_or_404(changeable_plans(request.user).select_related("organisation"), public_id=public_id)


@officers
@never_cache
@require_safe
def alignment(request: HttpRequest, public_id: str) -> HttpResponse:
    """As the public page, with what only the office sees: its meetings, its own projects and links."""
    plan = plan_of(request, public_id)
    page = page_by(request.user, plan, "alignment")
    context = {"plan": plan, "page": page, **alignment_page(request.user, page, _meetings(reader(request), plan))}
    return render(request, "staff/plans/alignment.html", context)


def _meetings(user: User, plan: Plan) -> Things:
    """Where meetings lead: each with the countries of those who meet, save our own. One question."""
    rows = visible_meetings(user).filter(illustrative=False).order_by("-pk")
    pairs = rows.values_list("pk", "organisations__country")[: MOST_MEETINGS * 4]
    found: dict[int, set[str]] = {}
    for meeting, country in pairs:
        if country and country != plan.organisation.country:
            found.setdefault(meeting, set()).add(country)
    return [(tuple(countries), ()) for countries in found.values()]


@officers
@never_cache
@require_safe
def priorities(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, plan_of(request, public_id))


def _page(request: HttpRequest, plan: Plan, status: int = 200, **more: Any) -> HttpResponse:
    versions = list(visible_priorities(request.user).filter(plan=plan))
    today = timezone.localdate()
    holds = next((one for one in versions if one.since <= today), None)
    context = {
        "plan": plan,
        "versions": versions,
        "holds": holds,
        "version_form": PrioritiesVersionForm(initial={"since": today}),
        "priority_form": PriorityForm(auto_id="id_priority_%s"),
        "changed": None,
        **more,
    }
    return render(request, "staff/plans/priorities.html", context, status=status)


@officers
@require_POST
def begin(request: HttpRequest, public_id: str) -> HttpResponse:
    plan, form = plan_of(request, public_id), PrioritiesVersionForm(request.POST)
    if form.is_valid():
        try:
            begin_version(reader(request), plan, form.cleaned_data["label"], form.cleaned_data["since"])
        except VoiceRefused as refused:
            form.add_error("since", str(refused.sentence))
        else:
            messages.success(request, _("Begun. It starts with what held the day before: change what differs."))
            return redirect("staff:plan_priorities", public_id=public_id)
    return _page(request, plan, 422, version_form=form)


@officers
@require_POST
def end(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Take a version away, with what is in it."""
    remove_version(reader(request), get_object_or_404(plan_of(request, public_id).priority_versions, pk=number))
    messages.success(request, _("Removed."))
    return redirect("staff:plan_priorities", public_id=public_id)


@officers
def priority(request: HttpRequest, public_id: str, number: int, priority: int | None = None) -> HttpResponse:
    """Add a priority to a version, change it, or take it away."""
    plan = plan_of(request, public_id)
    version = get_object_or_404(plan.priority_versions, pk=number)
    one = get_object_or_404(version.priorities, pk=priority) if priority else GeographicalPriority(version=version)
    if request.method != "POST":
        return _page(request, plan, changed=one, priority_form=PriorityForm(instance=one, auto_id="id_priority_%s"))
    if one.pk and request.POST.get("what") == "remove":
        remove_priority(reader(request), one)
    else:
        form = PriorityForm(request.POST, instance=one, auto_id="id_priority_%s")
        if not form.is_valid():
            return _page(request, plan, 422, changed=one, priority_form=form)
        try:
            keep_priority(reader(request), form.instance)
        except VoiceRefused as refused:
            form.add_error(None, str(refused.sentence))
            return _page(request, plan, 409, changed=one, priority_form=form)
    messages.success(request, _("Saved."))
    return redirect("staff:plan_priorities", public_id=public_id)
