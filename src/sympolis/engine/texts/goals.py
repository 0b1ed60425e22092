"""What a text is about in terms of the Sustainable Development Goals: two named features, weighed by a small table.

**Words**: phrases that speak for a goal, in the text's language, the longest first. Each counts for what it is worth
(strong or weak, shared with how many goals) and a little more when said again; the sum is set against the length of the
text. **Nearness**: how near the text's vector is to lists of the goal's phrases, against what any text is near to.
A logistic function of the two says how sure it is that experts would call the text one about that goal, each goal for
itself: a text may be about none or about five. The weights are fitted by ``quality/tags.py --fit`` to the half of the
labelled texts the method was made with.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ..model import LANGUAGES
from . import vocabulary
from .encoders import FAST, Matrix
from .goal_phrases import GOALS, goal_book, strong_phrases, target_book
from .languages import detect_language
from .similarity import background, centred
from .tags import Heard, Tag, as_written
from .vectors import Vectors
from .words import stem, telling_places, telling_words

WEIGHTS = {"words": 2.6, "nearness": 11.6}
MIDDLE = 5.3
"""What the weighed features of a text must add up to for the goal to be as likely as not."""
WORDS_ALONE, MIDDLE_ALONE = 3.4, 3.2
"""The same where nothing is encoded."""

type Scores = npt.NDArray[np.float64]

_ACCEPTED = 0.5
_CONSIDERED = 0.01
_SOMEWHAT = 0.25
_HALF = 0.5  # a target that words speak for as much as this is as likely as not
_NEAR_WEIGHT = 0.5
_NEAR_MIDDLE, _NEAR_SPREAD = 0.25, 0.04
_USUAL_LENGTH = 60
_LENGTH_POWER = 1 / 3
_LIST = 12
_NEAREST = 3
_HEARD_LETTERS = 400
_READ_WORDS = 140
_TELLING = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's telling words, their stems and its language ("" where that is not known)."""

    held: tuple[str, ...]
    stems: tuple[str, ...]
    language: str

    @classmethod
    def of(cls, text: str) -> Reading:
        """Read a text."""
        held = tuple(telling_words(text))
        language = detect_language(text[:_HEARD_LETTERS]) if len(held) > _TELLING else ""
        return cls(held, tuple(stem(word) for word in held), language)


def tag_goals(texts: Sequence[str], vectors: Vectors | None = None) -> list[list[Tag]]:
    """For each text the goals it may be about ("1" to "17"), the surest first, each with the words that spoke for it.

    A goal is accepted where it is as likely as not, whatever the others are. Without ``vectors`` words decide.
    """
    readings = [Reading.of(text) for text in texts]
    heard = [heard_goals(reading) for reading in readings]
    tagged = []
    for text, found, sure in zip(texts, heard, _judge(texts, readings, heard, vectors), strict=True):
        places = telling_places(text)
        tags = [
            Tag(
                str(goal),
                round(float(score), 4),
                bool(score >= _ACCEPTED),
                as_written(text, found.get(goal, ()), places),
            )
            for goal, score in zip(GOALS, sure, strict=True)
            if score > _CONSIDERED
        ]
        tagged.append(sorted(tags, key=lambda one: (-one.score, int(one.code))))
    return tagged


def tag_targets(texts: Sequence[str], vectors: Vectors | None = None) -> list[list[Tag]]:
    """For each text the targets ("6.3", "11.a") it may be about, the surest first, with the words that spoke for them.

    Only targets of goals that the text is at least somewhat about are considered.
    """
    readings = [Reading.of(text) for text in texts]
    goals = _judge(texts, readings, [heard_goals(reading) for reading in readings], vectors)
    near = _near_targets(texts, vectors) if vectors is not None and texts else np.zeros((len(texts), len(_codes())))
    tagged = []
    for text, reading, sure, row in zip(texts, readings, goals, near, strict=True):
        found = heard_targets(reading)
        places = telling_places(text)
        tags = []
        for place, (code, goal) in enumerate(_codes()):
            if sure[goal - 1] < _SOMEWHAT:
                continue
            said = weigh(found.get(code, ()), len(reading.held))
            own = 1 - (1 - said / (said + _HALF)) * (1 - _NEAR_WEIGHT * row[place])
            score = float(own * min(1.0, sure[goal - 1] / _ACCEPTED))
            if score > _CONSIDERED:
                words_for = as_written(text, found.get(code, ()), places)
                tags.append((-score, place, Tag(code, round(score, 4), score >= _ACCEPTED, words_for)))
        tagged.append([one for _, _, one in sorted(tags, key=lambda each: each[:2])])
    return tagged


def _judge(
    texts: Sequence[str],
    readings: Sequence[Reading],
    heard: Sequence[Mapping[int, Sequence[Heard]]],
    vectors: Vectors | None,
) -> Scores:
    """float64 (n, 17) in [0, 1]: how sure it is that each text is about each goal."""
    said = words(heard, readings)
    alone = WORDS_ALONE * said - MIDDLE_ALONE
    if vectors is None or not texts:
        return _sure(alone)
    both = WEIGHTS["words"] * said + WEIGHTS["nearness"] * nearness(texts, vectors) - MIDDLE
    # The weights were fitted to English, where the encoder is at its best: elsewhere its word counts for half.
    in_english = np.array([reading.language == "en" for reading in readings])
    return _sure(np.where(in_english[:, None], both, (both + alone) / 2))


