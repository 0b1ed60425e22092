"""What the page of one application says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.office.core.models import Document
from sympolis.office.projects.applications.deadlines import here_in_words, in_words
from sympolis.office.projects.applications.enums import IN_HAND, OVER, PartnerRole, PartnerState
from sympolis.office.projects.applications.forms import DecisionForm, PartnerForm, TaskForm
from sympolis.office.projects.applications.queries import latest_requests, visible_partners, visible_tasks
from sympolis.office.projects.models import Application, ApplicationPartner, PartnerRequest
from sympolis.office.synergies.application_partners import checked
from sympolis.office.synergies.brief.wording import Said
from sympolis.office.synergies.enums import InvitationAnswer

ANSWERS = dict(InvitationAnswer.choices)


@dataclass(frozen=True, slots=True)
class PartnerShown:
    """A partner, what stands against them by the call, and the last mail that asked them."""

    row: ApplicationPartner
    against: list[Said]
    request: PartnerRequest | None
    answer: Any


def partners_shown(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the page of an application says of its consortium. Two questions."""
    rows = partners_of(request, application)
    held = checked(application, rows, timezone.localdate())
    asked = latest_requests(rows)
    shown = [
        PartnerShown(
            row,
            held.against.get(row.organisation_id, []) if held else [],
            asked.get(row.pk),
            ANSWERS.get(asked[row.pk].answer, "") if row.pk in asked else "",
        )
        for row in rows
    ]
    return {
        "partners": shown,
        "checked": held,
        "own_against": held.against.get(application.organisation_id, []) if held else [],
        "roles": PartnerRole,
        "partner_states": PartnerState,
        "partner_form": PartnerForm(user=request.user),
        "with_ids": [row.organisation.public_id for row in rows if row.state != PartnerState.NO],
    }


def partners_of(request: HttpRequest, application: Application) -> list[ApplicationPartner]:
    rows = visible_partners(request.user).filter(application=application).select_related("organisation")
    return list(rows.order_by("pk"))


def page_of(request: HttpRequest, found: Application, **forms: Any) -> HttpResponse:
    """The page, with a form that came back where something was to be mended."""
    today: date = timezone.localdate()
    deadline = (found.deadline_on, found.deadline_hour, found.deadline_zone)
    context = {
        "application": found,
        "today": today,
        "deadline": in_words(*deadline),
        "deadline_here": here_in_words(*deadline),
        "is_late": bool(found.deadline and found.deadline < timezone.now() and found.stage in IN_HAND),
        "is_over": found.stage in OVER,
        "tasks": list(visible_tasks(request.user).filter(application=found).select_related("owner", "done_by")),
        "documents": list(Document.objects.filter(record=found.public_id).defer("text")),
        "task_form": TaskForm(),
        "decision_form": DecisionForm(initial={"decision": found.decision, "reason": found.decision_reason}),
        **partners_shown(request, found),
        **forms,
    }
    return render(request, "staff/applications/application.html", context, status=422 if forms else 200)
