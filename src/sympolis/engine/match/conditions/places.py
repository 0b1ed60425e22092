"""A list of countries as a call writes it: "Member States, OCTs or associated countries, Norway and Iceland"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .vocabulary import country_codes, country_names, group, group_names, pattern

_JOINING = re.compile(
    r"(?<!\w)(?:and|or|and/or|as well as|either|the|a|an|one|any|of|all|their|its|in|at|to|including|outermost"
    r"|regions?|following"
    r"|additional|eligible|participating|countr(?:y|ies)|states?|linked|them|both|also|other|established|located"
    r"|y|o|u|e|y/o|los?|las?|el|de|del|en|una?|uno|sus|países?|siguientes|incluidas?|regiones|ultraperiféricas"
    r"|i|els?|les?|dels?|als?|a|seus?|seves|països?|país|següents|incloses|ultraperifèriques"
    r"|et|ou|des?|du|dans|aux?|pays|suivants?|leurs?|y compris|régions|ultrapériphériques|l|d"
    r"|أو|و|في|من|إحدى|أحد|دول|الدول|بلدان|البلدان|التالية|إلى)(?!\w)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"(?<!\w)(?:not|non|other than|except(?:ion)?s?|exclud\w+|outside|unless|without|excepto|salvo|fuera"
    r"|distint[oa]s?|excepte|llevat"
    r"|fora|sauf|hors|excepté|à l['’]exception|autres que|ما عدا|باستثناء|خارج|غير)(?!\w)",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"(?<!\w)(?:that|which|who|whose|provided|proposals|in order to|may|must|will|shall|can|are|is|has|have|by|with"
    r"|and for|cannot"
    r"|as an? |as legal|at the time|before|unless stated"
    r"|que|qui|podrán|pueden|podran|poden|peuvent|pourront|deben|التي|الذين|ويجوز)(?!\w)|[.;]",
    re.IGNORECASE,
)
_NAMED_NEXT = re.compile(
    r"(?:the )?following (?:additional )?(?:associated|third|eligible|partner) (?:third )?countries\s*:?"
    r"|(?:l[oe]s )?siguientes países (?:asociados|socios)\s*:?|(?:els )?següents països (?:associats|socis)\s*:?"
    r"|(?:les )?pays (?:associés|partenaires) suivants\s*:?|(?:ال)?دول المنتسبة التالية\s*:?".replace(" ", r"\s+"),
    re.IGNORECASE,
)
"""These are named one by one: it is not the whole group that is meant."""
_ASIDE = re.compile(r"\((?:see|véase|vegeu|voir|انظر)\b[^()]*\)")
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Places:
    """Countries of a list. ``partly`` are in it under conditions; ``open``: who else is in it can't be told."""

    named: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    open: bool = True
    everywhere_else: bool = False
    groups: frozenset[str] = frozenset()


@lru_cache(maxsize=4_096)
def read_places(text: str, programme: str) -> Places:
    """The countries that a list begins with, until the sentence goes on with something else.

    Whatever is not understood in it leaves it open: then nobody can be told to be out.
    """
    listed, ends = _list_in(_NAMED_NEXT.sub(" ", _ASIDE.sub(" ", text)))
    denied = _DENIES.search(_mask(group_names(), listed)) is not None
    groups: list[str] = []
    rest = group_names().sub(lambda found: _take(found, groups), listed)
    names, codes = country_names()
    named: list[str] = []
    rest = names.sub(lambda found: _keep(named, codes[found[1]]), rest)
    coded, rest = country_codes(rest)
    rest = _JOINING.sub(" ", rest)
    told = [group(code, programme) for code in groups]
    if denied or not (told or named or coded):
        return Places()
    return Places(
        named=frozenset({*named, *coded}).union(*(one.countries for one in told)),
        partly=frozenset().union(*(one.partly for one in told)) - {*named, *coded},
        open=not ends or any(one.open for one in told) or _LETTERS.search(rest) is not None,
        everywhere_else=any(one.everywhere_else for one in told),
        groups=frozenset(groups),
    )


def _list_in(text: str) -> tuple[str, bool]:
    """What comes before the sentence goes on, and whether the list ends there: not where a ";" may part its lines."""
    stop = _STOPS.search(_mask(group_names(), text))
    if stop is None:
        return text, True
    return text[: stop.start()], stop.group() != ";"


def _mask(names: re.Pattern[str], text: str) -> str:
    """Names of groups hold words ("non-associated", "Member States of the Union") that end no list."""
    return names.sub(lambda found: "_" * len(found.group()), text)


def _take(found: re.Match[str], groups: list[str]) -> str:
    groups.append((found.lastgroup or "").replace("_", "-"))
    return " "


def _keep(named: list[str], code: str) -> str:
    named.append(code)
    return " "


ESTABLISHED = pattern(
    r"(?:legally )?(?:established|located|based|registered|seated|headquartered) (?:either )?in",
    r"(?:establecid|radicad|domiciliad|ubicad)[ao]s? en",
    r"(?:establert|establerta|establerts|establertes|domicilia(?:t|da|ts|des)|ubica(?:t|da|ts|des)) (?:a|en|al|als)",
    r"(?:établi|situé|implanté)e?s? (?:dans|en|au|aux|à)",
    r"(?:المنشأة|المنشأ|المؤسسة|القائمة|المقيمة|الموجودة|مقرها|مقره|مقر(?:ها|هم)? الرئيسي|منشأة|مؤسسة|قائمة|مقيمة) في",
)
"""Words between a body and its country, in all languages."""
