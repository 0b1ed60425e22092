"""An action as those see it who answer for it: what is overdue, its milestones and indicators, how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.models import RetiredId
from sympolis.office.core.queries import visible_documents
from sympolis.office.planning.actions import ask_again, keep_told, remove_told, stop_asking
from sympolis.office.planning.forms import IndicatorForm, IndicatorValueForm, MilestoneForm
from sympolis.office.planning.listed import COUNTED, NAMED, listed
from sympolis.office.planning.models import Action, Indicator, IndicatorValue, Milestone, NoQuestions
from sympolis.office.planning.queries import changeable_actions, overdue_steps, progress_of, visible_actions
from sympolis.office.planning.reminders import overdue_actions
from sympolis.web.public.action_page import how_far
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.records.gone import gone

SHOWN = 200
STEP_ID, INDICATOR_ID = "id_step_%s", "id_indicator_%s"


@login_required
def my_actions(request: HttpRequest) -> HttpResponse:
    """The actions this user answers for, those that wait for a word first; whether they are asked by mail."""
    user = reader(request)
    if request.method == "POST":
        (stop_asking if request.POST.get("ask") == "no" else ask_again)(user)
        messages.success(request, _("Saved."))
        return redirect("staff:my_actions")
    waiting = set(overdue_actions(timezone.localdate()).order_by().values_list("pk", flat=True))
    rows = changeable_actions(user).filter(illustrative=False).order_by("sort_key", "pk")[:SHOWN]
    actions = sorted(listed(rows, *NAMED, *COUNTED), key=lambda one: one.pk not in waiting)
    context = {
        "actions": actions,
        "progress": progress_of(actions),
        "waiting": waiting,
        "is_asked": not NoQuestions.objects.filter(user=user).exists(),
    }
    return render(request, "staff/plans/actions.html", context)


@login_required
@require_safe
def action(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who sees an action and does not answer for it reads its public page."""
    found = changeable_actions(request.user).filter(public_id=public_id).first()
    if found is not None:
        return _page(request, found)
    seen = visible_actions(request.user).filter(public_id=public_id).first()
    return redirect(seen) if seen else gone(request, get_object_or_404(RetiredId, public_id=public_id))


def _of(request: HttpRequest, public_id: str) -> Action:
    return get_object_or_404(changeable_actions(request.user), public_id=public_id)


def _page(request: HttpRequest, found: Action, status: int = 200, **more: Any) -> HttpResponse:
    documents = visible_documents(request.user).filter(record=found.public_id)
    progress, steps, measured = how_far(found, documents)
    context = {
        "action": found,
        "progress": progress,
        "steps": steps,
        "measured": [(one, _value_form(one.indicator, more)) for one in measured],
        "late": set(overdue_steps(timezone.localdate()).filter(action=found).values_list("pk", flat=True)),
        "milestone_form": MilestoneForm(documents=documents, auto_id=STEP_ID),
        "indicator_form": IndicatorForm(auto_id=INDICATOR_ID),
        **more,
    }
    return render(request, "staff/plans/action.html", context, status=status)


def _value_form(of: Indicator, more: dict[str, Any]) -> IndicatorValueForm:
    """A form for each indicator, told apart by the ids of its boxes."""
    if more.get("value_of") == of:
        sent: IndicatorValueForm = more["value_form"]
        return sent
    return IndicatorValueForm(auto_id=f"id_{of.pk}_%s")


@login_required
def milestone(request: HttpRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """Add a milestone, change it, or take it away."""
    found = _of(request, public_id)
    one = get_object_or_404(found.milestones, pk=number) if number else Milestone(action=found)
    documents = visible_documents(request.user).filter(record=found.public_id)
    data = request.POST if request.method == "POST" else None
    return _told(
        request, found, one, MilestoneForm(data, instance=one, documents=documents, auto_id=STEP_ID), "milestone_form"
    )


@login_required
def indicator(request: HttpRequest, public_id: str, number: int | None = None) -> HttpResponse:
    found = _of(request, public_id)
    one = get_object_or_404(found.indicators, pk=number) if number else Indicator(action=found)
    data = request.POST if request.method == "POST" else None
    return _told(request, found, one, IndicatorForm(data, instance=one, auto_id=INDICATOR_ID), "indicator_form")


def _told(request: HttpRequest, found: Action, one: Milestone | Indicator, form: Any, name: str) -> HttpResponse:
    """Keep what a form says of an action; looked at, it is shown with what stands there."""
    if request.method != "POST":
        if not one.pk:
            return redirect("staff:action", public_id=found.public_id)
        return _page(request, found, **{name: form, "changed": one})
    if one.pk and request.POST.get("what") == "remove":
        remove_told(reader(request), one)
    elif not form.is_valid():
        return _page(request, found, 422, **{name: form, "changed": one if one.pk else None})
    else:
        keep_told(reader(request), form.instance)
    messages.success(request, _("Saved."))
    return redirect("staff:action", public_id=found.public_id)


@login_required
@require_POST
def value(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """What an indicator shall be in a year, or was. Said again of the same year it takes that year's place."""
    found = _of(request, public_id)
    of = get_object_or_404(found.indicators, pk=number)
    year = request.POST.get("year", "")
    known = of.values.filter(year=year).first() if year.isdecimal() and len(year) == 4 else None
    form = IndicatorValueForm(request.POST, instance=known or IndicatorValue(indicator=of), auto_id=f"id_{of.pk}_%s")
    if not form.is_valid():
        return _page(request, found, 422, value_form=form, value_of=of)
    if request.POST.get("what") == "remove":
        if known:
            remove_told(reader(request), known)
    else:
        keep_told(reader(request), form.instance)
    messages.success(request, _("Saved."))
    return redirect("staff:action", public_id=found.public_id)
