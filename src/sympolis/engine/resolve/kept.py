"""What one resolution leaves for the next: the sketch of each body, and how sure each pair was.

Both go by what they were worked out from, not by ids: a body that says what it said needs no sketch, and two such whose
words weigh what they weighed are not judged again. So what is kept changes the time, never the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from .columns import numbers
from .hashes import Hashes, Places
from .sketches import SCHEMA

_SKETCHES, _SCORES = "sketches.parquet", "scores.parquet"
_PAIRS = pa.schema([("pair", pa.uint64()), ("score", pa.float64())])


@dataclass(frozen=True, slots=True)
class Kept:
    """Sketches in any order; pairs by what they were judged by."""

    sketches: pa.Table
    pairs: pa.Table

    @classmethod
    def of(cls, sketches: pa.Table, keys: Hashes, scores: npt.NDArray[np.float64]) -> Kept:
        """What is to be kept of a resolution."""
        each, first = np.unique(keys, return_index=True)
        return cls(sketches, pa.table([each, scores[first]], schema=_PAIRS))

    def find_sketches(self, contents: Hashes) -> Places:
        """For each content the row of its sketch; -1 where there is none."""
        return _find(numbers(self.sketches, "content"), contents)

    def find_scores(self, keys: Hashes) -> npt.NDArray[np.float64]:
        """For each key of a pair how sure it was; not a number where it was not judged."""
        rows = _find(numbers(self.pairs, "pair"), keys)
        scores = np.append(np.asarray(self.pairs["score"].combine_chunks(), np.float64), np.nan)
        return scores[rows]

    def write(self, folder: Path) -> None:
        """Into the files of a folder."""
        pq.write_table(self.sketches, folder / _SKETCHES, compression="zstd")
        pq.write_table(self.pairs, folder / _SCORES, compression="zstd")


def nothing_kept() -> Kept:
    """What there is before the first resolution."""
    return Kept(SCHEMA.empty_table(), _PAIRS.empty_table())


def read_kept(folder: Path) -> Kept:
    """Out of the files of a folder; nothing where they are missing or no longer whole."""
    try:
        sketches, pairs = pq.read_table(folder / _SKETCHES), pq.read_table(folder / _SCORES)
    except (OSError, pa.ArrowException):
        return nothing_kept()
    is_ours = sketches.schema.equals(SCHEMA) and pairs.schema.equals(_PAIRS)
    return Kept(sketches, pairs) if is_ours else nothing_kept()


def _find(held: Hashes, wanted: Hashes) -> Places:
    """Where each of the wanted stands among those held, or -1."""
    if not len(held):
        return np.full(len(wanted), -1)
    order = np.argsort(held, kind="stable")
    near = order[np.minimum(np.searchsorted(held, wanted, sorter=order), len(held) - 1)]
    return np.where(held[near] == wanted, near, -1)
