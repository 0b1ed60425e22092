"""Which page or piece of news is written at: asked with the reader's permission, where it is fetched."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.actions import Written
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.queries import changeable_pages
from sympolis.office.publishing.queries import changeable_news


def written_or_404(request: HttpRequest, public_id: str) -> Written:
    """A page or news this user may change; officers alone come as far as here."""
    kind = public_id.partition("_")[0]
    if kind == Page.ID_PREFIX:
        return get_object_or_404(changeable_pages(request.user).prefetch_related("drafts"), public_id=public_id)
    if kind == NewsItem.ID_PREFIX:
        return get_object_or_404(changeable_news(request.user), public_id=public_id)
    raise Http404
