"""Who speaks: rows out of the words a table or a page had, ``Name (Post, Organisation); Name (Post, Organisation)``."""

from __future__ import annotations

import re

from django.db import transaction

from sympolis.office.core.queries import Reader
from sympolis.office.directory.finder import Ambiguous, Finder, NotFound
from sympolis.office.directory.models import Organisation
from sympolis.office.events.actions import mark_event_changed
from sympolis.office.events.models import Event, Speaker

MOST_SPEAKERS = 200

_WITH_POST = re.compile(r"^(?P<name>[^(]+?)\s*\((?P<about>.+)\)$", re.DOTALL)
_OF = re.compile(r"^(?P<post>(?:.*\s)?(?:mayor|president|head)\b[^,]*?) of (?P<house>[^,]+)$", re.IGNORECASE)


def speakers_in(words: str, event: Event, finder: Finder) -> list[Speaker]:
    """Rows for what is written, not kept yet. A house is looked for by its name, which stands either way."""
    parts = (part.strip() for part in words.split(";"))
    found = [_speaker(part, event, finder) for part in parts if part]
    for position, one in enumerate(found):
        one.position = position
    return found[:MOST_SPEAKERS]


def _speaker(words: str, event: Event, finder: Finder) -> Speaker:
    match = _WITH_POST.match(words)
    if match is None:
        return Speaker(event=event, name=words[:200])
    post, house = _post_and_house(match["about"].strip())
    organisation = _called(house, finder)
    if not house and (alone := _called(post, finder)):  # a house and no post
        post, house, organisation = "", post, alone
    return Speaker(
        event=event,
        name=match["name"].strip()[:200],
        post=post[:300],
        house=house[:300],
        organisation=organisation,
    )


def _post_and_house(about: str) -> tuple[str, str]:
    """``Technical Director, AL-LAs`` and ``Mayor of Sfax`` say where; one word alone is taken for a post."""
    post, comma, house = about.rpartition(",")
    if comma and post.strip():
        return post.strip(), house.strip()
    if match := _OF.match(about):
        return about, match["house"].strip()
    return about, ""


def _called(house: str, finder: Finder) -> Organisation | None:
    try:
        return finder.find(house) if house else None
    except (NotFound, Ambiguous):
        return None


@transaction.atomic
def make_speaker_rows(user: Reader, event: Event, finder: Finder | None = None) -> list[Speaker]:
    """Rows of what stands in words, where there is none yet."""
    if event.speaker_rows.exists() or not event.speakers:
        return []
    made = speakers_in(event.speakers, event, finder or Finder.for_reader(user))
    Speaker.objects.bulk_create(made)
    mark_event_changed(event)
    return made
