"""The vectors of passages, one table for each encoder, mapped into memory by readers.

A small table is compared row by row. A large one has neighbours (see there): they name some hundred rows, of which
those that answer best are told exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.nearest import by_nearest
from ..texts.similarity import Background, Scale, centred, cosines_before_mean, hubness, leaning_to, likeness
from .reading import Allowed, Mask, Numbers

if TYPE_CHECKING:
    from .neighbours import Neighbours

NEIGHBOURS = "neighbours.faiss"
_BLOCK = 16_384
_SCALES = {FAST: Scale(0.06, 0.045), CAREFUL: Scale(0.06, 0.045)}
_DEVIATIONS = 2.5
_LOWEST_MIDDLE = 0.0
_REACH = 0.3  # from the middle of the scale to what could not be told better
_SAMPLE = 8_192
_PASSAGES_EACH = 3  # rows that neighbours are asked for, for each document wanted
_MOST_PASSAGES_EACH = 24


@dataclass(frozen=True, eq=False)
class Table:
    """Passages of one encoder: centred rows (n, d), their hubness (n,), and whose they are, both numbers ascending.

    ``sample`` are places of rows that stand for all.
    """

    encoder: str
    rows: Matrix
    hubs: Matrix
    passages: Numbers
    documents: Numbers
    against: Background
    neighbours: Neighbours | None = None
    sample: Matrix | None = None

    @cached_property
    def leaning(self) -> Matrix:
        """float32: how much every row leans as all texts do, of a large table those of the sample."""
        mean = leaning_to(self.against)
        if self.neighbours is None:
            return self.all_products(mean)
        assert self.sample is not None
        return np.asarray(self.sample[:, :-1] @ mean, np.float32)

    def products(self, at: Numbers, row: Matrix) -> Matrix:
        """float32 (n,): products of some rows with one, some thousand at a time."""
        parts = [
            np.asarray(self.rows[at[start : start + _BLOCK]], np.float32) @ row for start in range(0, len(at), _BLOCK)
        ]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def answers(self, question: Matrix) -> Answers:
        """How its documents answer a raw query vector (d,)."""
        return Answers(self, question)

    def nearest(self, questions: Matrix, allowed: Allowed, count: int) -> list[Numbers]:
        """For each of many raw query vectors (q, d) the numbers of the nearest documents among those allowed.

        What takes long is done once for all: filters are looked up, and lists of neighbours are looked at.
        """
        mask = np.ones(len(self.documents), bool) if allowed.is_all else allowed.of(self.documents)
        asked = centred(questions, self.against)
        if self.neighbours is None or not needs_neighbours(np.flatnonzero(mask)):
            return [self._first_of(near, mask, count) for near in map(self.all_products, asked)]
        wanted = None if allowed.is_all else mask
        found = self.neighbours.near(asked, wanted, count * _PASSAGES_EACH)
        return [self._first(at, self.rows[at] @ row, count) for at, row in zip(found, asked, strict=True)]

    def all_products(self, row: Matrix) -> Matrix:
        """float32 (n,): products of all rows with one."""
        parts = [np.asarray(self.rows[at : at + _BLOCK], np.float32) @ row for at in range(0, len(self.rows), _BLOCK)]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _first_of(self, near: Matrix, mask: Mask, count: int) -> Numbers:
        at = np.flatnonzero(mask)
        return self._first(at, near[at], count)

    def _first(self, at: Numbers, near: Matrix, count: int) -> Numbers:
        """The documents of the rows at some places that are nearest, best first; ``near`` are the rows' products."""
        held = self.documents[at[np.argsort(-(near - self.hubs[at] / 2), kind="stable")]]
        return held[np.sort(np.unique(held, return_index=True)[1])][:count]

    def of(self, documents: Numbers) -> tuple[Numbers, Numbers]:
        """Where the rows of some documents begin, and how many each has; they stand one after another."""
        starts = np.searchsorted(self.documents, documents, "left")
        return starts, np.searchsorted(self.documents, documents, "right") - starts


