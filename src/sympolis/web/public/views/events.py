"""News."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.found_by_words import containing
from sympolis.office.core.models import Record
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.queries import visible_events
from sympolis.office.projects.queries import visible_projects
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.addresses import find_page
from sympolis.web.public.blocks import shown_blocks
from sympolis.web.public.lists import asked, listing
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.rich_text import shown_rich
from sympolis.web.public.then import at


def news(request: HttpRequest) -> HttpResponse:
    question = asked(request, "q")
    then = asked_moment(request)
    found = at("news", containing(visible_news(request.user), question), then.only, request.user)
    listed = listing(request, found.defer("imported", "folded", "note"))
    return render(request, "public/news.html", {"listing": listed, "question": question, "asked": then})


def news_item(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_news(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    language = reader_language()
    written = found.body or found.summary or found.title
    context = {
        "record": found,
        "item": found,
        "body": shown_rich(found.body, language),
        "organisation": one(visible_organisations(request.user), found.organisation_id),
        "event": one(visible_events(request.user), found.event_id),
        "blocks": shown_blocks(request.user, found, found.blocks, language),
        "organisations": visible_organisations(request.user).filter(news_about=found).order_by("sort_key"),
        "projects": visible_projects(request.user).filter(news=found).order_by("sort_key"),
        "events": visible_events(request.user).filter(news_about=found),
        "translator": written.get(written.best(language).language, {}).get("translator", ""),
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/news_item.html", context)


def one[R: Record](records: QuerySet[R], key: int | None) -> R | None:
    """The record behind a foreign key, when there is one and the reader may see it."""
    return records.filter(pk=key).first() if key else None
