"""How well what a search found answers a need of a line or two: the search and matching say as much as each other.

Calls are weighed by how far they stand out among all calls that were found, as ``fitting_calls`` weighs them: of 46
needs one may look at nDCG@10 of calls is .60 so, and .56 by how alike the texts are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..model import Hit, Item, ItemKind
from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.vectors import Vectors
from .calls import item_of_text
from .chance import beyond_chance
from .features import compare
from .items import facing, item_texts, item_words, read_items
from .question import standing_out


def weights(text: str, hits: Sequence[Hit], vectors: Vectors) -> list[tuple[float, float]]:
    """Of each hit its weight in [0, 1], and how far its text stands out among all, in deviations beyond chance.

    The need is read where it isn't known yet, and of the hits what the first encoder has not.
    """
    if not hits:
        return []
    need = item_of_text(text)
    vectors.fill(item_texts([need]), CAREFUL)
    vectors.fill(item_words([need]), FAST)
    found = read_items([_item(hit) for hit in hits], vectors)
    left, right = facing(read_items([need], vectors), found, vectors, by_words=True)
    alike: Matrix = compare(left, right).text[0]
    answers = alike.copy()
    calls = [at for at, hit in enumerate(hits) if hit.document.kind == "call"]
    if calls:
        answers[calls] = standing_out(compare(left, right.take(calls)), vectors)
    searched = np.array([hit.score for hit in hits])
    told = zip(((searched + answers) / 2).tolist(), beyond_chance(alike).tolist(), strict=True)
    return [(score, beyond) for score, beyond in told]


def _item(hit: Hit) -> Item:
    document = hit.document
    return Item(
        id=document.id,
        kind=ItemKind.OFFER,
        title=document.title,
        owner_id="",
        text=document.text,
        themes=document.themes,
        countries=document.countries,
    )
