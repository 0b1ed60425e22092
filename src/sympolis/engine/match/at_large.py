"""A portfolio against a whole world: the entries of an index that go best with each item, among a million in seconds.

The index names those that are near to an item by vectors and has the rows of their passages, so that nothing of the
world is read again; these few are compared by every feature, as ``rank.match`` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..index import Index
from ..index.prepare import split
from ..index.reading import Numbers
from ..model import Document, Item, ItemKind, Match, PartialDate, Query
from ..texts.encoders import CAREFUL, Matrix
from ..texts.subjects import profiles
from ..texts.vectors import Vectors
from .items import ItemTable, Rows, about_declared, facing, read_items, texts_of
from .rank import best_of

_NEAR = 100
_ITEM_KINDS = {"need": ItemKind.NEED, "action": ItemKind.PRIORITY, "practice": ItemKind.OFFER, "call": ItemKind.OFFER}


def match_index(
    left: Sequence[Item],
    index: Index,
    limit: int = 20,
    *,
    vectors: Vectors,
    query: Query | None = None,
) -> Iterator[Match]:
    """For each left item in turn the best ``limit`` documents of an index, best first, with every reason.

    Compared are the hundred nearest by each encoder that has read both. Of documents only the themes written down for
    them count: their texts are not read for others. ``query`` says which documents may be meant; public projects,
    unless told otherwise. Vectors of ``vectors.encoders[0]`` are computed for left items where they are missing.
    """
    if not left or limit < 1 or not len(index):
        return
    own = read_items(left, vectors)
    asked = _questions(left, own, vectors)
    near, held = index.nearest(asked, query or Query("", kinds=("project",)), max(_NEAR, limit))
    if not held:
        return
    numbers = np.array(sorted(held), np.int64)
    lefts, rights = facing(own, _table([held[at] for at in numbers.tolist()], numbers, index, vectors), vectors)
    for row, chosen in enumerate(near):
        places = np.searchsorted(numbers, chosen)
        if len(places):
            yield from best_of(lefts.take([row]), rights.take(places), limit)


def _questions(left: Sequence[Item], own: ItemTable, vectors: Vectors) -> dict[str, Matrix]:
    """Raw vectors of the first texts, by each encoder that has read them all."""
    firsts = [texts_of(item)[0] for item in left]
    known = {name: vectors.known(firsts, name) for name in own.rows}
    return {name: rows for name, (rows, there) in known.items() if there.all()}


def _table(documents: Sequence[Document], numbers: Numbers, index: Index, vectors: Vectors) -> ItemTable:
    """Documents as items, with the rows that the index has of their passages."""
    items = [item_of(document) for document in documents]
    texts = [tuple(text for _, text in split(document)) or (document.id,) for document in documents]
    sizes = np.array([len(said) for said in texts], np.int64)
    rows = {name: _rows(index, name, numbers, sizes, vectors) for name in vectors.encoders}
    read = rows.get(CAREFUL)
    held = profiles(read.rows, vectors) if read is not None and read.known.any() else None
    return ItemTable(items, texts, rows, held, about_declared(items))


def _rows(index: Index, encoder: str, numbers: Numbers, sizes: Numbers, vectors: Vectors) -> Rows:
    """A row for each text; those of a document count as unknown where the index has not read all of its texts."""
    found, counts = index.rows(encoder, numbers)
    starts = np.cumsum(sizes) - sizes
    known = np.repeat(counts == sizes, sizes)
    rows = np.zeros((len(known), found.shape[1] or vectors.known([], encoder)[0].shape[1]), np.float32)
    rows[known] = found[np.repeat(counts == sizes, counts)]
    return Rows(rows, known, np.zeros(len(known), np.float32), starts)


def item_of(document: Document) -> Item:
    """A document as something to compare items with."""
    return Item(
        id=document.id,
        kind=_ITEM_KINDS.get(document.kind, ItemKind.PROJECT),
        title=document.title,
        owner_id="",
        text=document.text,
        themes=document.themes,
        sdgs=document.sdgs,
        countries=document.countries,
        since=PartialDate(document.earliest, document.earliest),
        until=PartialDate(document.latest, document.latest),
        source_url=document.source_url,
        confirmed=document.confirmed,
        illustrative=document.illustrative,
    )
