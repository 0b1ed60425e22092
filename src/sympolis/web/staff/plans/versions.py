"""The versions of a plan: keep one when it goes into consultation or is approved; see what differs."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sympolis.office.planning.enums import PlanStage
from sympolis.office.planning.queries import changeable_plans
from sympolis.office.planning.versions import take_version
from sympolis.web.public.plan_versions import compared
from sympolis.web.staff.brief.access import officers, reader


class VersionForm(forms.Form):
    """At what stage the plan is from now on, and what this version is called."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=PlanStage.choices)
    label = forms.CharField(
        label=gettext_lazy("What it is called"),
        max_length=200,
        help_text=gettext_lazy("For instance: as approved by the council in July 2021."),
    )


@officers
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    plan = get_object_or_404(changeable_plans(request.user), public_id=public_id)
    form = VersionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        take_version(reader(request), plan, form.cleaned_data["stage"], form.cleaned_data["label"])
        messages.success(request, _("Kept."))
        return redirect("staff:plan_versions", public_id=public_id)
    context = {"plan": plan, "form": form, "comparison": compared(request.user, plan, request.GET)}
    return render(request, "staff/plans/versions.html", context, status=422 if form.is_bound else 200)
