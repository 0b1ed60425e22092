"""The vectors of passages, one table for each encoder, memory-mapped by readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.similarity import Background, Scale, centred, hubness, likeness

type Numbers = npt.NDArray[np.int64]

_BLOCK = 16_384
_SCALES = {FAST: Scale(0.06, 0.045), CAREFUL: Scale(0.06, 0.045)}
_DEVIATIONS = 2.5
_LOWEST_MIDDLE = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """Passages of one encoder: centred rows (n, d), their hubness (n,), and whose they are."""

    encoder: str
    rows: Matrix
    hubs: Matrix
    passages: Numbers
    documents: Numbers
    against: Background

    def nearest(self, question: Matrix) -> tuple[Numbers, Matrix, Numbers]:
        """For every document here, by ascending number: its likeness to a raw query vector (d,), its best passage."""
        if not len(self.passages):
            return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.int64)
        asked = centred(question[None, :], self.against)
        near = np.concatenate([self.rows[at : at + _BLOCK] @ asked[0] for at in range(0, len(self.rows), _BLOCK)])
        corrected = near - (self.hubs + hubness(asked, self.against)[0]) / 2
        order = np.argsort(-corrected, kind="stable")
        documents, firsts = np.unique(self.documents[order], return_index=True)
        best = order[firsts]
        return documents, self._answering(corrected, corrected[best]), self.passages[best]

    def _answering(self, corrected: Matrix, best: Matrix) -> Matrix:
        """How well documents answer, in [0, 1]. Questions are short and texts long, so that even good answers are less
        alike than two texts on one thing: what stands out among all passages counts, within limits."""
        stands_out = float(corrected.mean() + _DEVIATIONS * corrected.std())
        middle = min(max(stands_out, _LOWEST_MIDDLE), _SCALES[self.encoder].middle)
        return likeness(best, Scale(middle, _SCALES[self.encoder].spread))


def open_table(folder: Path, encoder: str, generation: int) -> Table | None:
    """The table of an encoder as of a generation, memory-mapped; None where that encoder has none."""
    base = folder / f"{encoder}.{generation}"
    if not base.is_dir():
        return None
    rows, hubs, passages, documents, mean, directions, background = (
        np.load(base / f"{name}.npy", mmap_mode="r" if name == "rows" else None)
        for name in ("rows", "hubs", "passages", "documents", "mean", "directions", "background")
    )
    return Table(encoder, rows, hubs, passages, documents, Background(mean, directions, background))


def write_table(
    folder: Path,
    generation: int,
    old: Table | None,
    kept: Sequence[tuple[int, int]],
    fresh: tuple[Sequence[tuple[int, int]], Matrix],
    encoder: str,
    against: Background,
) -> None:
    """Write a generation's table: the old rows of ``kept`` (passage, document) pairs and ``fresh`` raw rows."""
    base = folder / f"{encoder}.{generation}"
    base.mkdir(parents=True, exist_ok=True)
    pairs, raw = fresh
    rows = centred(raw, against)
    hubs = hubness(rows, against) if len(rows) else np.zeros(0, np.float32)
    if old is not None and kept:
        at = np.searchsorted(old.passages, np.array([passage for passage, _ in kept], np.int64))
        rows = np.concatenate([old.rows[at], rows])
        hubs = np.concatenate([old.hubs[at], hubs])
    numbers = np.array([*kept, *pairs], np.int64).reshape(-1, 2)
    order = np.argsort(numbers[:, 0], kind="stable")
    np.save(base / "rows.npy", rows[order])
    np.save(base / "hubs.npy", hubs[order])
    np.save(base / "passages.npy", numbers[order, 0])
    np.save(base / "documents.npy", numbers[order, 1])
    np.save(base / "mean.npy", against.mean)
    np.save(base / "directions.npy", against.directions)
    np.save(base / "background.npy", against.rows)
