"""Texts into pieces of words, as XLM-RoBERTa's tokenizer cuts them: unigram language model after Kudo 2018
(https://arxiv.org/abs/1804.10959), with SentencePiece's mark for a space. No piece reaches over a space, so words are
cut one by one and those of a language that come again and again are remembered."""

from __future__ import annotations

import re
from functools import lru_cache

from .packed import Pieces

_SPACE = "\u2581"
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*")
_REMEMBERED = 20_000  # words in this process, some 6 MB
_LESS_THAN_ANY = 10.0  # how much less likely than the rarest piece an unknown character is, as in SentencePiece


class Tokenizer:
    def __init__(self, pieces: Pieces) -> None:
        self._ids = {text: at for at, text in enumerate(pieces.texts) if at != pieces.unknown}
        self._scores = memoryview(pieces.scores)  # gives Python's own numbers, which are quicker one by one
        self._unknown = pieces.unknown
        self._unknown_score = float(pieces.scores.min()) - _LESS_THAN_ANY
        self._longest = max(map(len, pieces.texts))
        self._replacements = pieces.replacements
        self._word = lru_cache(_REMEMBERED)(self._cut)

    def ids(self, text: str) -> list[int]:
        """The ids of a text's pieces, without those of its beginning and end."""
        plain = re.sub(" +", " ", text.translate(self._replacements))
        marked = (plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE)
        return [piece for word in _WORD.findall(marked) for piece in self._word(word)]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Viterbi: the likeliest way to each character, from the characters before it. The earlier of equals stays."""
        ways: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(word)  # score, from, id
        for start in range(len(word)):
            sofar = ways[start][0]
            for stop in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = self._ids.get(word[start:stop])
                if piece is not None and (score := sofar + self._scores[piece]) > ways[stop][0]:
                    ways[stop] = (score, start, piece)
            if sofar + self._unknown_score > ways[start + 1][0]:
                ways[start + 1] = (sofar + self._unknown_score, start, self._unknown)
        cut = []
        stop = len(word)
        while stop:
            _, start, piece = ways[stop]
            cut.append(piece)
            stop = start
        return tuple(reversed(cut))
