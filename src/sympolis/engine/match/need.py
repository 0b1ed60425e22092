"""How well what a search found answers a need of a line or two: the search and matching say as much as each other.

Calls are weighed by how far they stand out among all calls that were found, as ``fitting_calls`` weighs them: of 46
needs one may look at nDCG@10 of calls is .60 so, and .56 by how alike the texts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..model import Hit, Item, ItemKind
from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.vectors import Vectors
from .calls import item_of_text
from .chance import beyond_chance
from .features import compare
from .items import facing, item_texts, item_words, read_items
from .question import standing_out

NEED_WEIGHTS = MappingProxyType({"search": 0.5, "text": 0.5})
"""What a weight is made of: how well the search found it, and how alike the texts are."""


class Weight(NamedTuple):
    """``score`` in [0, 1]; ``beyond``: how far its text stands out among all, in deviations beyond chance; ``scores``
    by name of feature are what the score is the weighted sum of."""

    score: float
    beyond: float
    scores: Mapping[str, float]


def weights(text: str, hits: Sequence[Hit], vectors: Vectors) -> list[Weight]:
    """The weight of each hit.

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
    told = zip([hit.score for hit in hits], answers.tolist(), beyond_chance(alike).tolist(), strict=True)
    return [_weight({"search": searched, "text": text}, beyond) for searched, text, beyond in told]


def _weight(scores: Mapping[str, float], beyond: float) -> Weight:
    return Weight(sum(NEED_WEIGHTS[name] * score for name, score in scores.items()), beyond, scores)


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
