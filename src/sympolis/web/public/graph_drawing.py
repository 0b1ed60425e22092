"""The graph as compact data for the browser, and how kinds and types look: a shape and a colour each."""

from __future__ import annotations

from collections import defaultdict
from math import cos, log1p, pi, sin
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import number
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.graph import Graph, Node, Tie, name_of, tie_label
from sympolis.web.public.lists import language

RADIUS = 1_000


class Look(NamedTuple):
    """A shape, and which of the ten colours: never the colour alone."""

    shape: str
    colour: int


# Places are round, those who join others are diamonds, public bodies and money are square, all others triangles.
LOOKS = {
    "city": Look("circle", 1), "metropolitan-authority": Look("circle", 5), "region": Look("circle", 2),
    "city-network": Look("diamond", 4), "body": Look("diamond", 7), "business-network": Look("diamond", 10),
    "programme": Look("square", 7), "development-bank": Look("square", 6), "national-agency": Look("square", 3),
    "ministry": Look("square", 9), "intergovernmental": Look("square", 1), "research": Look("triangle", 5),
    "ngo": Look("triangle", 2), "company": Look("triangle", 3), "other": Look("triangle", 9),
}  # fmt: skip
COLOURS = 10


def look_of(kind: str) -> Look:
    return LOOKS.get(kind, LOOKS["other"])


def colour_of(type_: str) -> int:
    """Of a type of relation its place in the vocabulary, of an encounter one after those."""
    codes = [*(term.code for term in vocabulary.terms("relation_types")), *EncounterKind.values]
    return 1 + (codes.index(type_) if type_ in codes else len(codes)) % COLOURS


def graph_data(graph: Graph) -> dict[str, Any]:
    """Lists instead of objects: five thousand ties are some 100 kB, and less than half of it packed.

    ``title`` and ``note`` say how much there is and is drawn, ``counts`` how many there are to filter by, in the
    reader's digits: a page of many links leaves that to its picture. ``nodes``: id, slug, name, short name, place in
    ``kinds``, x, y. ``links``: place of its start and of its end in ``nodes``, place in ``types``, and 1 where its
    dates leave it open.
    """
    shown, ties = graph.drawn
    at = {one.pk: place for place, one in enumerate(shown)}
    kinds = sorted({one.kind for one in shown})
    types = sorted({tie.type for tie in ties})
    places = first_places(shown, graph)
    return {
        "title": links_said(len(graph.ties), len(graph.organisations)),
        "note": note(graph),
        "counts": {code: number(count) for code, count in graph.counts().items()},
        "address": address_pattern(),
        "kinds": [[vocabulary.label("kinds", code, language()), *look_of(code)] for code in kinds],
        "types": [[tie_label(code, True), tie_label(code, False), colour_of(code)] for code in types],
        "nodes": [
            [one.public_id, one.slug, name_of(one), one.short_name, kinds.index(one.kind), *places[one.pk]]
            for one in shown
        ],
        "links": [_row(tie, at, types) for tie in ties],
    }


def links_said(links: int, organisations: int) -> str:
    said = ngettext(
        "%(links)s link, %(organisations)s organisations", "%(links)s links, %(organisations)s organisations", links
    )
    return said % {"links": number(links), "organisations": number(organisations)}


def note(graph: Graph) -> str:
    """What of it is not drawn."""
    if not graph.is_whole:
        if graph.is_best_first:
            return gettext(
                "There are more links than are read at once: those between the best linked come first, a filter finds"
                " the others."
            )
        return gettext("There are more links than are read at once: a filter finds the others.")
    if not graph.is_cut:
        return ""
    shown, ties = graph.drawn
    said = gettext(
        "Drawn are the best linked: organisations %(organisations)s, links %(links)s. The file beside the table has"
        " all of them; a filter shows the others."
    )
    return said % {"organisations": number(len(shown)), "links": number(len(ties))}


def _row(tie: Tie, at: dict[int, int], types: list[str]) -> list[int]:
    row = [at[tie.start.pk], at[tie.end.pk], types.index(tie.type)]
    return [*row, 1] if tie.is_unsure else row


def address_pattern() -> str:
    """The address of a page with ``SLUG`` and ``ID`` where they go: written once, not a thousand times."""
    stand_in = "org_000000000000"
    return reverse("public:organisation", kwargs={"slug": "SLUG", "public_id": stand_in}).replace(stand_in, "ID")


def first_places(shown: list[Node], graph: Graph) -> dict[int, tuple[int, int]]:
    """Where each stands before the browser moves them: the better linked the nearer to the middle, each country a
    sector, so that the same data is the same picture and readable at once."""
    sectors: dict[str, list[Node]] = defaultdict(list)
    for one in shown:
        sectors[one.country].append(one)
    most = log1p(max((graph.degrees[one.pk] for one in shown), default=1))
    places: dict[int, tuple[int, int]] = {}
    turned = 0
    for country in sorted(sectors):
        for one in sorted(sectors[country], key=lambda one: (one.sort_key, one.pk)):
            angle = 2 * pi * turned / len(shown)
            away = RADIUS * (1.05 - 0.95 * log1p(graph.degrees[one.pk]) / most)
            if graph.centre and one.pk == graph.centre.pk:
                away = 0
            places[one.pk] = round(away * cos(angle)), round(away * sin(angle))
            turned += 1
    return places
