"""Events and news."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.office.core.enums import TagScheme
from sympolis.office.core.models import Record
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.tagging.queries import confirmed_codes
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.queries import visible_events
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import asked, containing, listing
from sympolis.web.public.rich_text import shown_rich


def events(request: HttpRequest) -> HttpResponse:
    """Events to come, the next first; or those that were, the latest first."""
    seen = visible_events(request.user)
    question, past = asked(request, "q"), asked(request, "when") == "past"
    today = timezone.localdate()
    found = containing(seen, question)
    coming = found.filter(start_latest__gte=today).order_by("start_latest", "sort_key")
    shown = found.exclude(start_latest__gte=today) if past else coming
    organisers = visible_organisations(request.user).defer("description", "imported", "folded")
    rows = shown.defer("imported", "folded", "note").prefetch_related(Prefetch("organisers", organisers))
    context = {"listing": listing(request, rows), "question": question, "past": past}
    return render(request, "public/events.html", context)


def event(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_events(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    organisations = visible_organisations(request.user).defer("description", "imported", "folded")
    confirmed = confirmed_codes(found.public_id)
    context = {
        "record": found,
        "event": found,
        "themes": confirmed[TagScheme.THEME],
        "goals": [*confirmed[TagScheme.GOAL], *confirmed[TagScheme.TARGET]],
        "organisers": list(organisations.filter(events_organised=found)),
        "cities": list(organisations.filter(events_attended=found)),
        "news": list(visible_news(request.user).filter(event=found)),
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "speakers": [part.strip() for part in found.speakers.split(";") if part.strip()],
        "is_past": found.start.latest is not None and found.start.latest < timezone.localdate(),
    }
    return render(request, "public/event.html", context)


def news(request: HttpRequest) -> HttpResponse:
    question = asked(request, "q")
    found = containing(visible_news(request.user), question).defer("imported", "folded", "note")
    return render(request, "public/news.html", {"listing": listing(request, found), "question": question})


def news_item(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_news(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    context = {
        "record": found,
        "item": found,
        "body": shown_rich(found.body, reader_language()),
        "organisation": one(visible_organisations(request.user), found.organisation_id),
        "event": one(visible_events(request.user), found.event_id),
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/news_item.html", context)


def one[R: Record](records: QuerySet[R], key: int | None) -> R | None:
    """The record behind a foreign key, when there is one and the reader may see it."""
    return records.filter(pk=key).first() if key else None
