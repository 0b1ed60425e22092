"""Tables of vectors written for a generation, a few thousand rows at a time: however many there are, few in memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..texts.encoders import Matrix
from ..texts.similarity import Background, centred, hubness
from .dense import Table, sample_of, with_hubs
from .documents import Pairs
from .reading import Numbers

WORTH_NEIGHBOURS = 50_000
"""Rows from which on not all are compared with a question."""
_BLOCK = 8_192

type Encode = Callable[[Numbers], Matrix]
"""Raw rows (n, d) for numbers of passages."""


def write_table(
    folder: Path,
    old: Table | None,
    present: Pairs,
    limit: int | None,
    encode: Encode,
    against: Background,
) -> None:
    """Write a table of the passages that are ``present``: the old rows, and at most ``limit`` fresh ones."""
    folder.mkdir(parents=True, exist_ok=True)
    passages, documents = _chosen(old, present, limit)
    is_large = len(passages) >= WORTH_NEIGHBOURS
    shape, kind = (len(passages), len(against.mean)), np.float16 if is_large else np.float32
    hubs = np.zeros(len(passages), np.float32)
    rows = _mapped(folder / "rows.npy", kind, shape) if shape[0] else None
    for start in range(0, len(passages), _BLOCK):
        part = slice(start, start + _BLOCK)
        assert rows is not None
        rows[part], hubs[part] = _rows(old, passages[part], encode, against)
    if rows is None:
        np.save(folder / "rows.npy", np.zeros(shape, kind))
    for name, array in (("hubs", hubs), ("passages", passages), ("documents", documents)):
        np.save(folder / f"{name}.npy", array)
    for name, array in (("mean", against.mean), ("directions", against.directions), ("background", against.rows)):
        np.save(folder / f"{name}.npy", array)
    if is_large and rows is not None:
        from .neighbours import write_neighbours  # brings faiss, which only large tables need

        sample = sample_of(len(rows))
        np.save(folder / "sample.npy", with_hubs(rows[sample], hubs[sample]))
        write_neighbours(folder, rows, hubs, against.rows)


def _mapped(file: Path, kind: type[np.floating[Any]], shape: tuple[int, int]) -> npt.NDArray[np.floating[Any]]:
    """An array in a file, for which there is room: writing where the disk has none left would end the process."""
    rows: npt.NDArray[np.floating[Any]] = np.lib.format.open_memmap(file, mode="w+", dtype=kind, shape=shape)
    if hasattr(os, "posix_fallocate"):  # macOS has none
        with file.open("r+b") as opened:
            os.posix_fallocate(opened.fileno(), 0, file.stat().st_size)
    return rows


def _chosen(old: Table | None, present: Pairs, limit: int | None) -> Pairs:
    """The passages of the new table and their documents."""
    passages, documents = present
    has_row = np.isin(passages, old.passages, assume_unique=True) if old is not None else np.zeros(len(passages), bool)
    has_row[np.flatnonzero(~has_row)[:limit]] = True
    return passages[has_row], documents[has_row]


def _rows(old: Table | None, passages: Numbers, encode: Encode, against: Background) -> tuple[Matrix, Matrix]:
    """Corrected rows and hubs of some passages, the old ones taken over."""
    rows = np.zeros((len(passages), len(against.mean)), np.float32)
    hubs = np.zeros(len(passages), np.float32)
    has_row = np.zeros(len(passages), bool)
    if old is not None and len(old.passages):
        at = np.minimum(np.searchsorted(old.passages, passages), len(old.passages) - 1)
        has_row = old.passages[at] == passages
        rows[has_row], hubs[has_row] = old.rows[at[has_row]], old.hubs[at[has_row]]
    if not has_row.all():
        fresh = centred(encode(passages[~has_row]), against)
        rows[~has_row], hubs[~has_row] = fresh, hubness(fresh, against)
    return rows, hubs


def is_same(old: Table, present: Pairs, limit: int | None) -> bool:
    """Whether the new table would be the old one."""
    return np.array_equal(_chosen(old, present, limit)[0], old.passages)


def link(old: Path, new: Path) -> None:
    """The files of a folder once more, without room of their own where the disk lets them."""
    new.mkdir(parents=True, exist_ok=True)
    for file in old.iterdir():
        (new / file.name).unlink(missing_ok=True)
        try:
            os.link(file, new / file.name)
        except OSError:
            shutil.copy2(file, new / file.name)
