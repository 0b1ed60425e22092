"""Texts into pieces of words, as XLM-RoBERTa's tokenizer cuts them: unigram language model after Kudo 2018
(https://arxiv.org/abs/1804.10959), with SentencePiece's mark for a space. No piece reaches over a space, so words are
cut one by one and those of a language that come again and again are remembered. The pieces stay in their file; sorted
by their first bytes, those that begin alike are found by bisection and read when a word asks for them."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .packed import Pieces

_SPACE = "\u2581"
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*|[^{_SPACE}]+")
_REMEMBERED = 20_000  # words in this process, some 6 MB
_BEGINNING = 3  # characters: pieces that share them are read from the file together, a dozen in the mean
_SHELVES = 3_000  # of these in this process, some 4 MB
_HEAD = 8  # bytes
_LESS_THAN_ANY = 10.0  # how much less likely than the rarest piece an unknown character is, as in SentencePiece


class Tokenizer:
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._scores = memoryview(pieces.scores)  # gives Python's own numbers, which are quicker one by one
        self._unknown = pieces.unknown
        self._unknown_score = float(pieces.scores.min()) - _LESS_THAN_ANY
        heads = _heads(pieces)
        self._order = np.argsort(heads, kind="stable").astype(np.uint32)
        self._heads = heads[self._order]
        self._word = lru_cache(_REMEMBERED)(self._cut)
        self._shelf = lru_cache(_SHELVES)(self._read_shelf)

    def ids(self, text: str) -> list[int]:
        """The ids of a text's pieces, without those of its beginning and end."""
        plain = re.sub(" +", " ", text.translate(self._pieces.replacements))
        marked = (plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE)
        return self.cut(marked)

    def cut(self, marked: str) -> list[int]:
        """The ids of a text that has its marks for spaces already, and no characters to be replaced."""
        return [piece for word in _WORD.findall(marked) for piece in self._word(word)]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Viterbi: the likeliest way to each character, from the characters before it. The earlier of equals stays."""
        ways: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(word)  # score, from, id
        for start in range(len(word)):
            sofar = ways[start][0]
            known, longest = self._shelf(word[start : start + _BEGINNING])
            for stop in range(start + 1, min(start + longest, len(word)) + 1):
                piece = known.get(word[start:stop])
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

    def _read_shelf(self, beginning: str) -> tuple[dict[str, int], int]:
        """The pieces that are the first one or two of these characters or begin with all of them (a few others may
        lie among them), and how many characters the longest has."""
        found: list[int] = []
        for size in range(1, len(beginning) + 1):
            head = beginning[:size].encode("utf-8", "surrogatepass")[:_HEAD]
            last = head.ljust(_HEAD, b"\xff" if size == _BEGINNING else b"\0")
            bounds = np.frombuffer(head.ljust(_HEAD, b"\0") + last, ">u8").astype(np.uint64)
            first, end = self._heads.searchsorted(bounds[0]), self._heads.searchsorted(bounds[1], "right")
            found += self._order[first:end].tolist()
        known = {self._pieces.text(piece): piece for piece in sorted(found) if piece != self._unknown}
        return known, max(map(len, known), default=0)


def _heads(pieces: Pieces) -> npt.NDArray[np.uint64]:
    """The first bytes of each piece as one number, zeros after its end: in the order of these the pieces are sorted."""
    starts, lengths = pieces.offsets[:-1], np.diff(pieces.offsets)
    heads = np.zeros(len(starts), np.uint64)
    for at in range(_HEAD):
        byte = pieces.whole[np.minimum(starts + np.uint32(at), len(pieces.whole) - 1)]
        heads = heads << np.uint64(8) | np.where(lengths > at, byte, 0).astype(np.uint64)
    return heads
