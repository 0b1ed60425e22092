"""How near contributions are to each other, whatever languages they are in: four signals on one scale.

Each signal says how much nearer two texts are than two texts of this collection are as a rule, in standard deviations,
told apart for pairs of one language and of two: or else texts of one language, which share words, would gather. The
mean of the signals is the nearness. A small collection says little about what is usual, so what is usual among short
texts on cities counts as well (``PRIOR``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...texts.encoders import CAREFUL, FAST, Matrix
from ...texts.lexicon import meanings_in
from ...texts.similarity import background, centred
from ...texts.subjects import profiles, subject_texts
from ...texts.vectors import Vectors
from ...texts.words import terms

type Step = Callable[[int, int], None]
"""Told how many texts of how many were read."""

type Pairs = npt.NDArray[np.bool_]

AT_ONCE = 512
_SAMPLE = 1_000  # texts whose pairs tell what is usual
_PRIOR_PAIRS = 500
_PRIOR_TEXTS = 50
_MOST = 6.0  # standard deviations: one rare name in common is no more than that


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean and spread of a signal."""

    mean: float
    spread: float


PRIOR = {
    "words": (Usual(0.007, 0.03), Usual(0.008, 0.04)),
    FAST: (Usual(-0.04, 0.09), Usual(-0.03, 0.09)),
    CAREFUL: (Usual(-0.04, 0.09), Usual(-0.03, 0.09)),
    "subjects": (Usual(0.04, 0.06), Usual(0.04, 0.06)),
    "themes": (Usual(0.06, 0.11), Usual(0.06, 0.11)),
}
"""Signal -> what is usual in one language and across two: read off all pairs of ``texts/seeds.yaml`` that are no
translations of each other."""


