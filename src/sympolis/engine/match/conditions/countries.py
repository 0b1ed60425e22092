"""From which countries one may apply."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ...model import Answer, Applicant, Call, Question, Verdict
from .answers import by_field, by_rule, by_words, not_told
from .passages import READ_LETTERS, Passage, sentences, told_in
from .places import ESTABLISHED, Places, read_places
from .rules import programme_rule
from .vocabulary import group, iso_code
from .wording import AT_LEAST, BODIES_MEANT, LIMITS, NOT_OF_APPLICANTS, phrases

_IN = re.compile(
    rf"(?<!\w)(?:{ESTABLISHED}|eligible\s+countries\s*(?:are\s*)?:|(?:países|països)\s+(?:elegibles|participants?"
    rf"|participantes)\s*:"
    r"|pays\s+(?:éligibles|participants)\s*:|(?:ال)?(?:دول|بلدان)\s+المؤهلة\s*:)(?!\w)",
    re.IGNORECASE,
)
_HINTS = (
    *("established", "located", "based", "registered", "seated", "headquartered", "eligible", "establec", "radicad"),
    *("domicili", "ubica", "establert", "établi", "situé", "implanté", "países", "països", "pays", "المنشأ", "مؤسس"),
    *("قائم", "مقيم", "الموجود", "مقر", "منشأ", "المؤهلة"),
)
"""Pieces of words without which a sentence says nothing of countries: looking for them is quick."""
_LISTED_AFTER_COLON = re.compile(r":$")
_EXCEPTIONALLY = phrases(
    r"exceptionally eligible", r"eligible to receive", r"are also eligible", r"excepcionalmente", r"excepcionalment",
    r"exceptionnellement", r"استثنائيا", r"استثناءً",
)  # fmt: skip
_IF = re.compile(r"^\W*(?:other eligib\w+ conditions\W*)?(?:if|where|si|en caso de|إذا)\b", re.IGNORECASE)
_OF_SOME = phrases(r"for (?:proposals|applications|topics) (?:under|in|identified|submitted|which|that)")
"""It holds for some topics or proposals, and whether for this one isn't understood."""
_MAY_JOIN = re.compile(r"may\s+become\s+associated|may\s+be\s+eligible\s+to\s+participate", re.IGNORECASE)
_PLACE_MEANT = phrases(
    r"countr(?:y|ies)", r"regions?", r"states?", r"territor(?:y|ies)", r"países?", r"regiones", r"estados?", r"països",
    r"regions", r"estats?", r"pays", r"régions", r"[ée]tats?", r"(?:ال)?دول", r"(?:ال)?دولة", r"(?:ال)?بلدان",
)  # fmt: skip
_MEASURES = frozenset({"RU", "BY"})
"""Restrictive measures of the Union: an opening to the whole world doesn't mean them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of countries: a limit, or an opening to some beyond the rule."""

    places: Places
    passage: str
    language: str
    opens: bool = False


def country_answer(call: Call, applicants: Sequence[Applicant]) -> Answer:
    """Yes where every applicant's country is in, no where one of them is surely out."""
    countries = sorted({iso_code(one.country) for one in applicants if one.country})
    if call.eligible_countries:
        return _by_field(call, countries, all(one.country for one in applicants))
    said = statements(call)
    limits = [one for one in said if not one.opens]
    if not countries:
        if not limits:
            return not_told(Question.COUNTRY, "applicant-not-known", call)
        return by_words(
            Question.COUNTRY, Verdict.CANT_TELL, "applicant-not-known", {}, limits[0].passage, limits[0].language
        )
    all_known = all(one.country for one in applicants)
    rest = [one for one in countries if not any(_is_open_to(said_, one, call.programme) for said_ in said)]
    if limits or not rest:
        return _by_words(call, countries, said, all_known)
    return _by_rule(call, rest, all_known)


def _by_field(call: Call, countries: Sequence[str], all_known: bool) -> Answer:
    if out := [country for country in countries if country not in call.eligible_countries]:
        return by_field(Question.COUNTRY, Verdict.NO, "countries-out", {"countries": out}, "eligible_countries")
    if not countries or not all_known:
        return by_field(Question.COUNTRY, Verdict.CANT_TELL, "applicant-not-known", {}, "eligible_countries")
    return by_field(Question.COUNTRY, Verdict.YES, "countries-in", {"countries": countries}, "eligible_countries")


