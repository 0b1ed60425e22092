"""Whose links tell most of a graph that has more of them than anybody can look at.

Those whom most are linked to (networks, as a rule), and of all others those who have most links to these. They are
counted out of what everybody may see: who comes first tells nobody of links that are closed to them. Counting takes
longer than a page may, so who they are is kept for a while; a link written since stands where its ends do.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.db.models.lookups import In

from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader, reads_office
from sympolis.office.directory.queries import NoIndex, visible_organisations
from sympolis.web.public.graph_links import END, START, real_relations

HUBS, OTHERS = 100, 900
KEPT, KEPT_MANY, KEPT_S = "graph-telling", "graph-of-many-", 600


def telling() -> str:
    """Their keys, as a list in JSON; one question where they are not kept."""
    kept: str | None = cache.get(KEPT)
    if kept is None:
        kept = json.dumps(sorted(pk for (pk,) in _TELLING.rows(AnonymousUser())))
        cache.set(KEPT, kept, KEPT_S)
    return kept


def are_surely_many(user: Reader) -> bool:
    """Whether it was seen lately that the graph of today has more links than are all read for a page. What visitors
    see everybody does."""
    return bool(cache.get_many([f"{KEPT_MANY}{who}" for who in ("open", *(("office",) if reads_office(user) else ()))]))


def were_many(user: Reader) -> None:
    if reads_office(user) or not user.is_authenticated:
        cache.set(f"{KEPT_MANY}{'office' if reads_office(user) else 'open'}", True, KEPT_S)


def _telling(user: Reader) -> QuerySet[Any, Any]:
    links = real_relations(user).order_by()
    hubs = _most(links, END, HUBS).query
    others = _most(links.filter(In(NoIndex(END), hubs)), START, OTHERS).query
    sound = visible_organisations(user).filter(confirmed=True, illustrative=False).order_by()
    return sound.filter(Q(In(F("pk"), hubs)) | Q(In(F("pk"), others))).values_list("pk")


def _most(rows: QuerySet[Any], end: str, most: int) -> QuerySet[Any, Any]:
    """Who is most often at this end of them."""
    counted: QuerySet[Any, Any] = rows.values(end).annotate(many=Count("pk")).order_by("-many", end)
    return counted.values(end)[:most]


_TELLING = Prepared(_telling)
