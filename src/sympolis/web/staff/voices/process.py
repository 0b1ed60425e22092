"""The process of a plan in the office: a switch, who may take part, what it leads to, and phases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.planning.models import Plan, Process, ProcessPhase
from sympolis.office.planning.queries import changeable_plans
from sympolis.office.planning.voices.process import keep_phase, keep_process, process_for, remove_phase
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.voices.forms import PhaseForm, ProcessForm


def _of(request: HttpRequest, public_id: str) -> tuple[Plan, Process]:
    plan = get_object_or_404(changeable_plans(request.user), public_id=public_id)
    return plan, process_for(plan)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def process(request: HttpRequest, public_id: str) -> HttpResponse:
    plan, found = _of(request, public_id)
    form = ProcessForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        keep_process(reader(request), form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("staff:process", public_id=public_id)
    return _page(request, plan, found, 422 if form.errors else 200, form=form)


def _page(request: HttpRequest, plan: Plan, found: Process, status: int = 200, **more: Any) -> HttpResponse:
    phases = list(found.phases.all()) if found.pk else []
    context = {
        "plan": plan,
        "phases": [(one, PhaseForm(instance=one, prefix=f"phase-{one.pk}")) for one in phases],
        "form": ProcessForm(instance=found),
        "new": PhaseForm(prefix="phase-new"),
        **more,
    }
    if wrong := more.get("wrong"):
        context["phases"] = [(one, wrong if wrong.instance == one else form) for one, form in context["phases"]]
        context["new"] = wrong if wrong.instance.pk is None else context["new"]
    return render(request, "staff/voices/process.html", context, status=status)


@officers
@require_POST
def phase(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a phase, or change one."""
    plan, found = _of(request, public_id)
    number = request.POST.get("phase", "new")
    if number == "new":
        one = ProcessPhase(process=found)
    else:
        one = get_object_or_404(ProcessPhase, process__plan=plan, pk=number if number.isdecimal() else 0)
    form = PhaseForm(request.POST, instance=one, prefix=f"phase-{number if one.pk else 'new'}")
    if not form.is_valid():
        return _page(request, plan, found, 422, wrong=form)
    keep_phase(reader(request), form.save(commit=False))
    messages.success(request, _("Saved."))
    return redirect("staff:process", public_id=public_id)


@officers
@require_POST
def remove(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    plan, _process = _of(request, public_id)
    remove_phase(reader(request), get_object_or_404(ProcessPhase, process__plan=plan, pk=number))
    messages.success(request, _("Removed. What was said in it stays."))
    return redirect("staff:process", public_id=public_id)
