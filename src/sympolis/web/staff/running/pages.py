"""What is kept of a project that runs, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sympolis.office.core.form_fields import language_now
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.enums import Level
from sympolis.office.projects.running.forms import ObligationForm, RunningForm
from sympolis.office.projects.running.models import Obligation, PartnerShare, Running
from sympolis.office.projects.running.programmes import Labelled, programme
from sympolis.office.projects.running.queries import (
    milestones_of,
    not_adding_up,
    number_changes,
    parts_of,
    run_projects,
    running_of,
    shares_of,
)
from sympolis.office.projects.running.sums import (
    Compared,
    compared,
    compared_by,
    exact_sum,
    financing,
    from_cents,
    moved,
    spent,
)
from sympolis.web.public.carries import carries
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.running.access import elsewhere, page, project_or_404
from sympolis.web.staff.running.drawings import gantt, spent_plot
from sympolis.web.staff.running.entries import kept
from sympolis.web.staff.running.kinds import KINDS

PAGE_LENGTH = 50
MOST_CHANGES = 100
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A sum and what it is the sum of."""

    name: Any
    sums: Compared


@login_required
@require_safe
def overview(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an office wants to know first: partners and money, what is owed next, where the official system is."""
    project = run_projects(request.user).filter(public_id=public_id).first()
    if project is None:
        return elsewhere(request, public_id)
    shares, lines, milestones = shares_of(project), spent(project.budget_lines.all()), milestones_of(project)
    parts = parts_of(project)
    names = {part.organisation_id: part.organisation.name for part in parts}
    reports = list(project.periods.filter(done_on=None, due__isnull=False).order_by("due"))
    today = timezone.localdate()
    open_ones = [one.due for one in milestones if not one.done_on] + [one.due for one in reports]
    by_partner: dict[int, list[PartnerShare]] = {}
    for share in shares:
        by_partner.setdefault(share.organisation_id, []).append(share)
    context: dict[str, Any] = {
        "shares": [(part, by_partner.pop(part.organisation_id, [])) for part in parts],
        "left_over": left_over(request, [share for theirs in by_partner.values() for share in theirs]),
        "financing": financing(shares),
        "spent": compared(lines),
        "moved": moved(project.payments),
        "milestones": milestones,
        "reports": reports,
        "next_day": min((day for day in open_ones if day), default=None),
        "today": today,
        "carries": carries(request.user, "projects", project.pk),
        "brought": project.shares_brought.defer("before")[:MOST_FILES],
        "wrong": not_adding_up(project, shares, lines, names),
    }
    return page(request, "overview", project, tab="running", **context)


@login_required
@require_safe
def budget(request: HttpRequest, public_id: str) -> HttpResponse:
    """Planned against actual, by category, by partner and by year, and all lines."""
    project = project_or_404(request, public_id)
    lines, shares = spent(project.budget_lines.all()), shares_of(project)
    rules = programme(running_of(project).rules)
    names = {part.organisation_id: part.organisation.name for part in parts_of(project)}
    labels = {one.code: one.label(language_now()) for one in rules.categories}
    shown = Paginator(project.budget_lines.defer("version"), PAGE_LENGTH).get_page(request.GET.get("page"))
    by_category = _named(compared_by(lines, "category"), labels, _("without a category"))
    context: dict[str, Any] = {
        "lines": shown,
        "rows": [
            (line, labels.get(line.category, line.category), names.get(line.organisation_id or 0, "")) for line in shown
        ],
        "total": compared(lines),
        "by_category": by_category,
        "by_partner": _named(compared_by(lines, "partner"), names, _("without a partner")),
        "by_year": sorted(_named(compared_by(lines, "year"), {}, _("without a year")), key=lambda one: str(one.name)),
        "plot": spent_plot([(one.name, one.sums) for one in by_category], project.currency),
        "brought": project.lines_brought.all()[:MOST_FILES],
        "wrong": not_adding_up(project, shares, lines, names),
    }
    return page(request, "budget", project, tab="running_budget", **context)


def left_over(request: HttpRequest, shares: list[PartnerShare]) -> list[tuple[PartnerShare, Organisation | None]]:
    """Shares of who takes part no more, with who that is."""
    if not shares:
        return []
    houses = visible_organisations(reader(request)).in_bulk({share.organisation_id for share in shares})
    return [(share, houses.get(share.organisation_id)) for share in shares]


def _named(sums: dict[Any, Compared], names: dict[Any, str], none: str) -> list[Named]:
    return [Named(names.get(value, value) if value not in {None, ""} else none, one) for value, one in sums.items()]


@login_required
@require_safe
def payments(request: HttpRequest, public_id: str) -> HttpResponse:
    project = project_or_404(request, public_id)
    rows = project.payments.select_related("organisation", "budget_line")
    context: dict[str, Any] = {
        "payments": Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page")),
        "moved": moved(project.payments),
    }
    return page(request, "payments", project, tab="running_payments", **context)


@login_required
@require_safe
def work(request: HttpRequest, public_id: str) -> HttpResponse:
    """Work packages and milestones on a line of time, and what may go wrong."""
    project = project_or_404(request, public_id)
    packages = list(project.work_packages.select_related("organisation"))
    milestones = milestones_of(project)
    weight = {level: number for number, level in enumerate(Level.values)}
    risks = sorted(project.risks.all(), key=lambda one: (one.is_over, -weight[one.likelihood] - weight[one.impact]))
    context: dict[str, Any] = {
        "packages": packages,
        "milestones": milestones,
        "risks": risks,
        "indicators": list(project.indicators.all()),
        "gantt": gantt(packages, milestones, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return page(request, "work", project, tab="running_work", **context)


@dataclass(frozen=True, slots=True)
class Shown:
    """An obligation of the programme, and whether it was met."""

    obligation: Labelled
    label: str
    done: Obligation | None
    form: ObligationForm


@login_required
def claims(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reporting periods with what was claimed, certified and accepted, and what the programme wants shown."""
    project = project_or_404(request, public_id)
    rows = list(project.claims.select_related("organisation", "period").order_by("period__starts", "pk"))
    context: dict[str, Any] = {
        "periods": list(project.periods.select_related("organisation")),
        "claims": rows,
        "claimed": sum((one.claimed for one in rows), Decimal(0)),
        "certified": sum((one.certified or Decimal(0) for one in rows), Decimal(0)),
        "accepted": sum((one.accepted or Decimal(0) for one in rows), Decimal(0)),
        "obligations": obligations_of(request, project),
        "today": timezone.localdate(),
    }
    return page(request, "claims", project, tab="running_claims", **context)


def obligations_of(request: HttpRequest, project: Project) -> list[Shown]:
    wanted = programme(running_of(project).rules).obligations
    done = {one.code: one for one in project.obligations.all()} if wanted else {}
    user = reader(request)
    return [
        Shown(
            one,
            one.label(language_now()),
            done.get(one.code),
            ObligationForm(
                instance=done.get(one.code) or Obligation(project=project, code=one.code), user=user,
                auto_id=f"id_{one.code}_%s",
            ),
        )
        for one in wanted
    ]  # fmt: skip


@login_required
@require_safe
def effort(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hours month by month, and how many each post or department put in."""
    project = project_or_404(request, public_id)
    rows = project.efforts.select_related("department")
    by_whom = project.efforts.order_by().values("post", "department__name", "department").annotate(
        cents=exact_sum("hours")
    )  # fmt: skip
    totals = [
        (one["post"], one["department__name"], from_cents(one["cents"]))
        for one in sorted(by_whom, key=lambda one: -one["cents"])
    ]
    context: dict[str, Any] = {
        "efforts": Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page")),
        "totals": totals,
        "total": sum((hours for *_who, hours in totals), Decimal(0)),
    }
    return page(request, "effort", project, tab="running_hours", **context)


@login_required
@require_safe
def changes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who changed which number, when and from what: the latest; the file has all."""
    project = project_or_404(request, public_id)
    found = number_changes(project, MOST_CHANGES)[:MOST_CHANGES]
    return page(
        request, "changes", project, tab="running_changes", changes=[(one, KINDS[one.kind].one) for one in found]
    )


@login_required
def settings(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the project is run: its layout, its programme's rules, its official system, what is public of it."""
    project = project_or_404(request, public_id)
    one = Running.objects.filter(project=project).first() or Running(project=project)
    return kept(request, project, one, RunningForm, "running_settings", "running_settings")


@login_required
def obligation(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Mark an obligation of the programme as met, or as not met after all."""
    project = project_or_404(request, public_id)
    known = {one.code for one in programme(running_of(project).rules).obligations}
    if code not in known:
        messages.error(request, _("The programme of this project has no such obligation."))
        return redirect("staff:running_claims", public_id=public_id)
    one = project.obligations.filter(code=code).first() or Obligation(project=project, code=code)
    return kept(request, project, one, ObligationForm, "running_claims", "running_claims")
