"""Phrases of several languages found in running text: by stems, in the right language, short words as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .words import bare, telling_words, terms

_SHORT = 4


_ALONE = ""
_NO_LANGUAGE = "none of them"


@dataclass(slots=True)
class Phrase:
    """A phrase that speaks for a code: its stems, the languages it is said in, how a single word is written."""

    code: str
    stems: tuple[str, ...]
    languages: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)

    def is_at(self, place: int, held: Sequence[str], stems: Sequence[str]) -> bool:
        """Whether the phrase begins at a place of a text where its first two stems stand.

        Short words count as they are written only: French *porte* and *porter* are no port.
        """
        if len(self.stems) > 1:
            return len(self.stems) == 2 or tuple(stems[place : place + len(self.stems)]) == self.stems
        return len(self.stems[0]) > _SHORT or self.is_written(held[place])

    def is_written(self, word: str) -> bool:
        """Whether a folded word is one of a single word's own forms, but for article and plural."""
        return word in self.forms or bare(word) in self.forms


type _Starting = dict[str, dict[str, list[Phrase]]]
"""Phrases by their first stem and the one after it, ``_ALONE`` where there is none."""


class PhraseBook:
    """Phrases by their first stems, longest first; a single word counts in texts of its own languages only."""

    def __init__(self, said: Iterable[tuple[str, str, str]]) -> None:
        """``said``: code, language, phrase as it is written."""
        phrases: dict[tuple[tuple[str, ...], str], Phrase] = {}
        for code, language, written in said:
            stems = tuple(terms(written))
            phrase = phrases.setdefault((stems, code), Phrase(code, stems))
            phrase.languages.add(language)
            phrase.forms.update(form for word in telling_words(written) for form in (word, bare(word)))
        ordered = sorted((one for one in phrases.values() if one.stems), key=lambda phrase: -len(phrase.stems))
        languages = {language for phrase in ordered for language in phrase.languages}
        self._of = {language: _starting(ordered, language) for language in (*languages, "", _NO_LANGUAGE)}

    def within(self, held: Sequence[str], stems: Sequence[str], language: str = "") -> Iterator[tuple[int, Phrase]]:
        """The phrases of a text, given as folded words and as their stems, with where they begin, in that order.

        ``language`` is the text's, "" where that is not known.
        """
        starting = self._in(language)
        for place, stem in enumerate(stems):
            if stem in starting:
                for phrase in _at(place, held, stems, starting[stem]):
                    yield place, phrase

    def longest(
        self, held: Sequence[str], stems: Sequence[str], language: str = ""
    ) -> Iterator[tuple[int, list[Phrase]]]:
        """Where phrases begin, the longest alone (said of several codes maybe), none that lies within another."""
        read = 0
        for place in range(len(stems)):
            found = list(self.at(place, held, stems, language))
            if found and place + len(found[0].stems) > read:
                read = place + len(found[0].stems)
                yield place, [phrase for phrase in found if len(phrase.stems) == len(found[0].stems)]

    def at(self, place: int, held: Sequence[str], stems: Sequence[str], language: str = "") -> Iterator[Phrase]:
        """The phrases that begin at a place of a text, given as folded words and as their stems; longest first."""
        return _at(place, held, stems, self._in(language).get(stems[place], {}))

    def _in(self, language: str) -> _Starting:
        return self._of[language if language in self._of else _NO_LANGUAGE]


def _starting(phrases: Iterable[Phrase], language: str) -> _Starting:
    """The phrases that count in a text of a language; "" stands for one that is not known."""
    starting: _Starting = {}
    for phrase in phrases:
        if len(phrase.stems) > 1:
            starting.setdefault(phrase.stems[0], {}).setdefault(phrase.stems[1], []).append(phrase)
        elif not language or language in phrase.languages:
            starting.setdefault(phrase.stems[0], {}).setdefault(_ALONE, []).append(phrase)
    return starting


def _at(
    place: int, held: Sequence[str], stems: Sequence[str], continued: Mapping[str, Sequence[Phrase]]
) -> Iterator[Phrase]:
    after = stems[place + 1] if place + 1 < len(stems) else _ALONE
    for phrase in continued.get(after, ()) if after else ():
        if phrase.is_at(place, held, stems):
            yield phrase
    for phrase in continued.get(_ALONE, ()):
        if phrase.is_at(place, held, stems):
            yield phrase
