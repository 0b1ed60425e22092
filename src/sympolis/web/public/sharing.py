"""What other sites show of a link: its title, its first words, and a picture of it.

Where a page has a picture of its own that is shown; else one is set of its title. Both are what a visitor may see.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache as kept
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from sympolis.office.core.models import Record
from sympolis.office.core.rich import bare_words
from sympolis.office.core.templatetags.show import plain, reader_language, when
from sympolis.office.core.texts import RIGHT_TO_LEFT, Text
from sympolis.office.core.typesetting import picture_of, printable
from sympolis.office.events.models import Event
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.blocks import picture_names
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.pictures import share_address
from sympolis.web.public.addresses import find_record

SHARED = (NewsItem, Event, Page)
KEPT_FOR = 7 * 24 * 60 * 60
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """The tags of a page's head."""

    title: str
    words: str
    picture: str
    address: str
    kind: str


def shared(request: HttpRequest, record: Record | None) -> Shared | None:
    """None for pages of which nothing is shown but their address."""
    if not isinstance(record, SHARED):
        return None
    summary: Text = record.topic if isinstance(record, Event) else record.summary
    names = [] if isinstance(record, Event) else picture_names(record.blocks)
    card = reverse("share_picture", kwargs={"public_id": record.public_id, "language": reader_language()})
    return Shared(
        title=plain(record.title_text()),
        words=bare_words(plain(summary))[:LONGEST],
        picture=request.build_absolute_uri(share_address(names[0]) if names else card),
        address=request.build_absolute_uri(request.path),
        kind="article" if isinstance(record, NewsItem) else "website",
    )


def share_picture(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """The title of what a visitor may see, set as a picture; made once for each state of it."""
    record = find_record(AnonymousUser(), public_id)
    if not isinstance(record, SHARED):
        raise Http404
    office = getattr(request, "office", None)
    with translation.override(language):
        card = {
            "title": printable(plain(record.title_text()))[:LONGEST],
            "kicker": _kicker(record),
            "office": printable(plain(office.name)) if office else "",
            "language": language,
            "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        }
    key = f"share-{hashlib.blake2s(json.dumps(card, sort_keys=True).encode()).hexdigest()}"
    made = kept.get(key)
    if made is None:
        made = picture_of(_layout(), "card.json", card)
        kept.set(key, made, KEPT_FOR)
    answer = HttpResponse(made, content_type="image/png")
    patch_cache_control(answer, public=True, max_age=24 * 60 * 60)
    return answer


def _kicker(record: Any) -> str:
    """What it is, and of which day."""
    if isinstance(record, Event):
        return " · ".join(filter(None, (_("Event"), when(record.start))))
    if isinstance(record, NewsItem):
        return " · ".join(filter(None, (_("News"), when(record.published))))
    return ""


@cache
def _layout() -> bytes:
    return files("sympolis.web.public").joinpath("share.typ").read_bytes()
