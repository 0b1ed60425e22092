"""The sentences of what a call says of itself, each a piece of the stored text, letter by letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ...model import Call

READ_LETTERS = 60_000
_LONGEST = 700
_FOOTNOTE = re.compile(r"\[\[(?:(?!\[\[).){0,3000}?\]\]", re.DOTALL)
_PERHAPS = re.compile(r"\n|[.!?؟;]|(?<=[a-z])(?=[A-Z])")
_SHORTENED = ("e.g.", "i.e.", "Art.", "art.", "No.", "nº.", "p.ej.", "p.ex.")
# The portal leaves out the line breaks behind its headings, before "described in" and before a section's number.
_HEADINGS = ("onditions", "ountries", "layout", "thresholds", "processes", "agreement", "grants", "exclusion")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: ``text`` as it is stored, ``read`` the same with spaces for footnotes, so that places agree."""

    text: str
    read: str
    language: str

    def around(self, start: int, end: int) -> str:
        """The sentence, or the part of a very long one that holds what was found, cut between words."""
        if len(self.text) <= _LONGEST:
            return self.text.strip()
        spare = max(_LONGEST - (end - start), 0) // 2
        begin, stop = max(start - spare, 0), min(end + spare, len(self.text))
        while 0 < begin < start and not self.text[begin - 1].isspace():
            begin += 1
        while end < stop < len(self.text) and not self.text[stop].isspace():
            stop -= 1
        return self.text[begin:stop].strip()


def statements_in[T](call: Call, told: Callable[[Passage], T | None]) -> tuple[T, ...]:
    """What the sentences of a call say, by what one sentence tells; read once for each text."""
    return told_in(call, lambda text, language: _read(text, language, told))


@lru_cache(maxsize=8_192)
def _read[T](text: str, language: str, told: Callable[[Passage], T | None]) -> tuple[T, ...]:
    said = (told(passage) for passage in sentences(text, language))
    return tuple(one for one in said if one is not None)


def told_in[T](call: Call, read: Callable[[str, str], tuple[T, ...]]) -> tuple[T, ...]:
    """What is read in a call's texts, each with its language: of its summary only where the conditions say nothing."""
    return _all(call.conditions, read) or _all(call.summary, read)


def _all[T](texts: Mapping[str, str], read: Callable[[str, str], tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(one for language, text in sorted(texts.items()) for one in read(text[:READ_LETTERS], language))


@lru_cache(maxsize=2_048)
def sentences(text: str, language: str) -> tuple[Passage, ...]:
    """A text in sentences; white space between two of them belongs to neither."""
    read = _FOOTNOTE.sub(lambda found: " " * len(found.group()), text)
    ends = [found.end() for found in _PERHAPS.finditer(read) if _is_end(read, found)]
    found = []
    for begin, stop in pairwise([0, *ends, len(text)]):
        if read[begin:stop].strip():
            found.append(Passage(text[begin:stop], read[begin:stop], language))
    return tuple(found)


def _is_end(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends at a mark, at a line's end, or where a heading and what follows were stuck together."""
    mark, at = found.group(), found.end()
    if mark == "\n":
        return True
    if not mark:
        return text.endswith(_HEADINGS, 0, at)
    follows = text[at : at + 13]
    if text.endswith(_SHORTENED, 0, at):
        return False
    if follows[:1].isspace():
        begins = follows.lstrip()[:1]
        return mark != ";" and bool(begins) and not begins.islower()
    before = text[at - 2 : at - 1]
    is_stuck = before.islower() or before.isspace() or before in (")", "]")  # a space: a footnote stands there
    return follows == "described in " or (is_stuck and (follows[:1].isupper() or follows[:1].isdigit()))
