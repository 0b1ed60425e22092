"""Positions: what organisations said together, to whom, and what came of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.found_by_words import containing
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader, among, visible_documents
from sympolis.office.core.templatetags.show import plain
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Position, title_of
from sympolis.office.directory.queries import visible_organisations, visible_positions
from sympolis.web.public.addresses import find_page
from sympolis.web.public.lists import asked, listing, theme_choices, with_code
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.then import at

SIGNATORIES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Signed:
    """A position in a list, with what those are called who signed it first, and whom it is addressed to."""

    position: Position
    by: list[str]
    to: str


def positions(request: HttpRequest) -> HttpResponse:
    """All positions, the latest first, with who signed them."""
    question, theme = asked(request, "q"), asked(request, "theme")
    found = with_code(containing(visible_positions(request.user), question), "themes", theme)
    then = asked_moment(request)
    rows = (
        at("positions", found, then.only, request.user)
        .order_by("-adopted_latest", "sort_key")
        .defer("text", "outcome", "imported", "folded", "note")
    )
    listed = listing(request, rows)
    context = {
        "listing": listed,
        "signed": _signed(request.user, list(listed.page)),
        "question": question,
        "asked": then,
        "themes": theme_choices(theme),
    }
    return render(request, "public/positions.html", context)


def _signed(user: Reader, positions: Sequence[Position]) -> list[Signed]:
    """Two questions, put into SQL once: of three hundred names nothing else is read."""
    by: dict[int, list[str]] = defaultdict(list)
    for position, _rank, *called in _FIRST.read(user, json.dumps([one.pk for one in positions])):
        by[position].append(_name(*called))
    addressed = {one.addressed_to_id for one in positions if one.addressed_to_id}
    to = {pk: _name(*called) for pk, *called in _TO.read(user, json.dumps(sorted(addressed)))}
    return [Signed(one, by[one.pk], to.get(one.addressed_to_id or 0, "")) for one in positions]


CALLED = ("short_name", "name", "name_language", "names")


def _name(short_name: str, name: str, language: str, names: Text) -> str:
    """The short form where there is one, else the name in the reader's language."""
    return short_name or plain(title_of(name, language, names))


def _first(user: Reader, positions: str) -> QuerySet[Any, Any]:
    through: Any = Position.signatories.through.objects
    signed = through.filter(OneOf("position", positions), among(visible_organisations(user), "organisation"))
    rank = Window(RowNumber(), partition_by=F("position"), order_by=F("organisation__sort_key"))
    first: QuerySet[Any, Any] = signed.annotate(rank=rank).filter(rank__lte=SIGNATORIES_SHOWN).order_by("rank")
    return first.values_list("position", "rank", *(f"organisation__{name}" for name in CALLED))


def _to(user: Reader, organisations: str) -> QuerySet[Any, Any]:
    return visible_organisations(user).filter(OneOf("pk", organisations)).order_by().values_list("pk", *CALLED)


_FIRST, _TO = Prepared(_first), Prepared(_to)


def position(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_positions(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    seen = visible_organisations(request.user)
    context = {
        "record": found,
        "position": found,
        "signatories": seen.filter(pk__in=found.signatories.order_by().values("pk")).order_by("sort_key"),
        "addressed_to": seen.filter(positions_received=found).first(),
        "documents": visible_documents(request.user).filter(record=found.public_id),
    }
    return render(request, "public/position.html", context)
