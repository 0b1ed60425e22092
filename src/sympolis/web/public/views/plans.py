"""Plans with their lines, measures and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.gzip import gzip_page

from sympolis.office.core.enums import Visibility
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.queries import visible_documents
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.kept import GROUNDS, PLANS, SAID, with_tokens
from sympolis.office.planning.models import Plan
from sympolis.office.planning.queries import visible_plans, visible_versions, with_years
from sympolis.web.public.action_page import action_page, readable_actions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.grounds import with_grounds
from sympolis.web.public.lists import asked, listing
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.open_sessions import open_sessions
from sympolis.web.public.plan_data import FORMS, as_file, rows_of
from sympolis.web.public.plan_drawn import DrawnPlan, body_of, drawn_plan, drawn_way, drawn_widget
from sympolis.web.public.plan_map import places_chart
from sympolis.web.public.plan_pages import (
    PLACES,
    WAYS,
    listed_page,
    plan_page,
)
from sympolis.web.public.plan_report import report_pdf, report_years
from sympolis.web.public.plan_versions import compared
from sympolis.web.public.then import at
from sympolis.web.public.views.charts import kept_for_a_while
from sympolis.web.public.voices import data
from sympolis.web.public.voices.shown import voices_of
from sympolis.web.site_root import site_root

IN_ANY_FRAME: dict[str, Any] = {**settings.SECURE_CSP, "frame-ancestors": ["*"], "form-action": [CSP.NONE]}
REPORT_KEPT_S, WIDGET_KEPT_S, SHOWN_YEARS = 600, 300, 8
FRAME_LEAST, FRAME_A_LINE, FRAME_MOST = 220, 54, 640  # pixels: head and foot, each line, in a column of text


def plans(request: HttpRequest) -> HttpResponse:
    """Whole plans, the latest first; lines and measures are on their pages."""
    question, then = asked(request, "q"), asked_moment(request)
    found = containing(visible_plans(request.user), question).filter(kind=PlanKind.PLAN)
    found = at("plans", found, then.only, request.user)
    owners = visible_organisations(request.user).defer("description", "imported", "folded")
    rows = found.order_by("-starts_latest", "sort_key").prefetch_related(Prefetch("organisation", owners))
    context = {"listing": listing(request, rows), "question": question, "asked": then}
    return render(request, "public/plans.html", context)


def plan(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """A plan, line or measure: what it is part of, its parts, and the actions of all of them."""
    versions = visible_versions(request.user).order_by().filter(plan=OuterRef("pk"))
    owners = visible_organisations(request.user).order_by().filter(pk=OuterRef("organisation"))
    seen: Any = visible_plans(request.user).select_related("organisation")
    seen = with_years(seen).annotate(has_versions=Exists(versions), names_owner=Exists(owners))
    found: Any = find_page(request, with_tokens(seen, PLANS, GROUNDS), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    voices = voices_of(request, found)
    drawn = drawn_plan(request.user, found, voices.tally is not None)
    years = report_years(found.first_day, found.last_day, timezone.localdate())[:SHOWN_YEARS]
    context = {
        "record": found,
        "plan": found,
        "drawn": drawn,
        "body": body_of(request.user, drawn),
        "open_sessions": open_sessions(drawn.plans, voices.openness),
        "owner": found.organisation if found.names_owner else None,
        "voices": voices,
        "ways": WAYS,
        "forms": FORMS,
        "report_years": years if drawn.action_count else [],
        "widget": _widget_code(request, found, drawn) if found.visibility == Visibility.PUBLIC else "",
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/plan.html", context)


def _widget_code(request: HttpRequest, plan: Plan, drawn: DrawnPlan) -> str:
    """What another site copies into a page of its own, as high as it needs; shown as text, never as markup."""
    height = min(FRAME_LEAST + FRAME_A_LINE * drawn.part_count, FRAME_MOST)
    address = reverse("public:plan_widget", kwargs={"slug": plan.slug, "public_id": plan.public_id})
    title = escape(" ".join(plan.title.best(get_language() or "en").text.split()))
    source = f"{site_root(request)}{address}"
    return f'<iframe src="{source}" title="{title}" width="100%" height="{height}" loading="lazy"></iframe>'


def plan_by(request: HttpRequest, slug: str, public_id: str, way: str) -> HttpResponse:
    """The actions of a plan by goal, place or department, over time, or as they changed."""
    said = [SAID] if way == "heat" else []
    seen = with_tokens(visible_plans(request.user).select_related("organisation"), PLANS, *said)
    found: Any = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if way not in WAYS:
        raise Http404
    drawn = drawn_way(request.user, found, way)
    context = {"record": found, "plan": found, "ways": WAYS, "way": way, "heading": WAYS[way], **drawn._asdict()}
    return render(request, "public/plan_by.html", context)


@gzip_page
def plan_map(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What the map of a plan by place draws."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    by_place = reverse("public:plan_by", kwargs={"slug": found.slug, "public_id": found.public_id, "way": "places"})
    actions = listed_page(request.user, found, *PLACES).tree.all_actions()
    return kept_for_a_while(request, JsonResponse(places_chart(actions, by_place)))


def plan_report(request: HttpRequest, slug: str, public_id: str, year: int) -> HttpResponse:
    """The report on a year as a PDF. What everybody reads is kept for a while: setting it costs half a second."""
    seen: Any = with_years(visible_plans(request.user)).select_related("organisation")
    found: Any = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if year not in report_years(found.first_day, found.last_day, timezone.localdate()):
        raise Http404
    is_everybodys = not request.user.is_authenticated
    key = f"plan-report-{found.public_id}-{year}-{get_language()}"
    pdf = cache.get(key) if is_everybodys else None
    if pdf is None:
        pdf = report_pdf(request.user, found, year)
        if is_everybodys:
            cache.set(key, pdf, REPORT_KEPT_S)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.slug}-{year}.pdf"'
    return response


@xframe_options_exempt
@csp_override(IN_ANY_FRAME)
def plan_widget(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """How far a plan is, for other sites to show within a frame: what everybody reads, whoever looks at it."""
    everybody, site = AnonymousUser(), site_root(request)
    found: Any = find_page(request, with_tokens(visible_plans(everybody), PLANS), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    context = {"plan": found, "body": drawn_widget(everybody, found, site), "site": site}
    response = render(request, "public/plan_widget.html", context)
    patch_cache_control(response, public=True, max_age=WIDGET_KEPT_S)
    return response


def plan_data(request: HttpRequest, slug: str, public_id: str, form: str) -> HttpResponseBase:
    """The actions of a plan as a table to take away."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if form not in FORMS:
        raise Http404
    return as_file(form, rows_of(request.user, plan_page(request.user, found, whole=True)), found.public_id)


