"""Items made ready for comparing: their texts, what they are about, and vectors as rows of matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..model import Call, Item, ItemKind
from ..texts.encoders import Matrix
from ..texts.themes import concepts, tag
from ..texts.vectors import Vectors
from ..texts.words import passages

DECLARED = 0.85
"""How sure it is that an item is about a theme somebody wrote down for it."""

PROMINENCE = (1.0, 0.75, 0.55, 0.45)
"""How far an item is about the first, second … theme written down for it: people write the main one first."""

NOT_DECLARED = 0.45
"""How far it can be about a theme that is only read out of its text, where somebody wrote down others."""

_SUREST_READ = 0.9


def item_texts(items: Sequence[Item]) -> list[str]:
    """The texts of items that get vectors: let a background job ``Vectors.fill`` them with the careful encoder."""
    return [text for item in items for text in texts_of(item)]


def texts_of(item: Item) -> list[str]:
    """One text for each language of an item: its title and the first hundred words after it."""
    said = []
    for language in dict.fromkeys([*item.title, *item.text]):
        title = item.title.get(language) or next((name for name in item.title.values() if name), "")
        first = next(passages(item.text.get(language, "")), "")
        # A translated title without its text says less than the text in the other language does.
        if first or (item.title.get(language) and not any(item.text.values())):
            said.append(f"{title}. {first}".strip(". "))
    return said or [next(iter(item.title.values()), item.id)]


def title_of(item: Item) -> str:
    """The title in the language the item was first written in."""
    return next((title for title in item.title.values() if title), item.id)


def item_of_call(call: Call) -> Item:
    """A call as something to compare items with."""
    return Item(
        id=call.id,
        kind=ItemKind.OFFER,
        title=call.title,
        owner_id="",
        text=call.summary,
        themes=call.themes,
        countries=call.eligible_countries,
        programme=call.programme,
        source_url=call.provenance.source_url,
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors of items, several rows an item: raw rows (r, d), which rows are known, where each item's rows begin."""

    rows: Matrix
    known: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.int64]


def rows_of(items: Sequence[Item], vectors: Vectors, encoder: str) -> Rows:
    """The vectors of items. The first encoder's are computed where they are missing, the others' only looked up."""
    per_item = [texts_of(item) for item in items]
    texts = [text for listed in per_item for text in listed]
    starts = np.cumsum([0, *(len(listed) for listed in per_item)])[:-1]
    if encoder == vectors.encoders[0]:
        return Rows(vectors.encode(texts, encoder), np.ones(len(texts), bool), starts)
    rows, known = vectors.known(texts, encoder)
    return Rows(rows, known, starts)


def about(items: Sequence[Item], vectors: Vectors) -> Matrix:
    """float32 (n, themes) in [0, 1]: how sure it is that each item is about each theme.

    What was declared counts, and so does what the texts say: neither alone is believed fully.
    """
    codes = [concept.code for concept in concepts("theme")]
    places = {code: at for at, code in enumerate(codes)}
    sure = np.zeros((len(items), len(codes)), np.float32)
    per_item = [texts_of(item) for item in items]
    tagged = iter(tag([text for listed in per_item for text in listed], "theme", vectors))
    for at, (item, listed) in enumerate(zip(items, per_item, strict=True)):
        for _ in listed:
            for read in next(tagged):
                place = places[read.code]
                sure[at, place] = max(sure[at, place], _SUREST_READ * read.score)
        if item.themes:
            sure[at] = _declared(item.themes, sure[at], places)
    return sure


def _declared(themes: Sequence[str], read: Matrix, places: Mapping[str, int]) -> Matrix:
    """How sure each theme is (themes,), where an item has declared some: reading confirms, it doesn't overrule."""
    sure = read * NOT_DECLARED
    for order, code in enumerate(dict.fromkeys(themes)):
        if (place := places.get(code)) is not None:
            far = PROMINENCE[min(order, len(PROMINENCE) - 1)]
            sure[place] = far * (1 - (1 - read[place]) * (1 - DECLARED))
    return np.asarray(sure, np.float32)
