"""Phrases of several languages found in running text: by stems, in the right language, short words as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .words import bare, telling_words, terms

_SHORT = 4


@dataclass(slots=True)
class Phrase:
    """A phrase that speaks for a code: its stems, the languages it is said in, how a single word is written."""

    code: str
    stems: tuple[str, ...]
    languages: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)

    def is_at(self, place: int, held: Sequence[str], stems: Sequence[str], language: str) -> bool:
        """Whether the phrase begins at a place of a text in some language ("" where that is not known).

        A single word counts in the text's own language only, and short ones as they are written: French *porte* and
        *porter* are no port.
        """
        if len(self.stems) > 1:
            return tuple(stems[place : place + len(self.stems)]) == self.stems
        if language and language not in self.languages:
            return False
        return len(self.stems[0]) > _SHORT or self.is_written(held[place])

    def is_written(self, word: str) -> bool:
        """Whether a folded word is one of a single word's own forms, but for article and plural."""
        return word in self.forms or bare(word) in self.forms


class PhraseBook:
    """Phrases by their first stem, longest first."""

    def __init__(self, said: Iterable[tuple[str, str, str]]) -> None:
        """``said``: code, language, phrase as it is written."""
        phrases: dict[tuple[tuple[str, ...], str], Phrase] = {}
        for code, language, written in said:
            stems = tuple(terms(written))
            phrase = phrases.setdefault((stems, code), Phrase(code, stems))
            phrase.languages.add(language)
            phrase.forms.update(form for word in telling_words(written) for form in (word, bare(word)))
        self._starting: dict[str, list[Phrase]] = {}
        for phrase in sorted(phrases.values(), key=lambda phrase: -len(phrase.stems)):
            if phrase.stems:
                self._starting.setdefault(phrase.stems[0], []).append(phrase)

    def within(self, held: Sequence[str], stems: Sequence[str], language: str = "") -> Iterator[tuple[int, Phrase]]:
        """The phrases of a text, given as folded words and as their stems, with where they begin, in that order."""
        for place in range(len(stems)):
            for phrase in self.at(place, held, stems, language):
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
        for phrase in self._starting.get(stems[place], ()):
            if phrase.is_at(place, held, stems, language):
                yield phrase
