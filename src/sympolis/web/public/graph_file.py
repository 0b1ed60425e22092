"""All links of a graph as a file: what its picture is of, a row each, with the same filters.

The table beside the picture has the first of very many; who wants the others, or can't see the picture, has them here.
"""

from __future__ import annotations

from django.http import HttpResponseBase

from sympolis.web.public.graph import Graph, Node, Tie, name_of
from sympolis.web.public.plan_data import Row, as_file

HEADINGS = (
    "from_id", "from", "type", "relation", "role", "to_id", "to", "since", "until", "is_certain", "events",
)  # fmt: skip


def links_file(graph: Graph, name: str) -> HttpResponseBase:
    """As CSV, in the reader's language, in the order in which the picture reads them."""
    return as_file("csv", rows_of(graph), name, HEADINGS)


def rows_of(graph: Graph) -> list[Row]:
    """All at once: what comes after the answer has begun is in no reader's language."""
    names = {one.pk: name_of(one) for one in graph.organisations}
    return [_row(tie, names) for tie in graph.ties]


def _row(tie: Tie, names: dict[int, str]) -> Row:
    (from_id, from_name), (to_id, to_name) = (_end(one, names) for one in (tie.start, tie.end))
    return {
        "from_id": from_id,
        "from": from_name,
        "type": tie.type,
        "relation": tie.label,
        "role": tie.role_label,
        "to_id": to_id,
        "to": to_name,
        "since": str(tie.since),
        "until": str(tie.until),
        "is_certain": "no" if tie.is_unsure else "yes",
        "events": ";".join(one.public_id for one in tie.events),
    }


def _end(one: Node, names: dict[int, str]) -> tuple[str, str]:
    return one.public_id, names[one.pk]
