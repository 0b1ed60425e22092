"""What the words of conditions stand for: ``words.yaml`` and the names of countries, as patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from ...model import LANGUAGES

_OWN_NAMES = {
    "Czech Republic": "CZ", "Turkey": "TR", "Republic of Korea": "KR", "Republic of Moldova": "MD",
    "Bosnia and Herzegovina": "BA", "United States of America": "US", "New-Zealand": "NZ", "Great Britain": "GB",
    "The Netherlands": "NL", "Ivory Coast": "CI", "Palestine": "PS", "Palestina": "PS", "فلسطين": "PS",
    "República Checa": "CZ", "República Txeca": "CZ", "République tchèque": "CZ", "República de Corea": "KR",
    "République de Corée": "KR", "Bosnia-Herzegovina": "BA", "Estados Unidos de América": "US", "Costa de Marfil": "CI",
    "États-Unis d’Amérique": "US", "Türkiye": "TR", "Viet Nam": "VN", "المملكة المغربية": "MA",
}  # fmt: skip
"""How calls write countries where Unicode's lists have another name."""

_PARTICLES = r"(?:و|ب|ل|ك)?"
_CODE_OF = {"EL": "GR", "UK": "GB"}
_CODES = re.compile(r"\b[A-Z]{2}(?:\s*[,;/]\s*[A-Z]{2})+\b")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries by name. ``open``: others than these belong to it as well."""

    code: str
    countries: frozenset[str]
    partly: frozenset[str] = frozenset()
    open: bool = False
    everywhere_else: bool = False


@cache
def words() -> Mapping[str, Any]:
    """``words.yaml``."""
    loaded: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return loaded


def pattern(*parts: str) -> str:
    """Alternatives as one group, a space being any white space."""
    return "(?:" + "|".join(part.replace(" ", r"\s+") for part in parts) + ")"


@cache
def group(code: str, programme: str) -> Group:
    """A group as a programme means it; one that nobody wrote down for it is open."""
    if code == "low-and-middle-income":
        return Group(code, frozenset(words()["low_and_middle_income"].split()))
    told = words()["groups"][code]
    if told.get("everywhere_else"):
        return Group(code, frozenset(), open=True, everywhere_else=True)
    if not told.get("per_programme"):
        return Group(code, frozenset(told["countries"].split()), open=bool(told.get("open")))
    ours = words()["associated"].get(programme)
    if ours is None:
        return Group(code, frozenset(), open=True)
    return Group(code, frozenset(ours["countries"].split()), frozenset(ours["partly"].split()))


@cache
def group_names() -> re.Pattern[str]:
    """The names of all groups, a named group of the pattern for each; the Union last, for it is in others' names."""
    told = words()["groups"]
    ordered = sorted(told, key=lambda code: (code in ("eu", "associated"), code))
    parts = (f"(?P<{code.replace('-', '_')}>{pattern(*told[code]['names'])})" for code in ordered)
    return re.compile(rf"(?<!\w){_PARTICLES}(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@cache
def country_names() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern of the names of countries in all languages, and name -> code. A name of two countries is left out."""
    named: dict[str, set[str]] = defaultdict(set)
    for name, code in _names():
        for written in {name, name.replace("’", "'"), name.replace(" & ", " and ")}:
            named[written].add(code)
    codes = {name: next(iter(found)) for name, found in named.items() if len(found) == 1}
    longest_first = sorted(codes, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w){_PARTICLES}({'|'.join(map(re.escape, longest_first))})(?!\w)"), codes


def _names() -> Iterable[tuple[str, str]]:
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in ("EU", "EZ", "UN", "ZZ", "QO"):
                yield name, code
    yield from _OWN_NAMES.items()


def iso_code(code: str) -> str:
    """A country's code of ISO 3166-1: the Union writes Greece EL and the United Kingdom UK."""
    return _CODE_OF.get(code, code)


def country_codes(text: str) -> tuple[list[str], str]:
    """Codes of countries out of a list of at least two (``ES, EL, UK``), and the text with spaces in their place."""
    found: list[str] = []

    def take(listed: re.Match[str]) -> str:
        codes = re.findall(r"[A-Z]{2}", listed.group())
        known = [iso_code(code) for code in codes]
        if not set(known) <= Locale("en").territories.keys() - {"EU", "EZ", "UN", "ZZ", "QO"}:
            return listed.group()
        found.extend(known)
        return " " * len(listed.group())

    return found, _CODES.sub(take, text)