class Answers:
    """One question to one table."""

    def __init__(self, table: Table, question: Matrix) -> None:
        self._table = table
        self._question = question
        self._asked = centred(question[None, :], table.against)[0]
        self._hub = float(hubness(self._asked[None, :], table.against)[0])
        self._all = self._corrected_all() if table.neighbours is None else None
        self._usual = self._all if self._all is not None else self._of_sample()
        self._scale = self._scale_of(self._usual)

    def best(self, allowed: Allowed, count: int) -> Numbers:
        """The numbers of the documents that answer best among those allowed, best first."""
        table = self._table
        mask = None if allowed.is_all else allowed.of(table.documents)
        at = np.flatnonzero(mask) if mask is not None else np.arange(len(table.documents))
        if table.neighbours is not None:
            wanted = count * _PASSAGES_EACH
            at = table.neighbours.near(self._asked[None, :], mask, wanted)[0] if needs_neighbours(at) else at
        near = self._corrected(at)
        order = np.argsort(-near, kind="stable")[: count * _MOST_PASSAGES_EACH]
        held = table.documents[at[order]]
        firsts = np.sort(np.unique(held, return_index=True)[1])
        return held[firsts][:count]

    def of(self, documents: Numbers) -> tuple[Numbers, Matrix, Numbers]:
        """Those of some documents that are here, ascending: how well each answers in [0, 1], its best passage."""
        wanted, at, owners = self._passages(documents)
        near = self._corrected(at)
        best = _first_of_each(owners, near, at)
        return wanted, told_apart(near[best], self._scale), self._table.passages[at[best]]

    def of_long(self, documents: Numbers, languages: Mapping[int, str]) -> tuple[Numbers, Matrix, Numbers]:
        """The same of documents that are pages long: by three passages each, with vectors that keep their mean.

        What a question of a line has in common with them is little, and the mean takes most of it. ``languages`` are
        those of passages, of documents that say something in several. How near one is is seen on the scale of all
        others: as far from the mean of all passages, in standard deviations.
        """
        table = self._table
        wanted, at, owners = self._passages(documents)
        if not len(wanted):
            return wanted, np.zeros(0, np.float32), np.zeros(0, np.int64)
        uncorrected = np.asarray(self._usual + (self._usual_hubs + self._hub) / 2, np.float32)
        usual = self._before_mean(uncorrected, table.leaning)
        near = self._before_mean(table.products(at, self._asked), self._leaning_of(at))
        best = _first_of_each(owners, near, at)
        told = np.unique([languages.get(one, "") for one in table.passages[at].tolist()], return_inverse=True)[1]
        nearest = by_nearest(near, owners, told.astype(np.int64), len(wanted))
        deviations = (nearest - usual.mean()) / max(float(usual.std()), 1e-9)
        seen = self._usual.mean() + deviations * self._usual.std()
        return wanted, told_apart(seen.astype(np.float32), self._scale), table.passages[at[best]]

    def _passages(self, documents: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Those of some documents that are here, ascending; places of their rows, and which of them each belongs to."""
        wanted = np.unique(documents)
        starts, sizes = self._table.of(wanted)
        wanted, starts, sizes = wanted[sizes > 0], starts[sizes > 0], sizes[sizes > 0]
        ends = np.cumsum(sizes)
        at = np.arange(int(sizes.sum())) + np.repeat(starts - (ends - sizes), sizes)
        return wanted, at, np.repeat(np.arange(len(wanted)), sizes)

    @property
    def _usual_hubs(self) -> Matrix:
        if self._all is not None:
            return self._table.hubs
        assert self._table.sample is not None
        return np.asarray(-2 * self._table.sample[:, -1], np.float32)

    def _leaning_of(self, at: Numbers) -> Matrix:
        table = self._table
        return table.leaning[at] if self._all is not None else table.products(at, leaning_to(table.against))

    def _before_mean(self, near: Matrix, leaning: Matrix) -> Matrix:
        return cosines_before_mean(near, leaning, self._question, self._table.against)

    def _corrected(self, at: Numbers) -> Matrix:
        """Corrected likeness of the question to some rows."""
        if self._all is not None:
            return self._all[at]
        near = self._table.products(at, self._asked)
        return np.asarray(near - (self._table.hubs[at] + self._hub) / 2, np.float32)

    def _corrected_all(self) -> Matrix:
        near = self._table.all_products(self._asked)
        return np.asarray(near - (self._table.hubs + self._hub) / 2, np.float32)

    def _of_sample(self) -> Matrix:
        table = self._table
        assert table.sample is not None
        return np.asarray(table.sample @ np.append(self._asked, np.float32(1)) - self._hub / 2, np.float32)

    def _scale_of(self, corrected: Matrix) -> Scale:
        """Questions are short and texts long, so that even good answers are less alike than two texts on one thing:
        what stands out among all passages counts, within limits."""
        general = _SCALES[self._table.encoder]
        if not len(corrected):
            return general
        stands_out = float(corrected.mean() + _DEVIATIONS * corrected.std())
        return Scale(min(max(stands_out, _LOWEST_MIDDLE), general.middle), general.spread)


def _first_of_each(owners: Numbers, near: Matrix, at: Numbers) -> Numbers:
    """Where the nearest of each owner's passages is; owners ascend."""
    order = np.lexsort((at, -near, owners))
    return np.asarray(order[np.unique(owners, return_index=True)[1]], np.int64)


def told_apart(near: Matrix, scale: Scale) -> Matrix:
    """Likeness where an answer is doubtful; above, in proportion from .5 to 1: a logistic scale calls all good answers
    the same, and then words alone would put them in order. The same for every question, so that the answers of two
    indexes can be put in one order."""
    above = np.minimum(0.5 + 0.5 * (near - scale.middle) / _REACH, 1)
    return np.where(near > scale.middle, above, likeness(near, scale)).astype(np.float32)


def needs_neighbours(at: Numbers) -> bool:
    """Whether neighbours are asked: a few rows are compared faster one by one."""
    return len(at) > _BLOCK


def with_hubs(rows: Matrix, hubs: Matrix) -> Matrix:
    """float32 (n, d + 1): rows whose product with (question, 1) is the corrected likeness save the question's hub."""
    return np.concatenate([np.asarray(rows, np.float32), -hubs[:, None] / 2], axis=1, dtype=np.float32)


def sample_of(count: int) -> Numbers:
    """Places of rows that stand for all: the same for the same number of rows."""
    return np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64))


def open_table(folder: Path, encoder: str, generation: int) -> Table | None:
    """The table of an encoder as of a generation, mapped into memory; None where that encoder has none."""
    base = folder / f"{encoder}.{generation}"
    if not base.is_dir():
        return None
    rows, hubs, passages, documents = (_mapped(base, name) for name in ("rows", "hubs", "passages", "documents"))
    mean, directions, background = (np.load(base / f"{name}.npy") for name in ("mean", "directions", "background"))
    against = Background(mean, directions, background)
    if not (base / NEIGHBOURS).is_file():
        return Table(encoder, rows, hubs, passages, documents, against)
    from .neighbours import Neighbours  # brings faiss, which a process without large tables does not need

    return Table(encoder, rows, hubs, passages, documents, against, Neighbours.open(base), _mapped(base, "sample"))


def _mapped(folder: Path, name: str) -> Any:
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
