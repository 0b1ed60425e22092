"""Addresses of records: the id decides, the slug is for people; ids that were lead on or say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from sympolis.office.core.models import Record, RetiredId
from sympolis.office.core.queries import Reader, the_one
from sympolis.office.directory.queries import visible_agreements, visible_organisations, visible_positions
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.sessions.queries import visible_sessions
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.office.publishing.pages.queries import visible_pages
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.office.publishing.queries import visible_news

# Which records have a page of their own, by the prefix of their id.
PAGES: dict[str, Callable[[Reader], QuerySet[Any]]] = {
    "org": visible_organisations,
    "prj": visible_projects,
    "pra": visible_practices,
    "cal": visible_calls,
    "eve": visible_events,
    "pla": visible_plans,
    "act": visible_actions,
    "ses": visible_sessions,
    "agr": visible_agreements,
    "pos": visible_positions,
    "pub": visible_publications,
    "new": visible_news,
    "pag": visible_pages,
}


class PublicIdConverter:
    """``org_`` and twelve letters and digits."""

    regex = r"[a-z]{3}_[a-z0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def find_record(user: Reader, public_id: str) -> Record | None:
    """The record with a page of its own that has this id, as far as the reader may see it."""
    visible = PAGES.get(public_id.partition("_")[0])
    if visible is None:
        return None
    found: Record | None = the_one(visible(user).filter(public_id=public_id))
    return found


def find_page[R: Record](request: HttpRequest, records: QuerySet[R], slug: str, public_id: str) -> R | HttpResponse:
    """The record of a page, or the answer to give in its place: 301 to its right address, 410 when it was deleted."""
    record = the_one(records.filter(public_id=public_id))
    if record is None:
        return elsewhere(request, public_id)
    if record.slug != slug:
        return HttpResponsePermanentRedirect(record.get_absolute_url())
    return record


def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """What to say about an id nobody may see here: merged ids lead on, deleted ones are gone, others unknown."""
    retired = RetiredId.objects.filter(public_id=public_id).first()
    if retired is None:
        raise Http404
    if not retired.leads_to:
        return render(request, "410.html", status=410)
    record = find_record(request.user, retired.leads_to)
    if record is None:
        return elsewhere(request, retired.leads_to)  # removed since: gone; kept from this reader: unknown
    return HttpResponsePermanentRedirect(record.get_absolute_url())


def identity(record: Record) -> str:
    """The address without language: what the record is called in linked data."""
    return reverse("identity", kwargs={"kind": record.PAGE.replace("_", "-"), "public_id": record.public_id})
