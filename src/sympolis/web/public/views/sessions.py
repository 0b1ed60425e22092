"""The public page of a session: its minutes and, without names, what was said."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sympolis.office.planning.kept import PLANS, SAID, with_tokens
from sympolis.office.planning.models import Session
from sympolis.office.planning.queries import visible_plans
from sympolis.office.planning.sessions.queries import results_of, visible_sessions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import asked
from sympolis.web.public.session_said import numbers_of, page_of_said, page_with


def session(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """There once the minutes are published; for the office before that, to look at."""
    found: Any = find_page(request, with_tokens(visible_sessions(request.user), PLANS, SAID), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    if said := asked(request, "said"):
        return _to_what_was_said(request, found, said)
    numbers = numbers_of(request.user, found)
    page, said = page_of_said(request.user, found, numbers, request.GET.get("page", "1"))
    context = {
        "record": found,
        "session": found,
        "plan": visible_plans(request.user).filter(pk=found.plan_id).first() if found.plan_id else None,
        "counts": numbers.counts,
        "results": numbers.results,
        "page": page,
        "said": said,
    }
    return render(request, "public/session.html", context)


def _to_what_was_said(request: HttpRequest, found: Session, public_id: str) -> HttpResponse:
    """Where a contribution stands: pages may shift as dots are given, so nobody else keeps the number of one."""
    number = page_with(request.user, found, results_of(found), public_id)
    if number is None:
        raise Http404
    return redirect(f"{found.get_absolute_url()}{'' if number == 1 else f'?page={number}'}#{public_id}")
