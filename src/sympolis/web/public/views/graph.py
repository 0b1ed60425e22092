"""Who is linked to whom: the graph of all relations or of those around one organisation, with a table beside it."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from sympolis.engine.texts import vocabulary
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.addresses import find_page
from sympolis.web.public.events.encounters import asked_encounters
from sympolis.web.public.graph import Graph, graph_of, tie_label
from sympolis.web.public.graph_drawing import colour_of, graph_data, links_said, look_of
from sympolis.web.public.graph_file import links_file
from sympolis.web.public.graph_links import Wanted
from sympolis.web.public.graph_table import Facet, Table, table_of
from sympolis.web.public.lists import asked, kind_choices, theme_choices
from sympolis.web.public.moments import Asked, asked_moment
from sympolis.web.public.views.charts import kept_for_a_while

MOST_ASKED = 40  # kinds or types in one address
LOOKS_KEPT = 128  # codes that nobody knows may stand in an address
OF_THE_TABLE = ("page", "sort")


def graph(request: HttpRequest) -> HttpResponse:
    """All relations between organisations that the reader may see."""
    return shown(request, None)


def organisation_graph(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One organisation, those it is linked to, and what links them to each other."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    return found if isinstance(found, HttpResponse) else shown(request, found)


def asked_graph(request: HttpRequest, public_id: str) -> Graph:
    centre = visible_organisations(request.user).filter(public_id=public_id).first() if public_id else None
    if public_id and centre is None:
        raise Http404
    return graph_of(request.user, asked_moment(request).moment, wanted(request), centre)


@gzip_page
def file(request: HttpRequest, public_id: str = "") -> HttpResponseBase:
    """All that the picture is of, with the same filters as its page, as a table to take away."""
    found = asked_graph(request, public_id)
    return links_file(found, f"links-{found.centre.slug}" if found.centre else "links")


@gzip_page
@conditional_page
def data(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """What the picture is drawn of, with the same filters as its page."""
    found = asked_graph(request, public_id)
    answer = JsonResponse(graph_data(found), json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})
    return kept_for_a_while(request, answer)


def shown(request: HttpRequest, centre: Organisation | None) -> HttpResponse:
    moment, filtered = asked_moment(request), wanted(request)
    sort = request.GET.get("sort", "")
    table = table_of(request.user, moment.moment, filtered, centre, sort, request.GET.get("page"))
    context = {
        "record": centre,
        "organisation": centre,
        "table": table,
        "title": links_said(table.many, table.organisations) if table.counts is not None else "",
        "asked": moment,
        "question": filtered.question,
        "wanted": filtered,
        "is_narrow": filtered.narrows or not moment.moment.is_today,
        "facets": facets(table, filtered),
        "themes": theme_choices(filtered.theme),
        "page": table.page,
        "sort": sort,
        "query": query_of(request, moment),
    }
    return render(request, "public/graph.html", context)


def facets(table: Table, filtered: Wanted) -> dict[str, list[Facet]]:
    """What there is to filter by."""
    kinds = kind_choices({*table.kinds, *filtered.kinds}, "")
    types = known_types({*table.types, *filtered.types})
    return {
        "kinds": [
            Facet(one.code, one.label, one.code in filtered.kinds, table.count(one.code), drawn_node(one.code))
            for one in kinds
        ],
        "types": [_of_type(code, filtered.types, table) for code in types],
        "encounters": [_of_type(kind.value, filtered.at_events, table) for kind in EncounterKind],
    }


def _of_type(code: str, chosen: frozenset[str], table: Table) -> Facet:
    return Facet(code, tie_label(code, True), code in chosen, table.count(code), drawn_tie(code))


def wanted(request: HttpRequest) -> Wanted:
    """What the address filters by; codes nobody knows find nothing."""
    kinds, types = (codes(request, name) for name in ("kind", "type"))
    only_events = asked(request, "only") == "events"
    return Wanted(kinds, types, asked(request, "theme"), asked(request, "q"), asked_encounters(request), only_events)


def codes(request: HttpRequest, name: str) -> frozenset[str]:
    """PostgreSQL knows no text with a NUL in it."""
    return frozenset(one for one in request.GET.getlist(name)[:MOST_ASKED] if one and "\x00" not in one)


def known_types(found: set[str]) -> list[str]:
    """In the order of the vocabulary."""
    order = [term.code for term in vocabulary.terms("relation_types")]
    return [code for code in order if code in found]


def query_of(request: HttpRequest, moment: Asked) -> str:
    """What the picture's data has to be asked: the page's filters, without what concerns the table alone."""
    query = request.GET.copy()
    for name in OF_THE_TABLE:
        query.pop(name, None)
    if moment.moment.is_today:
        query.pop("on", None)
    return f"?{query.urlencode()}" if query else ""


PATHS = {
    "circle": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    "diamond": "M8 1l7 7-7 7-7-7z",
    "square": "M2.5 2.5h11v11h-11z",
    "triangle": "M8 1.5l7 12.5H1z",
}
MARK = '<svg class="icon theme-{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>'


@lru_cache(maxsize=LOOKS_KEPT)
def drawn_node(kind: str) -> SafeString:
    """The shape and colour of a kind."""
    look = look_of(kind)
    path = format_html('<path d="{}" fill="var(--theme)" stroke="none"/>', PATHS[look.shape])
    return format_html(MARK, look.colour, path)


@lru_cache(maxsize=LOOKS_KEPT)
def drawn_tie(type_: str) -> SafeString:
    """A stroke in the colour of a type of relation."""
    return format_html(MARK, colour_of(type_), SafeString('<path d="M1 13L15 3" stroke="var(--theme)"/>'))
