"""The public page of a session: its minutes and, without names, what was said."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sympolis.office.planning.enums import ParticipantKind
from sympolis.office.planning.models import Session
from sympolis.office.planning.queries import visible_plans
from sympolis.office.planning.sessions.queries import counts_of, results_of, visible_sessions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import asked
from sympolis.web.public.session_said import leading_bars, page_of_said, page_with


def session(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """There once the minutes are published; for the office before that, to look at."""
    found = find_page(request, visible_sessions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if said := asked(request, "said"):
        return _to_what_was_said(request, found, said)
    results = results_of(found)
    counts = counts_of(found, results)
    page, sections = page_of_said(request.user, found, counts, results, request.GET.get("page", "1"))
    context = {
        "record": found,
        "session": found,
        "plan": visible_plans(request.user).filter(pk=found.plan_id).first() if found.plan_id else None,
        "counts": counts,
        "kinds": ParticipantKind.labels,
        "results": leading_bars(results, is_one_page=not page.has_other_pages()),
        "page": page,
        "sections": sections,
        "loose": counts.everything - sum(one.contributions for one in results),
    }
    return render(request, "public/session.html", context)


def _to_what_was_said(request: HttpRequest, found: Session, public_id: str) -> HttpResponse:
    """Where a contribution stands: pages may shift as dots are given, so nobody else keeps the number of one."""
    number = page_with(request.user, found, results_of(found), public_id)
    if number is None:
        raise Http404
    return redirect(f"{found.get_absolute_url()}{'' if number == 1 else f'?page={number}'}#{public_id}")
