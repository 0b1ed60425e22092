"""How rare a word is, in any language: by the unigram model of the careful encoder's tokenizer."""

from __future__ import annotations

from functools import cache, lru_cache

from .packed import open_packed
from .pieces import Tokenizer


@lru_cache(maxsize=50_000)
def rarity(word: str) -> float:
    """The negative logarithm of how likely the word's pieces are: *the* 7, *water* 11, *ratpenat* 30. Raises
    EngineError where the weights cannot be read."""
    tokenizer, scores = _model()
    return -sum(float(scores[piece]) for piece in tokenizer.ids(word))


@cache
def _model() -> tuple[Tokenizer, memoryview]:
    pieces = open_packed().pieces
    return Tokenizer(pieces), memoryview(pieces.scores)
