"""Promises picked out of a text: sentences in which somebody says that something will be done, and by when.

Rules over the words of ``vocabulary/promises.yaml``, all languages in every text. What comes out is a proposal for a
person to look at: ``quality/promises.py`` says how often it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..model import PartialDate
from .due_days import any_of, due_in, vocabulary
from .words import fold

MOST_LETTERS = 100_000
MOST_PROMISES = 100
_LONGEST_SENTENCE = 600
_SENTENCES = re.compile(r"[^\n\r.!?؟…;؛]+(?:\.(?=\S)[^\n\r.!?؟…;؛]+)*[.!?؟…;؛]*")
_BULLET = re.compile(r"^[\s>*•·\-–—\d.)]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence of a text that promises something: where it stands, whether the writer's own side does, by when."""

    start: int
    end: int
    passage: str
    is_ours: bool
    due: PartialDate


@dataclass(frozen=True, slots=True)
class _Wording:
    first: re.Pattern[str]
    commits: re.Pattern[str]
    ours: re.Pattern[str]
    third: re.Pattern[str]
    not_it: re.Pattern[str]
    wished: re.Pattern[str]


def promises_in(text: str, on: date) -> list[Promise]:
    """The promises of a text of at most 100,000 letters, in order, the first hundred; ``on`` is when it was said.

    Raises ValueError where the text is longer.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"{len(text)} letters are too many")
    found: list[Promise] = []
    for start, passage in _sentences(text):
        whose = _whose(passage)
        if whose is not None and len(found) < MOST_PROMISES:
            found.append(Promise(start, start + len(passage), passage, whose, due_in(passage, on)))
    return found


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Where each sentence begins, and its words without bullets and white space around."""
    for piece in _SENTENCES.finditer(text):
        bullet = _BULLET.match(piece[0])
        start = piece.start() + (bullet.end() if bullet else 0)
        passage = text[start : piece.end()].rstrip()
        if 0 < len(passage) <= _LONGEST_SENTENCE:
            yield start, passage


def _whose(passage: str) -> bool | None:
    """Whether the writer's own side promises; None where nobody does."""
    if passage.endswith(("?", "؟")):
        return None
    text = fold(passage)
    for wording in _wordings():
        if wording.wished.search(text):
            continue
        left = wording.not_it.sub(lambda hit: "|" * len(hit[0]), text)
        if wording.first.search(left):
            return True
        if wording.commits.search(left):
            return wording.ours.search(left) is not None
        if wording.third.search(left):
            return False
    return None


@cache
def _wordings() -> tuple[_Wording, ...]:
    made = []
    for told in vocabulary()["promises"].values():
        doing = any_of(told["doing"])

        def pattern(name: str, told: dict[str, list[str]] = told, doing: str = doing) -> re.Pattern[str]:
            return re.compile(any_of([part.replace("(?:{doing})", doing) for part in told[name]]))

        names = ("first", "commits", "ours", "third", "not_it", "wished")
        made.append(_Wording(**{name: pattern(name) for name in names}))
    return tuple(made)
