"""An organisation's name taken apart: which one it is, and the words that only say what kind of body it is.

The words are data (``words.yaml``): classes of legal forms after ISO 20275, types of bodies, in the languages that open
data of European and Mediterranean cooperation is written in. Everything is compared in folded Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml
from babel import Locale

from .names import latin

_GLUED_FORM = re.compile(r"(?<=[^\W\d_])(?=(?:AG|SA|SL|BV|NV|AB|AS|OY|SE|SPA|SRL|LTD|GmbH|LLC)\b)")
_CONTRACTED = re.compile(r"(\w)['’](l|s|t)\b", re.IGNORECASE)  # Int'l, People's
_SIGNS = {"&": " and ", "+": " plus ", "’": " ", "'": " "}
_SHORT = 3  # letters; a legal form as short as that stands first or last, or it is another word
_LEAST_ROMAN = 2
_MOST_INITIALS = 9
_COUNTRY_LANGUAGES = ("en", "ca", "es", "fr", "ar", "it", "pt", "de")


@dataclass(frozen=True, slots=True)
class Name:
    """``core`` are the words that say which one; where nothing is left of a name, all of them do.

    ``numbers`` are apart from it, and ``countries`` those it names. ``place`` is what a gazetteer may know, articles
    and all; ``joined`` is all but form and type without spaces: *Good Will* and *Goodwill* are one. ``initials`` are
    what it may be shortened to.
    """

    written: str
    words: tuple[str, ...]
    core: tuple[str, ...]
    joined: str = ""
    initials: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    place: str = ""
    forms: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    kind: str
    group: str


@lru_cache(maxsize=500_000)
def take_apart(written: str) -> Name:
    """The parts of a name."""
    words = tuple(_joined_letters(latin(_spread(written)).split()))
    rest: list[str] = []
    found: dict[str, set[str]] = {"legal_forms": set(), "bodies": set(), "countries": set()}
    at = 0
    while at < len(words):
        phrase = _phrase_at(words, at)
        if phrase is not None:
            found[phrase.kind].add(phrase.group)
        if phrase is None or phrase.kind == "countries":
            rest += words[at : at + (len(phrase.words) if phrase else 1)]
        at += len(phrase.words) if phrase else 1
    told = [_numbers().get(word, word) for word in rest if word not in _empty()]
    numbers = frozenset(word for word in told if any(letter.isdigit() for letter in word))
    core = tuple(word for word in told if word not in numbers)
    return Name(
        written,
        words,
        core or tuple(told) or tuple(word for word in words if word not in _empty()) or words,
        joined="".join(rest),
        place=" ".join(rest),
        initials=frozenset(_initials(words)),
        countries=frozenset(found["countries"]),
        forms=frozenset(found["legal_forms"]),
        bodies=frozenset(found["bodies"]),
        numbers=numbers,
    )


def _initials(words: Sequence[str]) -> Iterator[str]:
    """With and without the small words: *Àrea Metropolitana de Barcelona* is AMB, *Banco de España* BDE."""
    for kept in (words, [word for word in words if word not in _empty()]):
        if 2 <= len(kept) <= _MOST_INITIALS:
            yield "".join(word[0] for word in kept)


def _spread(written: str) -> str:
    """Signs that stand for words, and a legal form that sticks to its name, stand alone."""
    written = _CONTRACTED.sub(r"\1\2", written)
    return _GLUED_FORM.sub(
        " ", written.replace("&", " and ").replace("+", " plus ").replace("’", " ").replace("'", " ")
    )


def _joined_letters(words: Sequence[str]) -> Iterator[str]:
    """``s a r l`` is one word, and so is ``j p`` before Morgan."""
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        if run:
            yield "".join(run)
            run.clear()
        if word:
            yield word


def _phrase_at(words: Sequence[str], at: int) -> _Phrase | None:
    """The longest phrase that begins at a place."""
    for phrase in _book().get(words[at], ()):
        end = at + len(phrase.words)
        if tuple(words[at:end]) != phrase.words:
            continue
        is_short = phrase.kind == "legal_forms" and len("".join(phrase.words)) <= _SHORT
        if is_short and at > 0 and any(word not in _form_words() for word in words[end:]):
            continue
        if is_short and at == 0 and end == len(words):
            continue
        return phrase
    return None


@cache
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text("utf-8")
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(text)
    return loaded


def _listed(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from (part.strip() for part in str(line).split(","))


@cache
def _book() -> dict[str, list[_Phrase]]:
    """First word -> the phrases that begin with it, the longest first."""
    book: dict[str, dict[tuple[str, ...], _Phrase]] = {}
    for kind in ("legal_forms", "bodies"):
        for group, lines in _data()[kind].items():
            for written in _listed(lines):
                words = tuple(_joined_letters(latin(written).split()))
                if words:
                    book.setdefault(words[0], {}).setdefault(words, _Phrase(words, kind, group))
    for code, words in _country_names():
        book.setdefault(words[0], {}).setdefault(words, _Phrase(words, "countries", code))
    return {first: sorted(held.values(), key=lambda one: -len(one.words)) for first, held in book.items()}


def _country_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    """ISO code and name of every country, as the Unicode CLDR has them."""
    for language in _COUNTRY_LANGUAGES:
        for code, written in Locale(language).territories.items():
            words = tuple(_joined_letters(latin(written).split()))
            if len(code) == 2 and code.isalpha() and words:
                yield code, words


@cache
def _form_words() -> frozenset[str]:
    return frozenset(
        word for held in _book().values() for phrase in held if phrase.kind == "legal_forms" for word in phrase.words
    )


@cache
def common_words() -> frozenset[str]:
    """Words that many names have, in folded Latin letters."""
    lines: Sequence[str] = _data()["common"]  # type: ignore[assignment]  # these two are lists
    return frozenset(latin(word) for word in _listed(lines))


@cache
def _empty() -> frozenset[str]:
    lines: Sequence[str] = _data()["empty"]  # type: ignore[assignment]  # these two are lists
    return frozenset(latin(word) for word in _listed(lines))


@cache
def _numbers() -> dict[str, str]:
    return {
        latin(word): str(number)
        for number, words in _data()["numbers"].items()
        for word in str(words).split(",")
        if len(latin(word)) >= _LEAST_ROMAN
    }