def plan_comments_data(request: HttpRequest, slug: str, public_id: str, form: str) -> HttpResponseBase:
    """The comments on a plan and all that is in it as a table to take away."""
    return _voices_data(request, slug, public_id, form, data.comment_rows, data.COMMENTS)


def plan_supports_data(request: HttpRequest, slug: str, public_id: str, form: str) -> HttpResponseBase:
    return _voices_data(request, slug, public_id, form, data.support_rows, data.SUPPORTS)


def _voices_data(
    request: HttpRequest, slug: str, public_id: str, form: str, rows: Callable[[Any, Plan], Any], headings: Any
) -> HttpResponseBase:
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if form not in FORMS:
        raise Http404
    return as_file(form, rows(request.user, found), found.public_id, headings)


def plan_versions(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The versions of a plan that went into consultation or were approved, and what differs between two."""
    found = find_page(request, visible_plans(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    context = {"record": found, "plan": found, "comparison": compared(request.user, found, request.GET)}
    return render(request, "public/plan_versions.html", context)


def action(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """An action: what it is for, who does it, how far it is and what says so."""
    found: Any = find_page(request, readable_actions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if found.has_links:
        with_grounds(request.user, [], [found])
    context = {"record": found, "voices": voices_of(request, found), **action_page(request.user, found)}
    return render(request, "public/action.html", context)
