"""The phrases that speak for goals and targets, in five languages, and what each is worth.

They come in layers: the goals' own words; those of their targets; the lexicon, by which a word that speaks for a goal
in English does so in every language; the themes' words, for the goal a theme serves first of all; names like "SDG 11".
A phrase that an earlier layer has in a language is not read again in a later one. One that speaks for n goals counts
1/√n for each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..model import LANGUAGES
from . import vocabulary
from .phrases import PhraseBook
from .vocabulary import FAIR, NOTHING, STRONG, WEAK
from .words import terms

GOALS = tuple(range(1, 18))

_WORTH = {STRONG: 1.0, FAIR: 0.6, WEAK: 0.35, NOTHING: 0.0}
_NAMED = 1.5  # it says so outright
_NAMES = {"en": ("SDG", "Goal"), "ca": ("ODS",), "es": ("ODS",), "fr": ("ODD",), "ar": ("الهدف",)}
_TARGET_NAMES = {"en": ("target",), "ca": ("fita",), "es": ("meta",), "fr": ("cible",), "ar": ("الغاية",)}

type Stems = tuple[str, ...]
type Worth = dict[tuple[Stems, str], dict[int, float]]


@dataclass(frozen=True, slots=True)
class _Said:
    goal: int
    language: str
    phrase: str
    worth: float


@cache
def goal_book() -> tuple[PhraseBook, Mapping[tuple[str, Stems], Mapping[str, float]]]:
    """The phrases of all goals (codes "1" to "17"; "0" for none), and their worth by (code, stems) and language."""
    worth: Worth = {}
    kept = [*_layer(worth, _own_words()), *_layer(worth, _words_of_targets())]
    kept += _layer(worth, _lexicon(worth))
    kept += [*_layer(worth, _words_of_themes()), *_layer(worth, _names())]
    shared: dict[tuple[str, Stems], dict[str, float]] = {}
    for (stems, language), by_goal in worth.items():
        among = sum(value >= _WORTH[FAIR] for value in by_goal.values()) or len(by_goal)
        for goal, value in by_goal.items():
            shared.setdefault((str(goal), stems), {})[language] = value / math.sqrt(among)
    return PhraseBook((str(one.goal), one.language, one.phrase) for one in kept), shared


@cache
def target_book() -> PhraseBook:
    """The labels and phrases of all targets, and names like "SDG 6.3"; "11.a" has none, since letters are no words."""
    return PhraseBook(
        (target.code, language, phrase)
        for target in vocabulary.targets()
        for language in LANGUAGES
        for phrase in (target.labels[language], *target.phrases[language], *_names_of(target.code, language))
    )


def strong_phrases(goal: int, language: str) -> list[str]:
    """The phrases a goal is best told by, in the order of the files."""
    return list(_strong().get((goal, language), ()))


@cache
def _strong() -> Mapping[tuple[int, str], Sequence[str]]:
    """All of them in one reading: there are thousands."""
    found: dict[tuple[int, str], list[str]] = {}
    for one in _own_words():
        if one.worth == _WORTH[STRONG]:
            found.setdefault((one.goal, one.language), []).append(one.phrase)
    return found


def _names_of(code: str, language: str) -> Iterator[str]:
    if code[-1].isdigit():
        for name in (*_NAMES[language], *_TARGET_NAMES[language]):
            yield f"{name} {code}"


def _layer(worth: Worth, said: Iterator[_Said]) -> list[_Said]:
    """Take in the phrases that no earlier layer has in their language; those that were taken in."""
    fresh = [(one, (tuple(terms(one.phrase)), one.language)) for one in said]
    fresh = [(one, key) for one, key in fresh if key not in worth and key[0]]
    for one, key in fresh:
        worth.setdefault(key, {})[one.goal] = one.worth
    return [one for one, _ in fresh]


def _own_words() -> Iterator[_Said]:
    """What one list calls strong and the later, more careful one weak is weak."""
    for goal in vocabulary.sdgs():
        for language in LANGUAGES:
            for phrase in (goal.labels[language], *goal.synonyms[language]):
                yield _Said(goal.code, language, phrase, _WORTH[STRONG])
    for one in vocabulary.goal_words():
        yield _Said(one.goal, one.language, one.phrase, _WORTH[one.strength])


def _words_of_targets() -> Iterator[_Said]:
    for target in vocabulary.targets():
        for language in LANGUAGES:
            for phrase in target.phrases[language]:
                yield _Said(target.goal, language, phrase, _WORTH[STRONG])


def _lexicon(worth: Worth) -> Iterator[_Said]:
    for meaning in vocabulary.lexicon():
        in_english = [worth.get((tuple(terms(form)), "en"), {}) for form in meaning.forms["en"]]
        for goal in sorted({goal for by_goal in in_english for goal in by_goal}):
            value = max(by_goal.get(goal, 0.0) for by_goal in in_english)
            for language in LANGUAGES:
                for phrase in meaning.forms.get(language, ()):
                    yield _Said(goal, language, phrase, value)


def _words_of_themes() -> Iterator[_Said]:
    for theme in vocabulary.themes():
        for language in LANGUAGES:
            for phrase in theme.synonyms[language]:
                yield _Said(theme.sdgs[0], language, phrase, _WORTH[FAIR])


def _names() -> Iterator[_Said]:
    for goal in GOALS:
        for language, names in _NAMES.items():
            for name in names:
                yield _Said(goal, language, f"{name} {goal}", _NAMED)