class SparseRows:
    """Rows of few weights among many columns, of length 1: a text's terms by how often and how rare they are."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """``documents``: the terms of each text. Term frequency counts by its logarithm (Salton and Buckley 1988)."""
        self._count = len(documents)
        self._terms: list[dict[str, float]] = []
        found = Counter(term for document in documents for term in set(document))
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for row, document in enumerate(documents):
            weights = {
                term: (1 + np.log(times)) * (1 + np.log((1 + self._count) / (1 + found[term])))
                for term, times in sorted(Counter(document).items())
            }
            length = float(np.sqrt(sum(weight * weight for weight in weights.values()))) or 1.0
            self._terms.append({term: weight / length for term, weight in weights.items()})
            for term, weight in self._terms[-1].items():
                rows, held = postings.setdefault(term, ([], []))
                rows.append(row)
                held.append(weight)
        self._postings = {term: (np.array(rows), np.array(held)) for term, (rows, held) in postings.items()}

    def near(self, rows: Iterable[int]) -> Matrix:
        """float32 (rows, n): cosines of some rows with all."""
        return np.array([self._near(row) for row in rows], np.float32).reshape(-1, self._count)

    def _near(self, row: int) -> npt.NDArray[np.float64]:
        held = self._terms[row]
        if not held:
            return np.zeros(self._count)
        columns = np.concatenate([self._postings[term][0] for term in held])
        weights = np.concatenate([self._postings[term][1] * weight for term, weight in held.items()])
        return np.bincount(columns, weights, self._count)


class DenseRows:
    """Rows (n, d) of length 1 or zero."""

    def __init__(self, rows: Matrix) -> None:
        self._rows = rows

    def near(self, rows: Iterable[int]) -> Matrix:
        """float32 (rows, n): cosines of some rows with all."""
        return np.asarray(self._rows[list(rows)] @ self._rows.T, np.float32)


@dataclass(frozen=True, slots=True)
class Signal:
    """One way to compare: within a language, and across two."""

    name: str
    within: SparseRows | DenseRows
    across: SparseRows | DenseRows

    def near(self, rows: Sequence[int], same: Pairs) -> Matrix:
        """float32 (rows, n) for some rows, given which pairs are of one language."""
        within = self.within.near(rows)
        return within if self.across is self.within else np.where(same, within, self.across.near(rows))


class Nearness:
    """All texts of a collection against all, some rows at a time: n x n numbers are never held."""

    def __init__(self, languages: Sequence[str], signals: Sequence[Signal]) -> None:
        self._languages = np.unique(np.array(languages, dtype=object).astype(str), return_inverse=True)[1]
        self._signals = signals
        self._usual = [self._read_usual(signal) for signal in signals]

    def __len__(self) -> int:
        return len(self._languages)

    def blocks(self) -> Iterator[tuple[Sequence[int], Matrix]]:
        """The numbers of some rows and float32 (rows, n) how near they are, until all rows were given."""
        for start in range(0, len(self), AT_ONCE):
            rows = range(start, min(start + AT_ONCE, len(self)))
            yield rows, self.near(rows)

    def near(self, rows: Sequence[int]) -> Matrix:
        """float32 (rows, n): the mean of the signals, in standard deviations."""
        same = self._same(rows)
        total = np.zeros(same.shape, np.float32)
        for signal, (within, across) in zip(self._signals, self._usual, strict=True):
            near = signal.near(rows, same)
            near -= np.where(same, np.float32(within.mean), np.float32(across.mean))
            near /= np.where(same, np.float32(within.spread), np.float32(across.spread))
            total += np.minimum(near, _MOST)
        return np.asarray(total / len(self._signals), np.float32)

    def _same(self, rows: Sequence[int]) -> Pairs:
        return np.asarray(self._languages[list(rows), None] == self._languages[None, :], np.bool_)

    def _read_usual(self, signal: Signal) -> tuple[Usual, Usual]:
        rows = sorted({int(at) for at in np.linspace(0, len(self) - 1, min(_SAMPLE, len(self)))})
        near = [np.zeros(0), np.zeros(0)]
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            same = self._same(part)
            values = signal.near(part, same)[:, rows]
            others = np.not_equal.outer(part, rows)
            for at, pairs in enumerate((same[:, rows] & others, ~same[:, rows])):
                near[at] = np.concatenate([near[at], values[pairs]])
        within, across = (_shrunk(values, prior) for values, prior in zip(near, PRIOR[signal.name], strict=True))
        return within, across


def _shrunk(values: npt.NDArray[np.float64], prior: Usual) -> Usual:
    """Mean and spread of values (n,) with a prior that counts as so many further ones."""
    count = len(values) + _PRIOR_PAIRS
    mean = (values.sum() + _PRIOR_PAIRS * prior.mean) / count
    second = ((values**2).sum() + _PRIOR_PAIRS * (prior.mean**2 + prior.spread**2)) / count
    return Usual(float(mean), float(np.sqrt(second - mean**2)))


def signals_of(texts: Sequence[str], themes: Matrix, vectors: Vectors, step: Step) -> list[Signal]:
    """The signals that the encoders of ``vectors`` allow; what is not encoded yet is encoded.

    Words: stems within a language, the vocabulary's meanings across two. Vectors of the careful encoder, else of the
    fast one, without what all texts of the collection have in common. Finer subjects, where the careful encoder reads.
    Themes (n, themes) as they were tagged. There is at least one text.
    """
    stems = SparseRows([terms(text) for text in texts])
    meanings = SparseRows([meanings_in(text) for text in texts])
    encoder = CAREFUL if CAREFUL in vectors.encoders else FAST
    rows = _encoded(texts, encoder, vectors, step)
    encoded = DenseRows(_without_common(centred(rows, background(encoder, vectors))))
    tagged = DenseRows(_unit(themes))
    signals = [Signal("words", stems, meanings), Signal(encoder, encoded, encoded), Signal("themes", tagged, tagged)]
    if encoder == CAREFUL and (finer := _subjects(rows, vectors)) is not None:
        profiled = DenseRows(finer)
        signals.append(Signal("subjects", profiled, profiled))
    return signals


def _encoded(texts: Sequence[str], encoder: str, vectors: Vectors, step: Step) -> Matrix:
    parts = []
    for start in range(0, len(texts), AT_ONCE):
        step(start, len(texts))
        parts.append(vectors.encode(texts[start : start + AT_ONCE], encoder))
    step(len(texts), len(texts))
    return np.concatenate(parts)


def _subjects(rows: Matrix, vectors: Vectors) -> Matrix | None:
    """Profiles; the vocabulary's phrases are read first where they were not. Twice at most: memory may run over."""
    for _ in range(2):
        if (made := profiles(rows, vectors)) is not None:
            return made
        vectors.fill(subject_texts(), CAREFUL)
    return profiles(rows, vectors)


def _without_common(rows: Matrix) -> Matrix:
    """Rows without their mean, which counts for less the fewer there are, of length 1 again."""
    return _unit(rows - np.asarray(rows.sum(axis=0) / (len(rows) + _PRIOR_TEXTS), np.float32))


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
