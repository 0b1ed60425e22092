"""How far each of many calls stands out for one question.

A question is a line or two, a call pages of which most would fit any call. So a call is as near as its three nearest
passages are, for each encoder, and only calls are compared with each other: what all of them share with the question
says nothing. The vectors are taken as they are but for the directions in which languages differ. Taking the mean of all
texts off, as for pairs of projects, takes what little a short question says: of 46 needs one may look at, nDCG@10 with
both encoders is .50 without mean, .55 with vectors as they are, .57 so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..model import Item
from ..texts.encoders import Matrix
from ..texts.nearest import by_nearest
from ..texts.similarity import background, without_languages
from ..texts.vectors import Vectors
from .features import Comparison
from .items import ItemTable, languages_of
from .likeness import SUBJECT_WEIGHT, TEXT_WEIGHTS

_MANY_CALLS = 50
_DEVIATIONS = 3.4
_ALIKE_ANYWAY = 2.2  # the logit of .9


def standing_out(asked: Comparison, vectors: Vectors) -> Matrix:
    """float32 (calls,): how far each call stands out among all for the first item on the left, the question.

    How near a question is even to the call made for it differs from question to question: what stands 3.4 standard
    deviations above the mean of all is as likely to fit as not, and what is alike at .9 in any case. So eight of 625
    calls are proposed for a need, and of four that none fits two, one, none and seven. Few calls say nothing of what is
    usual.
    """
    text: Matrix = asked.text[0]
    if len(text) < _MANY_CALLS:
        return text
    inside = np.clip(text.astype(np.float64), 1e-6, 1 - 1e-6)
    alike = np.log(inside / (1 - inside)) - _ALIKE_ANYWAY
    return np.asarray(1 / (1 + np.exp(-np.maximum(deviations(asked, vectors) - _DEVIATIONS, alike))), np.float32)


def deviations(asked: Comparison, vectors: Vectors) -> npt.NDArray[np.float64]:
    """float64 (calls,): how many standard deviations each call stands above the mean of all, by what is read of it."""
    assert asked.tables is not None, "nobody kept what was compared"
    left, right = asked.tables
    measures = [(TEXT_WEIGHTS.get(name, 0.5), nearness(left, right, name, vectors)) for name in vectors.encoders]
    usual = _standard(measures[0][1])
    spoken = _mean([(weight, seen_as(near, usual)) for weight, near in measures])
    if asked.subjects is None:
        return _standard(spoken)
    finer = np.where(asked.subjects.near[0] >= 0, asked.subjects.near[0], np.nan)
    return _standard(_mean([(1 - SUBJECT_WEIGHT, spoken), (SUBJECT_WEIGHT, seen_as(finer, usual))]))


def nearness(left: ItemTable, right: ItemTable, encoder: str, vectors: Vectors) -> npt.NDArray[np.float64]:
    """float64 (calls,): cosine of the question and the nearest passages of each call; nan where either isn't read."""
    near = _near(left, [text for texts in right.texts for text in texts], encoder, vectors)
    told = [
        (at, language)
        for at, (item, texts) in enumerate(zip(right.items, right.texts, strict=True))
        for language in _languages(item, len(texts))
    ]
    owners = np.array([at for at, _ in told], np.int64)
    return by_nearest(near, owners, _numbered([language for _, language in told]), len(right))


def counted_passages(asked: Comparison, column: int, vectors: Vectors) -> dict[str, str]:
    """By encoder, the passage of a call that is nearest to the question in the language in which the call was counted.

    Empty where calls are too few to stand out: these are compared by their likeness, and its passage counted.
    """
    if len(asked.text[0]) < _MANY_CALLS:
        return {}
    assert asked.tables is not None, "nobody kept what was compared"
    left, right = asked.tables
    texts = right.texts[column]
    languages = _numbered(_languages(right.items[column], len(texts)))
    counted = {}
    for encoder in vectors.encoders:
        near = _near(left, texts, encoder, vectors)
        if not np.isnan(near).all():
            spoken = by_nearest(near, languages, np.zeros_like(languages), int(languages.max()) + 1)
            counted[encoder] = texts[int(np.nanargmax(np.where(languages == np.nanargmax(spoken), near, np.nan)))]
    return counted


def _near(left: ItemTable, texts: Sequence[str], encoder: str, vectors: Vectors) -> npt.NDArray[np.float64]:
    """float64 (texts,): cosine of the question and each text; nan where either isn't read."""
    question, understood = vectors.known(left.texts[0][:1], encoder)
    rows, known = vectors.known(texts, encoder)
    if not understood[0]:
        return np.full(len(texts), np.nan)
    general = background(encoder, vectors)
    near = (without_languages(rows, general) @ without_languages(question, general)[0]).astype(np.float64)
    near[~known] = np.nan
    return np.asarray(near, np.float64)


def _numbered(languages: Sequence[str]) -> npt.NDArray[np.int64]:
    """int64 (texts,): the same number for the same language."""
    return np.unique(languages, return_inverse=True)[1].astype(np.int64)


def _languages(item: Item, count: int) -> list[str]:
    """The language of each passage; to split the text again takes time, so not where there is but one."""
    return languages_of(item) if len({*item.title, *item.text}) > 1 else [""] * count


def seen_as(near: npt.NDArray[np.float64], usual: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``near`` with the mean and spread that ``usual`` has for the same calls; nan where it isn't known.

    An encoder that has read the likeliest calls alone must not call the middle of them usual.
    """
    known = ~np.isnan(near)
    if not known.any():
        return near
    spread = near[known].std()
    return (near - near[known].mean()) / max(spread, 1e-9) * usual[known].std() + usual[known].mean()


def _standard(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (values - values.mean()) / max(values.std(), 1e-9)


def _mean(measures: Sequence[tuple[float, npt.NDArray[np.float64]]]) -> npt.NDArray[np.float64]:
    """The weighted mean of what is known of each call."""
    weights = np.array([np.where(np.isnan(values), 0, weight) for weight, values in measures])
    values = np.array([np.nan_to_num(values) for _, values in measures])
    return np.asarray((weights * values).sum(axis=0) / weights.sum(axis=0), np.float64)
