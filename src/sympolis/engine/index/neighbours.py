"""The nearest of many rows without looking at all: faiss's inverted lists of rows in eight bits, on disk.

Rows are kept with their hubness (``dense.with_hubs``), so that what is nearest here is what answers best. How many
lists are looked at is measured when the file is made: as many as give ``_RECALL`` of the ten best of questions in many
languages, compared with all rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from ..texts.encoders import Matrix
from .dense import NEIGHBOURS, with_hubs
from .reading import Mask, Numbers

_faiss: Any = faiss  # its types know nothing of the keywords that its Python side takes

_RECALL = 0.97
_PER_LIST = 1_000  # rows
_MOST_LISTS = 2_048
_TRAINED_ON = 40  # rows for each list
_ROUNDS = 8
_BLOCK = 16_384
_ASKED = 64
_ALIGNED = 16  # faiss is several times as fast on rows of so many numbers, or a multiple
_MOST_PROBED = 1.25  # times as many lists where filters leave few rows in each: those near answer first all the same
_STEP = 16  # lists: how nearly the fewest that will do are found


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An index of a table's rows. ``probes`` is how many of its lists a question looks at."""

    lists: Any
    probes: int

    def near(self, asked: Matrix, mask: Mask | None, count: int) -> list[Numbers]:
        """For each of some corrected questions (q, d) the ascending places of the rows nearest to it, of a mask."""
        _, found = self.lists.search(_question(asked), count, params=self._params(mask))
        return [np.sort(places[places >= 0]) for places in found]

    def _params(self, mask: Mask | None) -> Any:
        if mask is None:
            return _faiss.SearchParametersIVF(nprobe=self.probes)
        share = max(float(mask.mean()), 1 / _MOST_PROBED)
        bits = _faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        return _faiss.SearchParametersIVF(sel=bits, nprobe=min(int(self.probes / share), self.lists.nlist))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The file of a folder, mapped into memory."""
        [probes] = np.load(folder / "probes.npy").tolist()
        return cls(faiss.read_index(str(folder / NEIGHBOURS), faiss.IO_FLAG_MMAP), int(probes))


def write_neighbours(folder: Path, rows: Matrix, hubs: Matrix, questions: Matrix) -> None:
    """Make the file of a table's rows (n, d). ``questions`` (m, d) are corrected rows such as people ask."""
    lists = _trained(rows, hubs)
    asked = questions[:: max(1, len(questions) // _ASKED)][:_ASKED]
    exact = _Exact(asked)
    for start in range(0, len(rows), _BLOCK):
        block = with_hubs(rows[start : start + _BLOCK], hubs[start : start + _BLOCK])
        lists.add(_aligned(block))
        exact.look_at(block, start)
    faiss.write_index(lists, str(folder / NEIGHBOURS))
    np.save(folder / "probes.npy", np.array([_probes(lists, asked, exact.best)], np.int64))


def _trained(rows: Matrix, hubs: Matrix) -> Any:
    count = min(max(len(rows) // _PER_LIST, 16), _MOST_LISTS)
    places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), count * _TRAINED_ON)).astype(np.int64))
    sample = _aligned(with_hubs(rows[places], hubs[places]))
    width = sample.shape[1]
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(width), width, count, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    lists.cp.niter = _ROUNDS
    lists.train(sample)
    return lists


class _Exact:
    """The ten best rows for some questions, found by looking at all."""

    def __init__(self, asked: Matrix, count: int = 10) -> None:
        self._asked = np.concatenate([asked, np.ones((len(asked), 1), np.float32)], axis=1)
        self._scores = np.full((len(asked), count), -np.inf, np.float32)
        self.best = np.full((len(asked), count), -1, np.int64)

    def look_at(self, block: Matrix, start: int) -> None:
        """Take in rows that begin at a place."""
        near = np.concatenate([self._scores, self._asked @ block.T], axis=1)
        places = np.concatenate([self.best, np.tile(np.arange(start, start + len(block)), (len(near), 1))], axis=1)
        top = np.argpartition(-near, self.best.shape[1] - 1, axis=1)[:, : self.best.shape[1]]
        self._scores, self.best = np.take_along_axis(near, top, 1), np.take_along_axis(places, top, 1)


def _probes(lists: Any, asked: Matrix, best: Numbers) -> int:
    """The fewest lists, or few more, that give enough of the best rows: doubled until they do, then halved into."""
    enough = 4
    while enough < lists.nlist and _share_found(lists, asked, best, enough) < _RECALL:
        enough *= 2
    too_few, enough = enough // 2, min(enough, int(lists.nlist))
    while enough - too_few > _STEP:
        between = (too_few + enough) // 2
        if _share_found(lists, asked, best, between) < _RECALL:
            too_few = between
        else:
            enough = between
    return enough


def _share_found(lists: Any, asked: Matrix, best: Numbers, probes: int) -> float:
    params = _faiss.SearchParametersIVF(nprobe=probes)
    _, found = lists.search(_question(asked), best.shape[1] * 3, params=params)
    return float(np.mean([np.isin(right, got).mean() for right, got in zip(best, found, strict=True)]))


def _question(asked: Matrix) -> Matrix:
    return _aligned(np.concatenate([asked, np.ones((len(asked), 1), np.float32)], axis=1))


def _aligned(rows: Matrix) -> Matrix:
    """Rows made longer by zeros."""
    wide = np.zeros((len(rows), -(-rows.shape[1] // _ALIGNED) * _ALIGNED), np.float32)
    wide[:, : rows.shape[1]] = rows
    return wide