def _sure(weighed: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-weighed)), np.float64)


def heard_goals(reading: Reading) -> dict[int, list[Heard]]:
    """Goal -> the phrases of a text that speak for it, in order."""
    book, worth = goal_book()
    found: dict[int, list[Heard]] = {}
    for place, phrases in book.longest(reading.held, reading.stems, reading.language):
        for phrase in phrases:
            said = worth[phrase.code, phrase.stems]
            if worthy := said.get(reading.language, max(said.values())):
                heard = Heard(phrase.stems, place, place + len(phrase.stems), worthy)
                found.setdefault(int(phrase.code), []).append(heard)
    return found


def heard_targets(reading: Reading) -> dict[str, list[Heard]]:
    """Target -> the phrases of a text that speak for it, in order; one said of n targets counts 1/√n for each."""
    found: dict[str, list[Heard]] = {}
    for place, phrases in target_book().longest(reading.held, reading.stems, reading.language):
        for phrase in phrases:
            heard = Heard(phrase.stems, place, place + len(phrase.stems), 1 / math.sqrt(len(phrases)))
            found.setdefault(phrase.code, []).append(heard)
    return found


def words(heard: Sequence[Mapping[int, Sequence[Heard]]], readings: Sequence[Reading]) -> Scores:
    """float64 (n, 17): the feature *words* for each text and goal."""
    rows = [
        [weigh(found.get(goal, ()), len(reading.held)) for goal in GOALS]
        for found, reading in zip(heard, readings, strict=True)
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(GOALS))


def weigh(heard: Sequence[Heard], length: int) -> float:
    """What phrases say together in a text of so many telling words: the logarithm of their worth for that length.

    The same phrase said again counts as its logarithm. In a title one phrase says more than on a page.
    """
    times = Counter(one.stems for one in heard)
    worth = {one.stems: one.worth for one in heard}
    total = sum(worth[stems] * (1 + math.log(count)) for stems, count in times.items())
    return math.log1p(total * (_USUAL_LENGTH / max(length, 1)) ** _LENGTH_POWER)


def nearness(texts: Sequence[str], vectors: Vectors) -> Scores:
    """float64 (n, 17): the feature *nearness* for each text and goal."""
    general = background(FAST, vectors)
    firsts = [" ".join(text.split()[:_READ_WORDS]) for text in texts]
    rows = centred(vectors.encode(firsts, FAST), general)
    near = np.zeros((len(texts), len(GOALS)), np.float64)
    for at, lists in enumerate(_list_rows(vectors)):
        near[:, at] = _nearest(rows @ lists.T) - _nearest(general.rows @ lists.T).mean()
    return near


def _nearest(near: Matrix) -> Matrix:
    return np.asarray(np.partition(near, -_NEAREST, axis=1)[:, -_NEAREST:].mean(axis=1), np.float32)


def _near_targets(texts: Sequence[str], vectors: Vectors) -> Scores:
    """float64 (n, 169) in [0, 1]: nearness of each text to each target's words, in the language that is nearest."""
    general = background(FAST, vectors)
    rows = centred(vectors.encode([" ".join(text.split()[:_READ_WORDS]) for text in texts], FAST), general)
    said = _target_rows(vectors)
    usual = (general.rows @ said.T).reshape(len(general.rows), -1, len(LANGUAGES)).max(axis=2).mean(axis=0)
    near = (rows @ said.T).reshape(len(texts), -1, len(LANGUAGES)).max(axis=2) - usual
    return _sure((near.astype(np.float64) - _NEAR_MIDDLE) / _NEAR_SPREAD)


_rows: list[Matrix] = []
_of_targets: list[Matrix] = []


def _target_rows(vectors: Vectors) -> Matrix:
    """float32 (169 times languages, d): each target's label and phrases as one text, in each language."""
    if not _of_targets:
        _of_targets.append(centred(vectors.encode(_said_of_targets(), FAST), background(FAST, vectors)))
    return _of_targets[0]


def _said_of_targets() -> list[str]:
    return [
        ", ".join([target.labels[language], *target.phrases[language]])
        for target in vocabulary.targets()
        for language in LANGUAGES
    ]


@cache
def _codes() -> tuple[tuple[str, int], ...]:
    """Code and goal of every target."""
    return tuple((target.code, target.goal) for target in vocabulary.targets())


def _list_rows(vectors: Vectors) -> list[Matrix]:
    """For each goal float32 (lists, d): its strong phrases a dozen at a time, in each language by itself.

    A list of phrases is nearer to a page on the subject than any of its phrases, or their mean, is.
    """
    if not _rows:
        general = background(FAST, vectors)
        listed = _said_of_goals()
        encoded = iter(centred(vectors.encode([text for texts in listed for text in texts], FAST), general))
        _rows[:] = [np.array([next(encoded) for _ in texts], np.float32) for texts in listed]  # at once: threads read
    return _rows


def compared_texts() -> list[str]:
    """What the vectors of texts are compared with: lists of each goal's phrases and of each target's."""
    return [*(text for texts in _said_of_goals() for text in texts), *_said_of_targets()]


def _said_of_goals() -> list[list[str]]:
    return [[text for language in LANGUAGES for text in _lists(goal, language)] for goal in GOALS]


def _lists(goal: int, language: str) -> list[str]:
    phrases = strong_phrases(goal, language)
    count = max(1, round(len(phrases) / _LIST))
    return [", ".join(phrases[at::count]) for at in range(count)]
