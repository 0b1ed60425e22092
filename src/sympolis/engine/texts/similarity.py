"""How alike texts are: cosines that neither a common direction nor a hub can spoil.

Every vector of an encoder leans the same way, and short general texts are near to everything. So the mean vector is
subtracted (Mu and Viswanath, *All-but-the-top*, 2018), and each side's mean nearness to its neighbours is taken off
(cross-domain similarity local scaling: Conneau et al., *Word translation without parallel data*, 2018). Mean and
neighbours come from a fixed set of short urban texts in seven languages, so that what two texts score never depends
on which others are compared in the same breath.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .encoders import CAREFUL, FAST, Matrix, load_encoder
from .languages import seed_texts
from .vectors import Vectors

_NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an encoder's corrected cosines mean "as likely as not" and how quickly that changes."""

    middle: float
    spread: float


SCALES = {FAST: Scale(0.30, 0.07), CAREFUL: Scale(0.27, 0.06)}


@dataclass(frozen=True, slots=True)
class Background:
    """An encoder's mean vector (d,) and the centred vectors (m, d) that hubness is measured against."""

    mean: Matrix
    rows: Matrix


_backgrounds: dict[str, Background] = {}


def background(encoder: str, vectors: Vectors | None = None) -> Background:
    """The encoder's background, encoded once per process (and kept in ``vectors`` where given)."""
    if encoder not in _backgrounds:
        texts = [text for listed in seed_texts().values() for text in listed]
        rows = vectors.encode(texts, encoder) if vectors else load_encoder(encoder).encode(texts)
        mean = np.asarray(rows.mean(axis=0), np.float32)
        _backgrounds[encoder] = Background(mean, centred(rows, mean))
    return _backgrounds[encoder]


def centred(rows: Matrix, mean: Matrix) -> Matrix:
    """float32 (n, d): rows minus the mean, of length 1 again; a row of zeros stays zero."""
    moved = np.where(np.any(rows, axis=1, keepdims=True), rows - mean, 0.0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)


def hubness(rows: Matrix, against: Background) -> Matrix:
    """float32 (n,): mean cosine of each centred row to its nearest texts of the background."""
    near = rows @ against.rows.T
    return np.asarray(np.partition(near, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:].mean(axis=1), np.float32)


def likeness(corrected: Matrix, scale: Scale) -> Matrix:
    """Corrected cosines as numbers in [0, 1]: .5 where texts are as likely to be about the same thing as not."""
    return np.asarray(1.0 / (1.0 + np.exp(-(corrected - scale.middle) / scale.spread)), np.float32)


def compare(left: Matrix, right: Matrix, encoder: str, vectors: Vectors | None = None) -> Matrix:
    """float32 (n, m) in [0, 1]: how alike each left row is to each right row (raw rows of that encoder)."""
    general = background(encoder, vectors)
    lefts, rights = centred(left, general.mean), centred(right, general.mean)
    hubs = (hubness(lefts, general)[:, None] + hubness(rights, general)[None, :]) / 2
    return likeness(np.asarray(lefts @ rights.T - hubs, np.float32), SCALES[encoder])


def compare_texts(left: Sequence[str], right: Sequence[str], vectors: Vectors, encoder: str = FAST) -> Matrix:
    """float32 (n, m) in [0, 1] for texts, encoded where they are not known yet."""
    return compare(vectors.encode(left, encoder), vectors.encode(right, encoder), encoder, vectors)
