"""The careful encoder's way through a snapshot that is being served, a slice at a time.

Vectors are kept as they come. The index's table is written whole, its neighbours sought anew: that is done when it has
grown by a good part, not after every slice.
"""

from __future__ import annotations

from pathlib import Path

from ..calls_file import read_calls
from ..index import Index
from ..match import call_texts
from ..texts.encoders import CAREFUL, FAST
from ..texts.vector_blocks import VectorBlocks
from ..texts.vectors import Vectors

_LEAST_WRITTEN = 256
_GROWTH = 0.25


class Encoding:
    """Opened by the one worker; it may be left and taken up again at any slice. Raises IndexUnavailable."""

    def __init__(self, snapshot: Path, memory: Path, encoder: str = CAREFUL) -> None:
        self.snapshot = snapshot
        self._encoder = encoder
        self._vectors = VectorBlocks(memory)
        self._index = Index.open(snapshot / "index", self._vectors)
        self._left = self._index.without_row(encoder)
        self._in_table = self._index.encoded().get(encoder, 0)
        self._read = self._written = 0

    def some(self, most: int) -> int:
        """Read at most so many passages; how many, 0 when nothing is left. Raises IndexLocked, IndexUnavailable."""
        if self._is_worth_writing():
            self._write()
        part = self._left[self._read : self._read + most]
        self._vectors.fill(self._index.texts_of(part), self._encoder)
        self._read += len(part)
        if self._read == len(self._left):
            self._write()
        return len(part)

    def _is_worth_writing(self) -> bool:
        return self._read - self._written >= max(_LEAST_WRITTEN, _GROWTH * (self._in_table + self._written))

    def _write(self) -> None:
        """Into the index, whose table takes the first ones without a row: those that were read."""
        self._vectors.flush()
        if self._read == self._written:
            return
        with Index.open(self.snapshot / "index", self._vectors, write=True) as index:
            index.encode_missing(self._encoder, self._read - self._written)
        self._written = self._read

    def hand_over(self, to: Vectors) -> int:
        """Give an office's memory what was read of the calls, which its matching compares; how many rows these were."""
        return sum(to.take_over(self._call_texts(), self._vectors, encoder) for encoder in (FAST, self._encoder))

    def read_calls(self, to: Vectors, most: int) -> int:
        """Read at most so many of those passages of calls that the index does not keep; 0 when nothing is left."""
        texts = self._call_texts()
        return to.fill(texts, FAST, most) or to.fill(texts, self._encoder, most)

    def _call_texts(self) -> list[str]:
        return call_texts(read_calls(self.snapshot))

    def close(self) -> None:
        """Keep what was read, in the index or not."""
        self._vectors.flush()
        self._index.close()
