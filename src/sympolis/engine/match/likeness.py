"""How alike the texts of items are: by each encoder, by their finer subjects, and by all of it together."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.similarity import SCALES, Scale, corrected, likeness
from .common_words import common_words
from .items import ItemTable, Rows

TEXT_WEIGHTS = MappingProxyType({FAST: 0.45, CAREFUL: 0.55})
"""How the encoders share the text's weight; an encoder that does not know both texts is left out."""

SUBJECT_WEIGHT = 0.25
"""How much the finer subjects say of how alike texts are, where the careful encoder has read both; the rest is said
by the encoders. With .4 eight of 384 needs fewer found their answer first, with .1 as many."""

SUBJECT_SCALE = Scale(0.5, 0.063)
"""Likeness of two profiles on the scale of the encoders: as far above its mean, in standard deviations, as theirs."""

_AGREED = 2.2
"""Measures that err apart seldom say "alike" of the same pair of strangers: what three say together is surer than their
mean. Of 30 judged pairs of the demo's entries 7 of the 15 that can work together are proposed for it in the right kind
and 2 of the others, 3 and 2 with .8; of 30 held out 9 and 3, 4 and 2."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Profiles of both sides (n, phrases), (m, phrases), and how alike they are (n, m); -1 where one is not read."""

    left: Matrix
    right: Matrix
    near: Matrix


@dataclass(frozen=True, slots=True)
class Texts:
    """All pairs of two lists: how alike (n, m), the same by encoder (-1: not read by it), the finer subjects."""

    alike: Matrix
    encoders: dict[str, Matrix]
    subjects: Subjects | None


def compare_texts(left: ItemTable, right: ItemTable) -> Texts:
    """Compare the texts of all pairs, in the best pair of languages each; the tables face each other."""
    shape = len(left), len(right)
    encoders = {name: _text_matrix(held, right.rows[name], name, shape) for name, held in left.rows.items()}
    subjects = _subjects(left, right)
    words = common_words(left.words, right.words, shape)
    return Texts(_text(encoders, subjects, words, shape), encoders, subjects)


def nearest_passages(left: ItemTable, row: int, right: ItemTable, column: int, encoder: str) -> tuple[str, str]:
    """The two passages of a pair that are nearest to each other for an encoder, as they were read."""
    one, other = left.rows[encoder], right.rows[encoder]
    lefts, rights = one.of(row), other.of(column)
    read = one.known[lefts].nonzero()[0], other.known[rights].nonzero()[0]
    if len(read[0]) == len(read[1]) == 1:  # nothing to choose from
        return left.texts[row][read[0][0]], right.texts[column][read[1][0]]
    near = corrected(one.rows[lefts] @ other.rows[rights].T, one.hubs[lefts], other.hubs[rights])
    near[~one.known[lefts]], near[:, ~other.known[rights]] = -1, -1
    at, to = np.unravel_index(int(np.argmax(near)), near.shape)
    return left.texts[row][int(at)], right.texts[column][int(to)]


def _text_matrix(left: Rows, right: Rows, encoder: str, shape: tuple[int, int]) -> Matrix:
    """float32 (n, m): the best of all pairs of languages; -1 where the encoder does not know both."""
    if not all(shape) or not left.known.any() or not right.known.any():
        return np.full(shape, -1, np.float32)
    near = corrected(left.rows @ right.rows.T, left.hubs, right.hubs)
    return _best_of_languages(likeness(near, SCALES[encoder]), left, right)


def _best_of_languages(near: Matrix, left: Rows, right: Rows) -> Matrix:
    near[~left.known, :] = -1
    near[:, ~right.known] = -1
    best = near if left.is_single else np.maximum.reduceat(near, left.starts, axis=0)
    best = best if right.is_single else np.maximum.reduceat(best, right.starts, axis=1)
    return np.asarray(best, np.float32)


def _subjects(left: ItemTable, right: ItemTable) -> Subjects | None:
    """None where there is nothing to compare, or the careful encoder has not read the vocabulary yet."""
    if left.profiles is None or right.profiles is None or not len(left) or not len(right):
        return None
    one, other = left.rows[CAREFUL], right.rows[CAREFUL]
    near = _best_of_languages(np.asarray(left.profiles @ right.profiles.T, np.float32), one, other)
    return Subjects(_sum_of_languages(left.profiles, one), _sum_of_languages(right.profiles, other), near)


def _sum_of_languages(profiles: Matrix, rows: Rows) -> Matrix:
    if rows.is_single:
        return profiles
    return np.asarray(np.add.reduceat(profiles, rows.starts, axis=0), np.float32)


def _text(texts: dict[str, Matrix], subjects: Subjects | None, words: Matrix, shape: tuple[int, int]) -> Matrix:
    """float32 (n, m): how alike the texts are, by the encoders and, where both were read, by their finer subjects and
    the words they have in common."""
    spoken = _logit(_mean_of_encoders(texts, shape))
    if subjects is None:
        return _from_logit(spoken + words)
    finer = _logit(likeness(subjects.near, SUBJECT_SCALE))
    both = (1 - SUBJECT_WEIGHT) * spoken + SUBJECT_WEIGHT * finer + _AGREED
    return _from_logit(np.where(subjects.near >= 0, both, spoken) + words)


def _logit(share: Matrix) -> Matrix:
    inside = np.clip(share.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)), np.float32)


def _from_logit(value: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-value.astype(np.float64))), np.float32)


def _mean_of_encoders(texts: dict[str, Matrix], shape: tuple[int, int]) -> Matrix:
    total, weights = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for encoder, near in texts.items():
        there = near >= 0
        weight = TEXT_WEIGHTS.get(encoder, 0.5)
        total[there] += weight * _logit(near[there])
        weights[there] += weight
    mean = np.asarray(total / np.maximum(weights, 1e-9), np.float32)
    return np.where(weights > 0, _from_logit(mean), 0).astype(np.float32)
