"""Which countries, parts of the world and known towns a sentence names, in any of our languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml
from babel import Locale

from ..model import LANGUAGES
from ..resolve.names import latin
from .conditions.vocabulary import country_names
from .consortium.regions import regions

_WORD = re.compile(r"[^\W\d_]+(?:['’·-][^\W\d_]+)*")
_MOST_WORDS = 4
"""No town we know has a longer name."""
_CODE_OF_REGION = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """ISO 3166-1 codes, UN M49 codes of sub-regions, and towns, each in order and once; ``words`` are as the text has
    them."""

    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.countries or self.regions or self.towns)


type Towns = Mapping[str, tuple[str, str]]
"""Key (the name in Latin letters, as ``latin`` writes it) -> how a town is called, and its country."""


def named_places(text: str, towns: Towns | None = None) -> NamedPlaces:
    """What a text names. Of overlapping names the longest counts: "South Sudan" is no Sudan, "North Africa" not all of
    Africa. A town brings its country along. No town of a lower-case word: half of them are words as well."""
    found = _countries_and_parts(text)
    words, countries, called = list(found.words), list(found.countries), []
    for written, (town, country) in _towns_in(found.rest, towns or {}):
        words.append(written)
        called.append(town)
        if country:
            countries.append(country)
    return NamedPlaces(*(tuple(dict.fromkeys(each)) for each in (countries, found.regions, called, words)))


@dataclass(frozen=True, slots=True)
class _Found:
    """What lists of names find in a text, and the ``rest`` of it, as long, where towns may be."""

    countries: tuple[str, ...]
    regions: tuple[str, ...]
    words: tuple[str, ...]
    rest: str


@lru_cache(maxsize=4_096)  # the same fifty texts are read again each time their page is looked at
def _countries_and_parts(text: str) -> _Found:
    rest = text
    words: list[str] = []
    regions_named: list[str] = []
    pattern, codes = _parts_of_the_world()
    for found in pattern.finditer(text):
        words.append(found[1])
        regions_named += codes[found[1].casefold()]
        rest = _masked(rest, found)
    names, country_of = country_names()
    countries: list[str] = []
    for found in names.finditer(rest):
        words.append(found[1])
        countries.append(country_of[found[1]])
        rest = _masked(rest, found)  # as long as before: what is still to be found stays where it was
    return _Found(tuple(countries), tuple(regions_named), tuple(words), rest)


def _masked(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]}{' ' * len(found.group())}{text[found.end() :]}"


def _towns_in(text: str, towns: Towns) -> list[tuple[str, tuple[str, str]]]:
    found, at = [], 0
    for begins, several in _maybe_towns(text):
        if begins < at:
            continue
        for length, written in several:
            town = next((towns[key] for key in _keys(written) if key in towns), None)
            if town:
                found.append((written, town))
                at = begins + length
                break
    return found


@lru_cache(maxsize=4_096)  # as often as the rest of it
def _maybe_towns(text: str) -> tuple[tuple[int, tuple[tuple[int, str], ...]], ...]:
    """Where in a text a town may be named, counted in words; each with how many words it would have, the longest
    first."""
    spans = [match.span() for match in _WORD.finditer(text)]
    found = []
    for at, (start, _end) in enumerate(spans):
        if text[start].islower():
            continue
        longest = min(_MOST_WORDS, len(spans) - at)
        several = [(length, text[start : spans[at + length - 1][1]]) for length in range(longest, 0, -1)]
        found.append((at, tuple(one for one in several if len(one[1]) >= 3)))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _keys(written: str) -> tuple[str, ...]:
    """A name, and in Arabic without what is written in one with it."""
    shorter = [written[1:]] if written[0] in "وبلك" and len(written) > 4 else []
    return tuple(latin(one) for one in (written, *shorter))


@cache
def _parts_of_the_world() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    codes: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        for code in regions():
            codes[Locale(language).territories.get(code, "").casefold()] = (code,)
    listed = yaml.safe_load(files(__package__).joinpath("named_places.yaml").read_text("utf-8"))
    for entry in listed:
        for name in entry["names"].split(","):
            codes[" ".join(name.split()).casefold()] = tuple(_CODE_OF_REGION.findall(entry["regions"]))
    codes.pop("", None)
    for name in [name for name in codes if "'" in name]:
        codes[name.replace("'", "’")] = codes[name]
    longest_first = sorted(codes, key=lambda name: (-len(name), name))
    joined = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\w)(?:و|ب|ل|ك)?({joined})(?!\w)", re.IGNORECASE), codes
