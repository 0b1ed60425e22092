"""What a text was found to be about, with the words of it that said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .words import telling_places

MOST_WORDS = 8
_LONGEST = 80
_AROUND = "«»“”„\"'’‘()[]{}<>.,;:!?¿¡…،؛؟*_/\\-–—"


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept considered for a text: how sure in [0, 1], whether it is taken, and the words that spoke for it.

    ``words`` are as the text has them, the weightiest first, none twice; empty where only the text as a whole is near.
    """

    code: str
    score: float
    accepted: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase that speaks for a code: its stems, its first telling word, the one behind its last, its worth."""

    stems: tuple[str, ...]
    first: int
    behind: int
    worth: float = 1.0


def as_written(text: str, heard: Iterable[Heard], places: list[tuple[int, int]] | None = None) -> tuple[str, ...]:
    """At most eight phrases as the text has them: what weighs most and comes most often first, then in order.

    ``places`` are ``telling_places(text)`` where they are known.
    """
    found = sorted(heard, key=lambda one: one.first)
    if not found:
        return ()
    times = Counter(one.stems for one in found)
    best = sorted({one.stems: one for one in reversed(found)}.values(), key=lambda one: one.first)
    best.sort(key=lambda one: -one.worth * times[one.stems])
    where = telling_places(text) if places is None else places
    written = (text[where[one.first][0] : where[one.behind - 1][1]].strip(_AROUND) for one in best[:MOST_WORDS])
    return tuple(dict.fromkeys(" ".join(words.split())[:_LONGEST] for words in written))
