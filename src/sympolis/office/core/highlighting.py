"""The part of a passage to show, with the words that were asked for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sympolis.engine.texts.words import terms

SHOWN = 260
_WORD = re.compile(r"\w+")


class Piece(NamedTuple):
    """A piece of text and whether it answers the question's words."""

    text: str
    matched: bool


def highlighted(passage: str, question: str, shown: int = SHOWN) -> list[Piece]:
    """The passage around its first matching word, in pieces. Words match as they do in the index."""
    asked = set(terms(question))
    matches = [found.span() for found in _WORD.finditer(passage) if asked.intersection(_stems(found.group()))]
    start, end = _window(passage, matches[0][0] if matches else 0, shown)
    pieces: list[Piece] = []
    at = start
    for first, last in matches:
        if first < at or last > end:
            continue
        pieces += [Piece(passage[at:first], False), Piece(passage[first:last], True)]
        at = last
    pieces.append(Piece(passage[at:end], False))
    kept = [piece for piece in pieces if piece.text]
    if kept and start > 0:
        kept.insert(0, Piece("… ", False))
    if kept and end < len(passage):
        kept.append(Piece(" …", False))
    return kept


@lru_cache(maxsize=16_384)
def _stems(word: str) -> frozenset[str]:
    return frozenset(terms(word))


def _window(passage: str, first_match: int, shown: int) -> tuple[int, int]:
    """Start and end of what is shown, at the edges of words."""
    if len(passage) <= shown:
        return 0, len(passage)
    start = max(0, first_match - shown // 4)
    if start:
        start = passage.find(" ", start) + 1 or start
    end = min(len(passage), start + shown)
    if end < len(passage):
        end = max(passage.rfind(" ", start, end), start + 1)
    return start, end
