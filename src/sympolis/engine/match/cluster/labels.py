"""What a group of texts is called, in the language of who reads it, whatever languages its texts are in.

The theme that stands out in it, and the words that do: meanings of the vocabulary, which are said in five languages,
and words of its own texts in the reader's language. A word stands out where many texts of the group have it and few
others do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...texts.encoders import Matrix
from ...texts.lexicon import meanings_in, said
from ...texts.themes import concepts, theme_labels
from ...texts.words import spellings, stem, terms

_PLAIN = 0.55  # how sure a theme is of a text that is plainly about it
_SHARE = 0.35  # of a group's texts, for its theme to name it
_OVERALL = 0.5  # how much of what a theme is to all texts is taken off
_WORDS = 3
_IN_LABEL = 2
_FEWEST = 2  # texts that have a word
_SHORTEST = 4  # letters of a word that says something
_OWN_WEIGHT = 0.8  # of a text's own word beside a meaning: endings and names come with them
_SHARE_WEIGHT = 0.05
_LETTERS = 60

_LIST = {"ar": ("{theme}: {words}", "، "), "fr": ("{theme} : {words}", ", ")}
_PLAIN_LIST = ("{theme}: {words}", ", ")
_APART = {
    "en": "Other subjects",
    "ca": "Altres temes",
    "es": "Otros temas",
    "fr": "Autres sujets",
    "ar": "مواضيع أخرى",
}


@dataclass(frozen=True, slots=True)
class Described:
    """The texts, their languages, and how sure each theme is of each, (n, themes) in the vocabulary's order."""

    texts: Sequence[str]
    languages: Sequence[str]
    themes: Matrix


@dataclass(frozen=True, slots=True)
class Label:
    """How a group is called; the words that speak for it; its theme's code, or nothing."""

    label: str
    words: tuple[str, ...]
    theme: str


def apart_label(language: str) -> str:
    """What is in no group, in a language; in English where we do not speak it."""
    return _APART.get(language, _APART["en"])


def describe(groups: Sequence[Sequence[int]], of: Described, language: str) -> list[Label]:
    """A label for each group, given as numbers of texts; no two are the same."""
    held = [frozenset(_words_of(text, own, language)) for text, own in zip(of.texts, of.languages, strict=True)]
    overall = Counter(word for words in held for word in words)
    taken: set[str] = set()
    labels = []
    for group in groups:
        theme = _theme(group, of.themes)
        words = _telling([held[at] for at in group], overall, len(held), theme, language)
        label = _distinct(theme_labels(language).get(theme, ""), words, of.texts[group[0]], language, taken)
        taken.add(label)
        labels.append(Label(label, tuple(words[:_WORDS]), theme))
    return labels


def _theme(group: Sequence[int], themes: Matrix) -> str:
    """The theme that most texts of a group are plainly about, and fewer of the others; empty where few are."""
    plain = themes >= _PLAIN
    share = plain[list(group)].mean(axis=0)
    best = int(np.argmax(share - _OVERALL * plain.mean(axis=0)))
    return concepts("theme")[best].code if share[best] >= _SHARE else ""


def _words_of(text: str, own: str, language: str) -> Iterator[tuple[str, bool]]:
    """What a text says: as (word to be read, whether it is the vocabulary's), each in the reader's language."""
    meant = dict.fromkeys(said(code, language) for code in meanings_in(text, own))
    yield from ((word, True) for word in meant)
    if own == language:
        known = {part for word in meant for part in terms(word)}
        telling = set(terms(text)) - known
        yield from (
            (written, False)
            for folded, written in spellings(text)
            if len(folded) >= _SHORTEST and not folded.isdigit() and stem(folded) in telling
        )


def _telling(
    group: Sequence[frozenset[tuple[str, bool]]],
    overall: Counter[tuple[str, bool]],
    count: int,
    theme: str,
    language: str,
) -> list[str]:
    """Words that stand out in a group, the most telling first, none that the theme's label says already."""
    within = Counter(word for words in group for word in words)
    said_already = set(terms(theme_labels(language).get(theme, "")))
    scores = {
        (word, ours): _standing_out(times / len(group), overall[word, ours] / count) * (1 if ours else _OWN_WEIGHT)
        for (word, ours), times in within.items()
        if times >= min(_FEWEST, len(group)) and not set(terms(word)) <= said_already
    }
    ranked = sorted(scores, key=lambda one: (-scores[one], one))
    kept: list[str] = []
    seen: set[str] = set()
    for word, _ in ranked:
        if not seen & set(terms(word)):
            kept.append(word)
            seen.update(terms(word))
    return kept


def _standing_out(here: float, everywhere: float) -> float:
    """A word's part in the divergence of a group from all texts (Kullback and Leibler 1951), and a little for its share
    in the group, which alone counts where the group is all there is."""
    return here * math.log(here / everywhere) + _SHARE_WEIGHT * here


def _distinct(theme: str, words: Sequence[str], text: str, language: str, taken: set[str]) -> str:
    """Theme and words, with more words and at last a number where another group is called the same."""
    form, comma = _LIST.get(language, _PLAIN_LIST)
    tried = ""
    for size in range(min(_IN_LABEL, len(words)), len(words) + 1):
        listed = comma.join(words[:size])
        if theme:
            tried = form.format(theme=theme, words=listed) if listed else theme
        else:
            tried = listed[:1].upper() + listed[1:] or _first_line(text)
        if tried not in taken:
            return tried
    number = 2
    while f"{tried} {number}" in taken:
        number += 1
    return f"{tried} {number}"


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= _LETTERS else line[: _LETTERS - 1].rsplit(" ", 1)[0] + "…"