def _by_words(call: Call, countries: Sequence[str], said: Sequence[Statement], all_known: bool) -> Answer:
    told: dict[Verdict, list[tuple[str, Statement]]] = {}
    for country in countries:
        verdict, statement = _verdict(call, country, said)
        told.setdefault(verdict, []).append((country, statement))
    if Verdict.YES in told and not all_known:
        told.setdefault(Verdict.CANT_TELL, told[Verdict.YES])
    for verdict, detail in _WORST_FIRST:
        if found := told.get(verdict):
            values = {"countries": [country for country, _ in found]}
            return by_words(Question.COUNTRY, verdict, detail, values, found[0][1].passage, found[0][1].language)
    raise AssertionError("every country has a verdict")


_WORST_FIRST = (
    (Verdict.NO, "countries-out"),
    (Verdict.CANT_TELL, "countries-unclear"),
    (Verdict.YES, "countries-in"),
)


def _verdict(call: Call, country: str, said: Sequence[Statement]) -> tuple[Verdict, Statement]:
    for one in said:
        if _is_open_to(one, country, call.programme):
            return Verdict.YES, one
    limits = [one for one in said if not one.opens]
    if not limits:
        return Verdict.CANT_TELL, said[0]
    for one in limits:
        if not one.places.open and country not in one.places.named | one.places.partly:
            return (Verdict.CANT_TELL if _may_join(call, country) else Verdict.NO), one
    unclear = next((one for one in limits if country not in one.places.named), None)
    return (Verdict.CANT_TELL, unclear) if unclear else (Verdict.YES, limits[0])


def _is_open_to(statement: Statement, country: str, programme: str) -> bool:
    if not statement.opens:
        return False
    if country in statement.places.named:
        return True
    inside = group("eu", programme).countries | group("associated", programme).countries | _MEASURES
    return statement.places.everywhere_else and country not in inside


def _may_join(call: Call, country: str) -> bool:
    """Whether the call leaves a door open to countries that join later, and this one isn't in yet."""
    if country in group("associated", call.programme).countries:
        return False
    return any(_MAY_JOIN.search(text[:READ_LETTERS]) for text in call.conditions.values())


def _by_rule(call: Call, countries: Sequence[str], all_known: bool) -> Answer:
    rule = programme_rule(call)
    if rule is None:
        return not_told(Question.COUNTRY, "countries-not-told", call)
    inside = frozenset[str]().union(*(group(code, call.programme).countries for code in rule.content["groups"]))
    if out := [country for country in countries if country not in inside]:
        values = {"countries": out}
        return by_rule(Question.COUNTRY, Verdict.CANT_TELL, "countries-unclear", values, rule.where, rule.told)
    if not all_known:
        return by_rule(Question.COUNTRY, Verdict.CANT_TELL, "applicant-not-known", {}, rule.where, rule.told)
    values = {"countries": list(countries)}
    return by_rule(Question.COUNTRY, Verdict.YES, "countries-in-by-rule", values, rule.where, rule.told)


def statements(call: Call) -> tuple[Statement, ...]:
    """What the sentences of a call say of countries; of its summary only where the conditions say nothing."""
    return told_in(call, _of(call.programme))


@cache
def _of(programme: str) -> Callable[[str, str], tuple[Statement, ...]]:
    @lru_cache(maxsize=2_048)
    def read(text: str, language: str) -> tuple[Statement, ...]:
        said = (_statement(passage, programme) for passage in sentences(text, language))
        return tuple(one for one in said if one is not None)

    return read


def _statement(passage: Passage, programme: str) -> Statement | None:
    folded = passage.read.casefold()
    place = _IN.search(passage.read) if any(hint in folded for hint in _HINTS) else None
    if place is None:
        return None
    before, after = passage.read[: place.start()], passage.read[place.end() :]
    is_list = _LISTED_AFTER_COLON.search(place.group()) is not None
    if not is_list and (NOT_OF_APPLICANTS.search(before) or AT_LEAST.search(before) or not BODIES_MEANT.search(before)):
        return None
    opens = _EXCEPTIONALLY.search(passage.read) is not None
    if _IF.search(passage.read) or not (opens or is_list or LIMITS.search(before)):
        return None
    places = read_places(after, programme)
    if _OF_SOME.search(before):
        places = replace(places, open=True)
    is_of_places = places.named or places.everywhere_else
    if not is_of_places and (opens or is_list or not _PLACE_MEANT.search(after)):
        return None
    return Statement(places, passage.around(place.start(), place.end()), passage.language, opens)
