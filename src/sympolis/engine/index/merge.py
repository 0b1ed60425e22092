"""One answer out of two indexes: the world's open data and the office's own records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..model import Hit, Query
from .index import Index


def merge_hits(office: Sequence[Hit], atlas: Sequence[Hit], hidden: Collection[str], limit: int) -> list[Hit]:
    """Best first. Records of the atlas that the office adopted (``hidden``) or holds itself are left out."""
    out = set(hidden) | {hit.document.id for hit in office}
    kept = [*office, *(hit for hit in atlas if hit.document.id not in out)]
    return sorted(kept, key=lambda hit: (-hit.score, hit.document.id))[:limit]


def search_both(atlas: Index | None, office: Index | None, query: Query, hidden: Collection[str] = ()) -> list[Hit]:
    """Ask both indexes, either of which may be missing; scores are comparable, for both are made alike."""
    ours = office.search(replace(query, told=0)) if office is not None else []
    # What is hidden must not take the place of what is not.
    wider = replace(query, limit=query.limit + min(len(hidden), 100), told=0)
    merged = merge_hits(ours, atlas.search(wider) if atlas is not None else [], hidden, query.limit)
    return _told(merged, {hit.document.id for hit in ours}, atlas, office, query)


def _told(
    merged: list[Hit], ours: Collection[str], atlas: Index | None, office: Index | None, query: Query
) -> list[Hit]:
    """With the passages of those that are shown, each from its own index."""
    shown = merged[: query.told]
    told: dict[str, Hit] = {}
    for index, is_ours in ((office, True), (atlas, False)):
        own = [hit for hit in shown if (hit.document.id in ours) is is_ours]
        if index is not None and own:
            told.update((hit.document.id, hit) for hit in index.tell(own, query))
    return [told.get(hit.document.id, hit) for hit in merged]
