"""How alike two names are, word by word.

Words are paired with the word most like them, spelling errors allowed (optimal string alignment, after Damerau 1964);
what is left over on one side says little, on both sides much: *Bank of China* is not *Bank of Chad*. Words count by
their weight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler

from ..texts.words import is_arabic
from .parts import Name, take_apart
from .weights import Weights

_LEAST_ALIKE = 0.72
_SHORTEST_MISTYPED = 4
_MISTYPED, _MISTYPED_TOWNS = (6, 10), (12, 18)  # letters from which on two errors are taken for one word, and three
_EXTRA = 0.35  # how much a word that only one side has counts
_JOINED = 0.97
_SOUNDED = 0.93
_LEAST_CONSONANTS = 3
_VOWEL = re.compile("[aeiou]")
_SHORTEST_BARE = 7
_ARTICLES = frozenset({"al", "el"})
_ARABIC_ARTICLE = re.compile(r"\bال")
_LEAST_INITIALS = 2


@dataclass(frozen=True, slots=True)
class Alike:
    """``score`` in [0, 1]; the words that had no partner on either side."""

    score: float
    left_over: tuple[str, ...] = ()
    right_over: tuple[str, ...] = ()


def alike(left: Name, right: Name, weights: Weights, of_places: bool = False) -> Alike:
    """How alike two names are.

    In names of places (``of_places``) a further word is another place (*La Palma de Cervelló* is not *Palma*), and
    vowels that one script doesn't write don't matter.
    """
    if left.words == right.words or (left.core == right.core):
        return Alike(1.0)
    if left.joined == right.joined or _is_short_for(left, right) or _is_short_for(right, left):
        return Alike(_JOINED)
    pairs = _paired(left.core, right.core, of_places)
    left_over = tuple(word for at, word in enumerate(left.core) if at not in pairs)
    taken = {other for other, _ in pairs.values()}
    right_over = tuple(word for at, word in enumerate(right.core) if at not in taken)
    together = _together(left.core, right.core, pairs, weights)
    if of_places and _same_sound(left, right):
        return Alike(_SOUNDED)
    # All that is left says which: *Universitat Autònoma* is another, and so is *Stadtwerke Netzservice GmbH*.
    is_typed = bool((left.bodies and right.bodies) or left.forms & right.forms)
    extra = _extra(left_over, right_over, weights, 1.0 if of_places or is_typed else _EXTRA)
    score = together / (together + _apart(left.core, right.core, pairs, weights) + extra) if together else 0.0
    is_other = of_places and left_over and right_over
    return Alike(score if is_other else max(score, _whole(left, right)), left_over, right_over)


def _is_short_for(short: Name, long: Name) -> bool:
    """Whether a name is the initials of another: AMB for *Àrea Metropolitana de Barcelona*."""
    return len(short.words) == 1 and len(short.words[0]) > _LEAST_INITIALS and short.words[0] in long.initials


def _paired(left: Sequence[str], right: Sequence[str], of_places: bool) -> dict[int, tuple[int, float]]:
    """Place on the left -> its place on the right and how alike the two words are; the most alike first."""
    scored = [
        (near, -abs(at - to), at, to)
        for at, word in enumerate(left)
        for to, other in enumerate(right)
        if (near := likeness(word, other, of_places)) >= _LEAST_ALIKE
    ]
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for near, _, at, to in sorted(scored, reverse=True):
        if at not in pairs and to not in taken:
            pairs[at] = (to, near)
            taken.add(to)
    return pairs


def likeness(word: str, other: str, of_places: bool = False) -> float:
    """How alike two words are, in [0, 1]; short words and numbers are the same or are not. Two letters that differ are
    another town (*Strömstad* is not *Strömsund*), and in other words an error."""
    if word == other:
        return 1.0
    shorter = min(len(word), len(other))
    if shorter < _SHORTEST_MISTYPED or word.isdigit() or other.isdigit():
        return 0.0
    if word.startswith(other) or other.startswith(word) or _is_abbreviated(word, other):
        return 0.8 + 0.15 * shorter / max(len(word), len(other))
    errors = OSA.distance(word, other)
    short, long = _MISTYPED_TOWNS if of_places else _MISTYPED
    allowed = 1 if shorter < short else 2 if shorter < long else 3
    if not _VOWEL.search(word) or not _VOWEL.search(other):
        allowed = shorter // _SHORTEST_BARE  # a script that writes no vowels leaves no letter to spare
    return 1.0 - errors / shorter if errors <= allowed else 0.0


def _is_abbreviated(word: str, other: str) -> bool:
    """Whether one is the beginning and end of the other: *Intl* for *International*."""
    short, long = sorted((word, other), key=len)
    return len(long) >= 2 * len(short) and long.startswith(short[:3]) and long.endswith(short[-1])


def _together(
    left: Sequence[str], right: Sequence[str], pairs: Mapping[int, tuple[int, float]], weights: Weights
) -> float:
    return sum(near * (weights.of(left[at]) + weights.of(right[to])) / 2 for at, (to, near) in pairs.items())


def _apart(
    left: Sequence[str], right: Sequence[str], pairs: Mapping[int, tuple[int, float]], weights: Weights
) -> float:
    return sum((1 - near) * (weights.of(left[at]) + weights.of(right[to])) / 2 for at, (to, near) in pairs.items())


def _extra(left: Sequence[str], right: Sequence[str], weights: Weights, one_sided: float) -> float:
    """Words without a partner: cheap on one side, dear on both."""
    on_left, on_right = sum(map(weights.of, left)), sum(map(weights.of, right))
    return min(on_left, on_right) * 2 + one_sided * abs(on_left - on_right)


def _same_sound(left: Name, right: Name) -> bool:
    """Whether names of which one is in a script without short vowels sound alike: *Martil* and *مرتيل*."""
    if is_arabic(left.written) == is_arabic(right.written):
        return False
    heard = consonants(left)
    return len(heard) >= _LEAST_CONSONANTS and heard == consonants(right)


def consonants(name: Name) -> str:
    """What of a name both scripts write: no vowels, no article, one letter for one sound."""
    if is_arabic(name.written):
        words = take_apart(_ARABIC_ARTICLE.sub("", name.written)).core
    else:
        words = tuple(word for word in name.core if word not in _ARTICLES)
    bare = re.sub(r"[aeiouwy]", "", "".join(words).replace("ch", "sh"))
    return re.sub(r"(.)\1+", r"\1", bare.replace("q", "k").replace("c", "k"))


def _whole(left: Name, right: Name) -> float:
    """Names of one word written in two, or with letters mixed up."""
    if left.numbers != right.numbers or min(len(left.joined), len(right.joined)) < 6:
        return 0.0
    near = 1.0 - OSA.normalized_distance(left.joined, right.joined)
    return near * 0.97 if near >= 0.9 and JaroWinkler.similarity(left.joined, right.joined) >= 0.9 else 0.0
