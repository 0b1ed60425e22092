"""Vectors of millions of texts: blocks of half-precision rows in files that are written once and mapped into memory.

Several processes may write, each its own blocks; a block is there whole or not at all, so what was computed before a
build died is there for the next. Rows are rounded to half precision before anybody sees them: a vector is the same
whether it was just computed or read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from .encoders import CAREFUL, FAST, Matrix, load_encoder
from .vectors import Vectors

_ROWS = 8_192
_SORTED_AT = 200_000
_SMALL_BYTES = 2**20
_MANY = 32  # small blocks
_TRIES = 5


@dataclass(slots=True)
class _Shelf:
    """The blocks of one encoder: where each key's row is, sorted by key save the latest, what waits."""

    keys: npt.NDArray[np.bytes_] = field(default_factory=lambda: np.zeros(0, "S16"))
    places: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    blocks: list[npt.NDArray[np.float16]] = field(default_factory=list)
    latest: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    waiting: dict[bytes, npt.NDArray[np.float16]] = field(default_factory=dict)

    def places_of(self, keys: Sequence[bytes]) -> list[tuple[int, int] | None]:
        """Block and row of every key; None where it has none."""
        if not len(self.keys):
            return [self.latest.get(key) for key in keys]
        asked = np.array(keys, "S16")
        at = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        same = self.keys[at] == asked
        found = zip(keys, same, self.places[at].tolist(), strict=True)
        return [tuple(place) if is_here else self.latest.get(key) for key, is_here, place in found]

    def shelve(self, keys: npt.NDArray[np.bytes_], file: Path) -> None:
        """Take a block in."""
        self.latest.update({key: (len(self.blocks), row) for row, key in enumerate(keys.tolist())})
        self.blocks.append(np.load(file, mmap_mode="r"))

    def sort(self) -> None:
        """Take the latest keys in among the sorted ones."""
        if not self.latest:
            return
        every = np.concatenate([self.keys, np.array(list(self.latest), "S16")])
        order = np.argsort(every, kind="stable")
        places = np.concatenate([self.places, np.array(list(self.latest.values()), np.int64)])
        self.keys, self.places = every[order], places[order]
        self.latest.clear()


class VectorBlocks(Vectors):
    """Encoders with a memory as large as the disk. Nothing is forgotten. Call ``close`` to keep the last rows."""

    def __init__(self, folder: Path, encoders: Sequence[str] = (FAST, CAREFUL)) -> None:
        super().__init__(None, encoders, limit=0)
        self._folder = folder
        self._shelves = {name: self._open(name) for name in encoders}

    def keep(self, keys: Sequence[bytes], rows: Matrix, encoder: str) -> None:
        """Keep rows (n, d) that were computed elsewhere, by the keys of their texts."""
        self._keep(zip(keys, rows, strict=True), encoder)

    def missing(self, keys: Sequence[bytes], encoder: str) -> list[int]:
        """Places of the keys whose row is not here yet."""
        shelf = self._shelves[encoder]
        places = shelf.places_of([_padded(key) for key in keys])
        return [at for at, key in enumerate(keys) if places[at] is None and _padded(key) not in shelf.waiting]

    def _computed(self, texts: Sequence[str], encoder: str) -> Matrix:
        return load_encoder(encoder).encode(texts).astype(np.float16).astype(np.float32)

    def _look_up(self, keys: set[bytes], encoder: str) -> dict[bytes, npt.NDArray[np.float32]]:
        shelf = self._shelves[encoder]
        asked = list(keys)
        found = {}
        for key, place in zip(asked, shelf.places_of([_padded(key) for key in asked]), strict=True):
            row = shelf.blocks[place[0]][place[1]] if place else shelf.waiting.get(_padded(key))
            if row is not None:
                found[key] = row.astype(np.float32)
        return found

    def _keep(self, rows: Iterable[tuple[bytes, npt.NDArray[np.float32]]], encoder: str) -> None:
        shelf = self._shelves[encoder]
        for key, row in rows:
            shelf.waiting[_padded(key)] = row.astype(np.float16)
        if len(shelf.waiting) >= _ROWS:
            self._write(encoder)

    def _folder_of(self, encoder: str) -> Path:
        return self._folder / load_encoder(encoder).edition

    def _open(self, encoder: str) -> _Shelf:
        for _ in range(_TRIES):
            try:
                return self._opened(encoder)
            except FileNotFoundError:  # another process put small blocks together meanwhile
                continue
        return self._opened(encoder)

    def _opened(self, encoder: str) -> _Shelf:
        shelf = _Shelf()
        for file in sorted(self._folder_of(encoder).glob("*.rows.npy")):
            shelf.shelve(np.load(_keys_of(file)), file)
        shelf.sort()
        return shelf

    def _write(self, encoder: str) -> None:
        shelf = self._shelves[encoder]
        if not shelf.waiting:
            return
        keys = np.array(list(shelf.waiting), "S16")
        shelf.shelve(keys, _save_block(self._folder_of(encoder), keys, np.stack(list(shelf.waiting.values()))))
        shelf.waiting.clear()
        if len(shelf.latest) >= _SORTED_AT:
            shelf.sort()

    def flush(self) -> None:
        """Write down what waits; many small blocks become one."""
        for encoder in self._shelves:
            self._write(encoder)
            self._put_together(encoder)

    def close(self) -> None:
        """Keep the last rows."""
        self.flush()

    def _put_together(self, encoder: str) -> None:
        small = [file for file in self._folder_of(encoder).glob("*.rows.npy") if file.stat().st_size < _SMALL_BYTES]
        if len(small) < _MANY:
            return
        keys = np.concatenate([np.load(_keys_of(file)) for file in small])
        _save_block(self._folder_of(encoder), keys, np.concatenate([np.load(file) for file in small]))
        for file in small:  # whoever has one open reads on from it
            file.unlink(missing_ok=True)
            _keys_of(file).unlink(missing_ok=True)


def _padded(key: bytes) -> bytes:
    """A key as numpy gives it back: without zero bytes at its end."""
    return key.rstrip(b"\0")


def _keys_of(rows: Path) -> Path:
    return rows.with_name(rows.name.replace(".rows.", ".keys."))


def _save_block(folder: Path, keys: npt.NDArray[np.bytes_], rows: npt.NDArray[np.float16]) -> Path:
    """Its rows last: they are what makes it count. A name of its own: two processes may write at once."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{uuid4().hex}.rows.npy"
    _save(_keys_of(file), keys)
    _save(file, rows)
    return file


def _save(file: Path, array: npt.NDArray[np.generic]) -> None:
    new = file.with_name(file.name + ".new")
    with new.open("wb") as opened:
        np.save(opened, array)
    new.replace(file)
